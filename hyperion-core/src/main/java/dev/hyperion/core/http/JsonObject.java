// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.hyperion.ConfigException;
import dev.hyperion.HyperionException;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.ConfigSchema;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The flat JSON object of a request: texts, numbers and booleans by name. Thread-safety: immutable. */
final class JsonObject {
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, String> values;

    private JsonObject(Map<String, String> values) {
        this.values = Map.copyOf(values);
    }

    static JsonObject read(String body) {
        Map<String, String> values = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(body.isBlank() ? "{}" : body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new HyperionException("the body is not a JSON object");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                if (token.isStructStart()) {
                    throw new HyperionException("'" + name + "' in the body is not a text, number or boolean");
                }
                if (token != JsonToken.VALUE_NULL) {
                    values.put(name, json.getText());
                }
            }
            return new JsonObject(values);
        } catch (IOException e) {
            throw new HyperionException("the body is not JSON: " + e.getMessage());
        }
    }

    /** The fields of a body whose values may be lists of texts or maps of them: the form in which a configuration is read. */
    static Map<String, Object> fields(String body) {
        try (JsonParser json = JSON.createParser(body.isBlank() ? "{}" : body)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new HyperionException("the body is not a JSON object");
            }
            Map<String, Object> fields = new LinkedHashMap<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken token = json.nextToken();
                if (token == JsonToken.START_OBJECT) {
                    Map<String, Object> texts = new LinkedHashMap<>();
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        String key = json.currentName();
                        json.nextToken();
                        texts.put(key, scalar(name, json));
                    }
                    fields.put(name, texts);
                } else if (token == JsonToken.START_ARRAY) {
                    List<Object> texts = new ArrayList<>();
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        texts.add(scalar(name, json));
                    }
                    fields.put(name, texts);
                } else if (token != JsonToken.VALUE_NULL) {
                    fields.put(name, json.getText());
                }
            }
            return fields;
        } catch (IOException e) {
            throw new HyperionException("the body is not JSON: " + e.getMessage());
        }
    }

    private static String scalar(String name, JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (token == null || !token.isScalarValue()) {
            throw new HyperionException(
                    "'" + name + "' in the body holds something that is no text, number or boolean");
        }
        return json.getText();
    }

    Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    String text(String name) {
        return find(name).orElseThrow(() -> new HyperionException("'" + name + "' is missing in the body"));
    }

    int number(String name, int otherwise) {
        try {
            return find(name).map(Integer::valueOf).orElse(otherwise);
        } catch (NumberFormatException e) {
            throw new HyperionException("'" + name + "' is '" + text(name) + "'; expected a whole number");
        }
    }

    OptionalInt integer(String name) {
        return find(name).isPresent() ? OptionalInt.of(number(name, 0)) : OptionalInt.empty();
    }

    OptionalDouble decimal(String name) {
        try {
            return find(name).isPresent() ? OptionalDouble.of(Double.parseDouble(text(name))) : OptionalDouble.empty();
        } catch (NumberFormatException e) {
            throw new HyperionException("'" + name + "' is '" + text(name) + "'; expected a number");
        }
    }

    /** As configurations write durations. */
    Optional<Duration> duration(String name) {
        return find(name).map(text -> {
            try {
                return duration(name, text);
            } catch (ConfigException e) {
                throw new HyperionException("'" + name + "' is '" + text + "'; expected a duration such as 90s or 10m");
            }
        });
    }

    /** As configurations write durations; a {@link ConfigException} if it is none. */
    static Duration duration(String name, String text) {
        return ConfigSchema.of(ConfigKey.of(name, ConfigKey.Type.DURATION, ""))
                .parse(ConfigNode.Mapping.of(Map.of(name, text)), "")
                .duration(name);
    }

    boolean flag(String name) {
        return find(name).filter("true"::equals).isPresent();
    }
}
