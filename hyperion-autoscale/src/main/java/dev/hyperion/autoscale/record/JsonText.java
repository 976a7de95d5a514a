// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Writes JSON on one line, in the order in which it is told, so that the same object always gives the same bytes. {@link Json}
 * reads it. Doubles are written as strings: JSON has no NaN, and a number must come back as the very same bits.
 *
 * <p>A record is written at every tick of every application, so the values go straight into one text. Thread-safety: confined
 * to one thread.
 */
final class JsonText {
    private static final int USUAL_LENGTH = 3_000;

    /** Years that are written with four digits and no sign. */
    private static final long YEAR_0 = -62_167_219_200L;

    private static final long YEAR_10000 = 253_402_300_800L;

    private final StringBuilder text = new StringBuilder(USUAL_LENGTH);

    /** One object, and all of the text. */
    static <T> String of(T value, BiConsumer<JsonText, T> fields) {
        JsonText json = new JsonText();
        json.object(value, fields);
        return json.text.toString();
    }

    private <T> void object(T value, BiConsumer<JsonText, T> fields) {
        text.append('{');
        fields.accept(this, value);
        text.append('}');
    }

    private JsonText name(String name) {
        next();
        text.append('"').append(name).append("\":");
        return this;
    }

    /** What begins an object or a list has nothing before it. */
    private void next() {
        char last = text.charAt(text.length() - 1);
        if (last != '{' && last != '[') {
            text.append(',');
        }
    }

    private void quote(String value) {
        text.append('"');
        if (isPlain(value)) {
            text.append(value);
        } else {
            JsonStringEncoder.getInstance().quoteAsString(value, text);
        }
        text.append('"');
    }

    private static boolean isPlain(String value) {
        for (int i = 0; i < value.length(); i++) {
            char each = value.charAt(i);
            if (each < ' ' || each == '"' || each == '\\') {
                return false;
            }
        }
        return true;
    }

    JsonText put(String name, String value) {
        name(name).quote(value);
        return this;
    }

    JsonText put(String name, long value) {
        name(name).text.append(value);
        return this;
    }

    JsonText put(String name, double value) {
        name(name).text.append('"').append(value).append('"');
        return this;
    }

    JsonText put(String name, boolean value) {
        name(name).text.append(value);
        return this;
    }

    JsonText put(String name, Instant value) {
        name(name).text.append('"');
        append(value);
        text.append('"');
        return this;
    }

    JsonText put(String name, Duration value) {
        name(name).text.append('"').append(value).append('"');
        return this;
    }

    <T> JsonText put(String name, T value, BiConsumer<JsonText, T> fields) {
        name(name).object(value, fields);
        return this;
    }

    <T> JsonText putIfPresent(String name, Optional<T> value, BiConsumer<JsonText, T> fields) {
        return value.isPresent() ? put(name, value.get(), fields) : this;
    }

    JsonText putInstant(String name, Optional<Instant> value) {
        return value.isPresent() ? put(name, value.get()) : this;
    }

    <T> JsonText putText(String name, Optional<T> value, Function<T, String> word) {
        return value.isPresent() ? put(name, word.apply(value.get())) : this;
    }

    <T> JsonText putAll(String name, List<T> values, BiConsumer<JsonText, T> fields) {
        name(name).text.append('[');
        for (T value : values) {
            next();
            object(value, fields);
        }
        text.append(']');
        return this;
    }

    <T> JsonText putTexts(String name, List<T> values, Function<T, String> word) {
        name(name).text.append('[');
        for (T value : values) {
            next();
            quote(word.apply(value));
        }
        text.append(']');
        return this;
    }

    /** As {@link Instant#toString}, whose way through a formatter costs as much as a tenth of a record. */
    private void append(Instant value) {
        if (value.getEpochSecond() < YEAR_0 || value.getEpochSecond() >= YEAR_10000) {
            text.append(value);
            return;
        }
        LocalDateTime at = LocalDateTime.ofEpochSecond(value.getEpochSecond(), value.getNano(), ZoneOffset.UTC);
        digits(at.getYear(), 4).append('-');
        digits(at.getMonthValue(), 2).append('-');
        digits(at.getDayOfMonth(), 2).append('T');
        digits(at.getHour(), 2).append(':');
        digits(at.getMinute(), 2).append(':');
        digits(at.getSecond(), 2);
        int nano = at.getNano();
        if (nano != 0) {
            text.append('.');
            if (nano % 1_000_000 == 0) {
                digits(nano / 1_000_000, 3);
            } else if (nano % 1_000 == 0) {
                digits(nano / 1_000, 6);
            } else {
                digits(nano, 9);
            }
        }
        text.append('Z');
    }

    private StringBuilder digits(int number, int count) {
        int power = 10;
        for (int i = 1; i < count; i++) {
            if (number < power) {
                text.append('0');
            }
            power *= 10;
        }
        return text.append(number);
    }
}
