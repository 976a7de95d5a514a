// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.Clamp;
import dev.hyperion.autoscale.ExplainedDecision;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.PastDecision;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScaleOverride;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Scale decisions as JSON. What is not known is null. */
final class AutoscaleJson {
    static final String OVERRIDES = "overrides";

    private static final JsonFactory JSON = new JsonFactory();

    private AutoscaleJson() {}

    static void decision(Optional<ScaleDecision> decision, JsonGenerator json) throws IOException {
        if (decision.isEmpty()) {
            json.writeNull();
        } else {
            decision(decision.get(), json);
        }
    }

    private static void decision(ScaleDecision decision, JsonGenerator json) throws IOException {
        json.writeStartObject();
        fields(decision, json);
        json.writeEndObject();
    }

    /** The decision with its whole record, and what people want instead; deciding the record again gives the same bytes. */
    static void explained(ExplainedDecision explained, List<ScaleOverride> overrides, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        fields(explained.decision(), json);
        overrides(explained.decision().basis().application(), overrides, json);
        record(explained.record(), json);
        json.writeEndObject();
    }

    static void past(PastDecision past, JsonGenerator json) throws IOException {
        json.writeStartObject();
        fields(past.decision(), json);
        json.writeStringField("outcome", past.outcome().word());
        json.writeNumberField("applied", past.appliedReplicas());
        json.writeStringField("detail", past.detail());
        record(past.record(), json);
        json.writeEndObject();
    }

    private static void record(String record, JsonGenerator json) throws IOException {
        json.writeFieldName("record");
        json.writeRawValue(record.isEmpty() ? "null" : record);
    }

    /** An object as it is, and the overrides as its last field. */
    static void withOverrides(
            String object, ApplicationId application, List<ScaleOverride> overrides, JsonGenerator json)
            throws IOException {
        try (JsonParser fields = JSON.createParser(object)) {
            fields.nextToken();
            json.writeStartObject();
            while (fields.nextToken() == JsonToken.FIELD_NAME) {
                json.copyCurrentStructure(fields);
            }
            overrides(application, overrides, json);
            json.writeEndObject();
        }
    }

    static void overrides(ApplicationId application, List<ScaleOverride> overrides, JsonGenerator json)
            throws IOException {
        json.writeArrayFieldStart(OVERRIDES);
        for (ScaleOverride override : overrides) {
            override(application, override, json);
        }
        json.writeEndArray();
    }

    static void override(ApplicationId application, ScaleOverride override, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("application", application.value());
        json.writeStringField("kind", override.kind().word());
        if (override.kind() == ScaleOverride.Kind.PINNED) {
            json.writeNumberField("replicas", override.replicas());
        } else {
            json.writeNullField("replicas");
        }
        json.writeStringField("who", override.who());
        json.writeStringField("why", override.why());
        json.writeStringField("until", override.expiresAt().toString());
        json.writeStringField("origin", override.origin().name().toLowerCase(Locale.ROOT));
        json.writeStringField("told", override.told());
        json.writeEndObject();
    }

    private static void fields(ScaleDecision decision, JsonGenerator json) throws IOException {
        json.writeStringField("decision", decision.word());
        json.writeStringField("application", decision.basis().application().value());
        json.writeNumberField("current", decision.current());
        json.writeNumberField("target", decision.target());
        DeployJson.texts(
                "reasons",
                decision.basis().reasons().stream().map(ReasonCode::code).toList(),
                json);
        json.writeStringField("rationale", decision.basis().rationale());
        json.writeArrayFieldStart("inputs");
        for (MetricInput input : decision.basis().inputs()) {
            json.writeStartObject();
            json.writeStringField("metric", input.metric());
            if (input.value().isPresent() && Double.isFinite(input.value().getAsDouble())) {
                json.writeNumberField("value", input.value().getAsDouble());
            } else {
                json.writeNullField("value");
            }
            DeployJson.text("taken_at", input.takenAt(), json);
            json.writeStringField("detail", input.detail());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("clamps");
        for (Clamp clamp : decision.basis().clamps()) {
            json.writeStartObject();
            json.writeStringField("code", clamp.code().code());
            json.writeNumberField("before", clamp.before());
            json.writeNumberField("after", clamp.after());
            json.writeStringField("because", clamp.because());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeStringField("at", decision.basis().at().toString());
    }
}
