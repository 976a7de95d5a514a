// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.router;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value of the router's, read with words for what is missing.
 *
 * <p>Thread-safety: immutable.
 */
final class JsonTree {
    static final JsonFactory FACTORY = new JsonFactory();

    private final String path;
    private final @Nullable Object value;

    private JsonTree(String path, @Nullable Object value) {
        this.path = path;
        this.value = value;
    }

    static JsonTree parse(String text) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            parser.nextToken();
            return new JsonTree("", read(parser));
        }
    }

    private static @Nullable Object read(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                map.put(name, read(parser));
            }
            return map;
        }
        if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
                list.add(read(parser));
            }
            return list;
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return parser.getLongValue();
        }
        return token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE
                ? (Object) (token == JsonToken.VALUE_TRUE)
                : token == JsonToken.VALUE_STRING ? parser.getText() : null;
    }

    /** A member; what is read from it fails if it is absent. */
    JsonTree at(String name) {
        Object member = value instanceof Map<?, ?> map ? map.get(name) : null;
        return new JsonTree(path + "/" + name, member);
    }

    String text() throws IOException {
        return as(String.class, "a text");
    }

    long number() throws IOException {
        return as(Long.class, "a whole number");
    }

    boolean bool() throws IOException {
        return as(Boolean.class, "true or false");
    }

    /** The members by name, in their order. */
    Map<String, JsonTree> members() throws IOException {
        Map<String, JsonTree> members = new LinkedHashMap<>();
        for (Object name : as(Map.class, "an object").keySet()) {
            members.put(String.valueOf(name), at(String.valueOf(name)));
        }
        return members;
    }

    List<JsonTree> items() throws IOException {
        List<JsonTree> items = new ArrayList<>();
        for (Object item : as(List.class, "a list")) {
            items.add(new JsonTree(path + "/" + items.size(), item));
        }
        return items;
    }

    private <T> T as(Class<T> type, String expected) throws IOException {
        if (!type.isInstance(value)) {
            throw new IOException("the router's answer has at " + path + " " + value + "; expected " + expected);
        }
        return type.cast(value);
    }
}
