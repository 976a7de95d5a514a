// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.hyperion.autoscale.told.Told;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
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
 * <p>A record is written at every tick of every application, so the values go to the generator directly, and not by way of a
 * tree. Thread-safety: confined to one thread.
 */
final class JsonText {
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int USUAL_LENGTH = 1_500; // of a threshold policy that changes nothing it is 1,250

    private final JsonGenerator out;
    private final StringBuilder time = new StringBuilder(30);

    private JsonText(JsonGenerator out) {
        this.out = out;
    }

    /** One object, and all of the text. */
    static <T> String of(T value, BiConsumer<JsonText, T> fields) {
        StringWriter text = new StringWriter(USUAL_LENGTH);
        try (JsonGenerator out = FACTORY.createGenerator(text)) {
            new JsonText(out).object(value, fields);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    private <T> void object(T value, BiConsumer<JsonText, T> fields) {
        write(out::writeStartObject);
        fields.accept(this, value);
        write(out::writeEndObject);
    }

    private interface Writing {
        void write() throws IOException;
    }

    private JsonText write(Writing writing) {
        try {
            writing.write();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    JsonText put(String name, String value) {
        return write(() -> out.writeStringField(name, value));
    }

    JsonText put(String name, long value) {
        return write(() -> out.writeNumberField(name, value));
    }

    JsonText put(String name, double value) {
        return put(name, Double.toString(value));
    }

    JsonText put(String name, boolean value) {
        return write(() -> out.writeBooleanField(name, value));
    }

    JsonText put(String name, Instant value) {
        time.setLength(0);
        return put(name, Told.append(time, value).toString());
    }

    JsonText put(String name, Duration value) {
        return put(name, value.toString());
    }

    <T> JsonText put(String name, T value, BiConsumer<JsonText, T> fields) {
        write(() -> out.writeFieldName(name)).object(value, fields);
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
        write(() -> out.writeArrayFieldStart(name));
        for (T value : values) {
            object(value, fields);
        }
        return write(out::writeEndArray);
    }

    <T> JsonText putTexts(String name, List<T> values, Function<T, String> word) {
        write(() -> out.writeArrayFieldStart(name));
        for (T value : values) {
            String text = word.apply(value);
            write(() -> out.writeString(text));
        }
        return write(out::writeEndArray);
    }
}
