// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.Clamp;
import dev.hyperion.autoscale.DecisionBasis;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScaleRecord;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Writes and reads the data of the scale journal. Reading what was written gives an equal record. */
final class ScaleRecordJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String NOTE = "note";
    private static final String DECISION_RECORD = "decision_record";

    private ScaleRecordJson() {}

    /** Neither a note nor the whole record of the decision need be there; both may be empty. */
    static String write(ScaleRecord record, String note, String decisionRecord) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            DecisionBasis basis = record.decision().basis();
            json.writeStartObject();
            json.writeStringField("id", basis.id());
            json.writeStringField("application", basis.application().value());
            json.writeNumberField("current", record.decision().current());
            json.writeNumberField("target", record.decision().target());
            json.writeNumberField("applied", record.appliedReplicas());
            json.writeStringField("applied_at", record.at().toString());
            json.writeStringField("decided_at", basis.at().toString());
            json.writeStringField("rationale", basis.rationale());
            if (!note.isEmpty()) {
                json.writeStringField(NOTE, note);
            }
            if (!decisionRecord.isEmpty()) {
                json.writeStringField(DECISION_RECORD, decisionRecord);
            }
            json.writeArrayFieldStart("reasons");
            for (ReasonCode reason : basis.reasons()) {
                json.writeString(reason.code());
            }
            json.writeEndArray();
            json.writeArrayFieldStart("inputs");
            for (MetricInput input : basis.inputs()) {
                write(json, input);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("clamps");
            for (Clamp clamp : basis.clamps()) {
                json.writeStartObject();
                json.writeStringField("code", clamp.code().code());
                json.writeNumberField("before", clamp.before());
                json.writeNumberField("after", clamp.after());
                json.writeStringField("because", clamp.because());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, MetricInput input) throws IOException {
        json.writeStartObject();
        json.writeStringField("metric", input.metric());
        if (input.value().isPresent()) {
            // as text: JSON has no NaN, and a reading may be one
            json.writeStringField("value", Double.toString(input.value().getAsDouble()));
        }
        if (input.takenAt().isPresent()) {
            json.writeStringField("taken_at", input.takenAt().get().toString());
        }
        if (input.age().isPresent()) {
            json.writeStringField("age", input.age().get().toString());
        }
        json.writeStringField("detail", input.detail());
        json.writeEndObject();
    }

    /** The whole record of the decision, if it was written along. */
    static Optional<String> decisionRecord(String data) {
        return Optional.ofNullable((String) fields(data).get(DECISION_RECORD));
    }

    /** What was noted beside it; empty if nothing. */
    static String note(String data) {
        return fields(data).getOrDefault(NOTE, "").toString();
    }

    private static Map<String, Object> fields(String data) {
        try (JsonParser json = JSON.createParser(data)) {
            json.nextToken();
            return object(json);
        } catch (IOException e) {
            throw new UncheckedIOException("a scale record in the journal is not JSON: " + data, e);
        }
    }

    static ScaleRecord read(String data) {
        Map<String, Object> fields = fields(data);
        List<ReasonCode> reasons = list(fields, "reasons").stream()
                .map(code -> reason((String) code))
                .toList();
        List<MetricInput> inputs = new ArrayList<>();
        for (Object each : list(fields, "inputs")) {
            inputs.add(input((Map<?, ?>) each));
        }
        List<Clamp> clamps = new ArrayList<>();
        for (Object each : list(fields, "clamps")) {
            Map<?, ?> clamp = (Map<?, ?>) each;
            clamps.add(new Clamp(
                    reason(text(clamp, "code")),
                    number(clamp, "before"),
                    number(clamp, "after"),
                    text(clamp, "because")));
        }
        DecisionBasis basis = new DecisionBasis(
                text(fields, "id"),
                new ApplicationId(text(fields, "application")),
                inputs,
                clamps,
                reasons,
                text(fields, "rationale"),
                Instant.parse(text(fields, "decided_at")));
        return new ScaleRecord(
                ScaleDecision.of(number(fields, "current"), number(fields, "target"), basis),
                number(fields, "applied"),
                Instant.parse(text(fields, "applied_at")));
    }

    private static MetricInput input(Map<?, ?> fields) {
        return new MetricInput(
                text(fields, "metric"),
                fields.containsKey("value")
                        ? OptionalDouble.of(Double.parseDouble(text(fields, "value")))
                        : OptionalDouble.empty(),
                fields.containsKey("taken_at")
                        ? Optional.of(Instant.parse(text(fields, "taken_at")))
                        : Optional.empty(),
                fields.containsKey("age") ? Optional.of(Duration.parse(text(fields, "age"))) : Optional.empty(),
                text(fields, "detail"));
    }

    private static ReasonCode reason(String code) {
        return ReasonCode.valueOf(code.toUpperCase(Locale.ROOT));
    }

    private static String text(Map<?, ?> fields, String name) {
        return (String) present(fields, name);
    }

    private static int number(Map<?, ?> fields, String name) {
        return ((Number) present(fields, name)).intValue();
    }

    private static List<?> list(Map<?, ?> fields, String name) {
        return (List<?>) present(fields, name);
    }

    private static Object present(Map<?, ?> fields, String name) {
        Object value = fields.get(name);
        if (value == null) {
            throw new IllegalStateException("a scale record in the journal has no " + name + ": " + fields);
        }
        return value;
    }

    private static Map<String, Object> object(JsonParser json) throws IOException {
        Map<String, Object> fields = new HashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            fields.put(name, value(json));
        }
        return fields;
    }

    private static Object value(JsonParser json) throws IOException {
        switch (json.currentToken()) {
            case START_OBJECT:
                return object(json);
            case START_ARRAY:
                List<Object> items = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    items.add(value(json));
                }
                return items;
            case VALUE_NUMBER_INT:
                return json.getLongValue();
            default:
                return json.getText();
        }
    }
}
