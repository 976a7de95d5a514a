// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Tables as JSON, on the disk and in requests: {@code {"generation": 3, "epoch": 7, "planId": "p", "stepId": "s", "versions":
 * {"1.4.0": {"weight": 10000, "endpoints": ["127.0.0.1:8080"]}}}}. In a request the generation is the expected one and may
 * be left out. What the form does not know is refused.
 */
final class TableJson {
    static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private TableJson() {}

    /**
     * A table as it came, not yet checked as a whole.
     *
     * @param generation empty if none was given
     * @param changed as the router kept it; without meaning in a request
     */
    record Request(
            OptionalLong generation,
            long epoch,
            String planId,
            String stepId,
            boolean changed,
            Map<String, Share> shares) {}

    static RouteTable parse(String text) throws IOException {
        Request read = parseRequest(text);
        return new RouteTable(
                read.generation().orElseThrow(() -> new IllegalArgumentException("generation is missing")),
                read.epoch(),
                read.planId(),
                read.stepId(),
                read.changed(),
                read.shares());
    }

    /**
     * Reads a request.
     *
     * @throws IOException if it is no JSON
     * @throws IllegalArgumentException if it is no request: a key is unknown or missing, or a value is of the wrong kind
     */
    static Request parseRequest(String text) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            expect(parser, parser.nextToken(), JsonToken.START_OBJECT, "the table");
            OptionalLong generation = OptionalLong.empty();
            OptionalLong epoch = OptionalLong.empty();
            String planId = null;
            String stepId = null;
            boolean changed = false;
            Map<String, Share> shares = null;
            for (String key = nextKey(parser); key != null; key = nextKey(parser)) {
                switch (key) {
                    case "generation" -> generation = OptionalLong.of(wholeNumber(parser, key));
                    case "epoch" -> epoch = OptionalLong.of(wholeNumber(parser, key));
                    case "planId" -> planId = string(parser, key);
                    case "stepId" -> stepId = string(parser, key);
                    case "changed" -> changed = parser.nextToken() == JsonToken.VALUE_TRUE;
                    case "versions" -> shares = versions(parser);
                    default -> throw unknown(key, "generation, epoch, planId, stepId, versions");
                }
            }
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("there is more after the table's end; send one table alone");
            }
            return new Request(
                    generation,
                    epoch.orElseThrow(() -> new IllegalArgumentException("epoch is missing")),
                    present(planId, "planId"),
                    present(stepId, "stepId"),
                    changed,
                    present(shares, "versions"));
        }
    }

    private static Map<String, Share> versions(JsonParser parser) throws IOException {
        expect(parser, parser.nextToken(), JsonToken.START_OBJECT, "versions");
        Map<String, Share> shares = new LinkedHashMap<>();
        for (String version = nextKey(parser); version != null; version = nextKey(parser)) {
            shares.put(version, share(parser, version));
        }
        return shares;
    }

    private static Share share(JsonParser parser, String version) throws IOException {
        expect(parser, parser.nextToken(), JsonToken.START_OBJECT, version);
        OptionalLong weight = OptionalLong.empty();
        List<Target> targets = new ArrayList<>();
        for (String key = nextKey(parser); key != null; key = nextKey(parser)) {
            switch (key) {
                case "weight" -> weight = OptionalLong.of(wholeNumber(parser, key));
                case "endpoints" -> {
                    expect(parser, parser.nextToken(), JsonToken.START_ARRAY, key);
                    for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                        expect(parser, next, JsonToken.VALUE_STRING, "an endpoint");
                        targets.add(Target.parse(parser.getText()));
                    }
                }
                default -> throw unknown(version + "." + key, "weight, endpoints");
            }
        }
        long parts = weight.orElseThrow(() -> new IllegalArgumentException(version + ".weight is missing"));
        try {
            return new Share((int) Math.max(-1, Math.min(parts, Integer.MAX_VALUE)), targets);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("version " + version + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable String nextKey(JsonParser parser) throws IOException {
        return parser.nextToken() == JsonToken.FIELD_NAME ? parser.currentName() : null;
    }

    private static long wholeNumber(JsonParser parser, String key) throws IOException {
        expect(parser, parser.nextToken(), JsonToken.VALUE_NUMBER_INT, key);
        long value = parser.getLongValue();
        if (value < 0) {
            throw new IllegalArgumentException(key + " is " + value + "; expected 0 or more");
        }
        return value;
    }

    private static String string(JsonParser parser, String key) throws IOException {
        expect(parser, parser.nextToken(), JsonToken.VALUE_STRING, key);
        return parser.getText();
    }

    private static <T> T present(@Nullable T value, String key) {
        if (value == null) {
            throw new IllegalArgumentException(key + " is missing");
        }
        return value;
    }

    private static void expect(JsonParser parser, @Nullable JsonToken found, JsonToken wanted, String what)
            throws IOException {
        if (found != wanted) {
            throw new IllegalArgumentException(
                    what + " is " + (found == null ? "missing" : parser.getText()) + "; expected " + wanted);
        }
    }

    private static IllegalArgumentException unknown(String key, String known) {
        return new IllegalArgumentException("'" + key + "' is unknown; expected one of " + known);
    }

    static String write(RouteTable table) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            writeMembers(json, table);
            json.writeEndObject();
        }
        return text.toString();
    }

    /** Writes the table's members into the object that is open. */
    static void writeMembers(JsonGenerator json, RouteTable table) throws IOException {
        json.writeNumberField("generation", table.generation());
        json.writeNumberField("epoch", table.epoch());
        json.writeStringField("planId", table.planId());
        json.writeStringField("stepId", table.stepId());
        json.writeBooleanField("changed", table.changed());
        json.writeObjectFieldStart("versions");
        for (Map.Entry<String, Share> entry : table.shares().entrySet()) {
            json.writeObjectFieldStart(entry.getKey());
            json.writeNumberField("weight", entry.getValue().weight());
            json.writeArrayFieldStart("endpoints");
            for (Target target : entry.getValue().targets()) {
                json.writeString(target.toString());
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndObject();
    }
}
