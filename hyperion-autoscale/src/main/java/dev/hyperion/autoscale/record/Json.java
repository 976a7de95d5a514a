// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
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

/** JSON objects as they are read; {@link JsonText} writes them. */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final Map<String, Object> fields;

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
            throw new IllegalArgumentException("a decision record has no '" + name + "': " + fields);
        }
        return value;
    }
}
