// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.hyperion.autoscale.told.Told;
import java.time.Duration;
import java.time.Instant;
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
    private static final int USUAL_LENGTH = 1_500; // of a threshold policy that changes nothing it is 1,250

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
        Told.append(name(name).text.append('"'), value).append('"');
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
}
