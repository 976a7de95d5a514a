// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * JSON objects as maps that keep their order, so that the same object always gives the same bytes. Doubles are written as
 * strings: JSON has no NaN, and a number must come back as the very same bits.
 */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final Map<String, Object> fields;

    Json() {
        this(new LinkedHashMap<>());
    }

    private Json(Map<String, Object> fields) {
        this.fields = fields;
    }

    static Json parse(String text) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("a decision record begins with '{', this one with '"
                        + text.substring(0, Math.min(20, text.length())) + "'");
            }
            return new Json(object(parser));
        } catch (IOException e) {
            throw new IllegalArgumentException("a decision record is not JSON: " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            fields.put(name, value(parser));
        }
        return fields;
    }

    private static Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            return object(parser);
        }
        if (token == JsonToken.START_ARRAY) {
            List<Object> items = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                items.add(value(parser));
            }
            return items;
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return parser.getLongValue();
        }
        return token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE
                ? (Object) parser.getBooleanValue()
                : parser.getText();
    }

    @Override
    public String toString() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            write(json, fields);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Map<?, ?> object) {
            json.writeStartObject();
            for (Map.Entry<?, ?> field : object.entrySet()) {
                json.writeFieldName((String) field.getKey());
                write(json, field.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> items) {
            json.writeStartArray();
            for (Object item : items) {
                write(json, item);
            }
            json.writeEndArray();
        } else if (value instanceof Long number) {
            json.writeNumber(number);
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else {
            json.writeString((String) value);
        }
    }

    Json put(String name, String value) {
        fields.put(name, value);
        return this;
    }

    Json put(String name, long value) {
        fields.put(name, value);
        return this;
    }

    Json put(String name, double value) {
        return put(name, Double.toString(value));
    }

    Json put(String name, boolean value) {
        fields.put(name, value);
        return this;
    }

    Json put(String name, Instant value) {
        return put(name, value.toString());
    }

    Json put(String name, Duration value) {
        return put(name, value.toString());
    }

    Json put(String name, Json value) {
        fields.put(name, value.fields);
        return this;
    }

    <T> Json put(String name, Optional<T> value, Function<T, String> text) {
        value.ifPresent(present -> put(name, text.apply(present)));
        return this;
    }

    <T> Json putAll(String name, List<T> values, Function<T, Json> object) {
        fields.put(name, values.stream().map(each -> object.apply(each).fields).toList());
        return this;
    }

    Json putTexts(String name, List<String> values) {
        fields.put(name, List.copyOf(values));
        return this;
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    String text(String name) {
        return (String) present(name);
    }

    long number(String name) {
        return (Long) present(name);
    }

    int count(String name) {
        return Math.toIntExact(number(name));
    }

    double real(String name) {
        return Double.parseDouble(text(name));
    }

    boolean flag(String name) {
        return (Boolean) present(name);
    }

    Instant instant(String name) {
        return Instant.parse(text(name));
    }

    Duration duration(String name) {
        return Duration.parse(text(name));
    }

    <T> Optional<T> find(String name, Function<String, T> read) {
        return has(name) ? Optional.of(read.apply(text(name))) : Optional.empty();
    }

    @SuppressWarnings("unchecked") // whatever is an object here was read or put as one
    Json object(String name) {
        return new Json((Map<String, Object>) present(name));
    }

    @SuppressWarnings("unchecked") // as above
    <T> List<T> objects(String name, Function<Json, T> read) {
        return ((List<Object>) present(name))
                .stream()
                        .map(each -> read.apply(new Json((Map<String, Object>) each)))
                        .toList();
    }

    List<String> texts(String name) {
        return ((List<?>) present(name)).stream().map(String.class::cast).toList();
    }

    /** An enum's constant as JSON has it. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    <E extends Enum<E>> E constant(String name, Class<E> type) {
        return Enum.valueOf(type, text(name).toUpperCase(Locale.ROOT));
    }

    private Object present(String name) {
        @Nullable Object value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a decision record has no '" + name + "': " + this);
        }
        return value;
    }
}
