// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hyperion.autoscale.Clamp;
import dev.hyperion.autoscale.ExplainedDecision;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import java.io.IOException;
import java.util.Optional;

/** Scale decisions as JSON. What is not known is null. */
final class AutoscaleJson {
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

    /** The decision with its whole record; deciding that again gives the same bytes. */
    static void explained(ExplainedDecision explained, JsonGenerator json) throws IOException {
        json.writeStartObject();
        fields(explained.decision(), json);
        json.writeFieldName("record");
        json.writeRawValue(explained.record());
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
