// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A JSON object whose keys are in order, so that equal objects have equal texts and digests. Values are texts, whole
 * numbers, booleans, lists and objects; everything else is written as text.
 *
 * <p>Thread-safety: confined to one thread while it is built.
 */
public final class Fields {
    private static final JsonFactory JSON = new JsonFactory();

    private final TreeMap<String, Object> values = new TreeMap<>();

    /** An object without fields. */
    public Fields() {}

    /**
     * Adds a field.
     *
     * @param name its name
     * @param value a text, whole number, boolean, {@code Fields} or list of these; anything else as text
     * @return this object
     */
    public Fields with(String name, Object value) {
        values.put(name, value);
        return this;
    }

    /**
     * Adds a field if there is a value.
     *
     * @param name its name
     * @param value the value
     * @return this object
     */
    public Fields with(String name, Optional<?> value) {
        value.ifPresent(present -> values.put(name, present));
        return this;
    }

    /**
     * Adds an object of texts.
     *
     * @param name its name
     * @param texts by name
     * @return this object
     */
    public Fields with(String name, Map<String, String> texts) {
        Fields below = new Fields();
        texts.forEach(below::with);
        return with(name, (Object) below);
    }

    /**
     * A text.
     *
     * @param name its name
     * @return the value
     */
    public String text(String name) {
        return present(name).toString();
    }

    /**
     * A text that may be absent.
     *
     * @param name its name
     * @return the value
     */
    public Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name)).map(Object::toString);
    }

    /**
     * A whole number.
     *
     * @param name its name
     * @return the value
     */
    public long number(String name) {
        return ((Number) present(name)).longValue();
    }

    /**
     * True or false.
     *
     * @param name its name
     * @return the value
     */
    public boolean flag(String name) {
        return (Boolean) present(name);
    }

    /**
     * An object.
     *
     * @param name its name
     * @return the value
     */
    public Fields below(String name) {
        return (Fields) present(name);
    }

    /**
     * An object that may be absent.
     *
     * @param name its name
     * @return the value
     */
    public Optional<Fields> findBelow(String name) {
        return Optional.ofNullable((Fields) values.get(name));
    }

    /**
     * A list of objects.
     *
     * @param name its name
     * @return the values
     */
    public List<Fields> list(String name) {
        return ((List<?>) present(name)).stream().map(Fields.class::cast).toList();
    }

    /**
     * A list of texts.
     *
     * @param name its name
     * @return the values
     */
    public List<String> texts(String name) {
        return ((List<?>) present(name)).stream().map(Object::toString).toList();
    }

    /**
     * An object of texts.
     *
     * @param name its name
     * @return the values by name
     */
    public Map<String, String> textMap(String name) {
        Map<String, String> texts = new TreeMap<>();
        below(name).values.forEach((key, value) -> texts.put(key, value.toString()));
        return texts;
    }

    private Object present(String name) {
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("a journal entry has no " + name + ": " + this);
        }
        return value;
    }

    /**
     * Reads an object.
     *
     * @param json the text
     * @return the object
     */
    public static Fields read(String json) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            return object(parser);
        } catch (IOException e) {
            throw new UncheckedIOException("a journal entry is not JSON: " + json, e);
        }
    }

    private static Fields object(JsonParser parser) throws IOException {
        Fields fields = new Fields();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            fields.values.put(name, value(parser));
        }
        return fields;
    }

    private static Object value(JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT:
                return object(parser);
            case START_ARRAY:
                List<Object> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(parser));
                }
                return items;
            case VALUE_NUMBER_INT:
                return parser.getLongValue();
            case VALUE_TRUE:
                return true;
            case VALUE_FALSE:
                return false;
            default:
                return parser.getText();
        }
    }

    /**
     * The canonical JSON text.
     *
     * @return one line, keys in order
     */
    @Override
    public String toString() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(json, this);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Fields fields) {
            json.writeStartObject();
            for (Map.Entry<String, Object> each : fields.values.entrySet()) {
                json.writeFieldName(each.getKey());
                write(json, each.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object each : list) {
                write(json, each);
            }
            json.writeEndArray();
        } else if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else {
            json.writeString(value.toString());
        }
    }
}
