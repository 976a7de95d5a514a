// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.deploy.DeploymentPlan;
import dev.hyperion.deploy.DeploymentRecord;
import dev.hyperion.deploy.DeploymentStatus;
import dev.hyperion.deploy.Endpoint;
import dev.hyperion.deploy.PlanStep;
import dev.hyperion.deploy.ReplicaStatus;
import dev.hyperion.deploy.Rollout;
import dev.hyperion.deploy.RolloutProgress;
import dev.hyperion.deploy.RolloutStatus;
import dev.hyperion.deploy.VersionStatus;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Plans and rollouts as JSON. What is not known is null. */
final class DeployJson {
    private DeployJson() {}

    static void plan(DeploymentPlan plan, Optional<ScaleDecision> recommendation, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("id", plan.id());
        json.writeStringField("application", plan.spec().application().value());
        json.writeStringField("version", plan.spec().version().value());
        json.writeStringField("environment", plan.spec().environment());
        json.writeStringField("cluster", plan.spec().cluster());
        json.writeStringField("artifact", plan.spec().artifact().path());
        text("artifact_sha256", plan.spec().artifact().sha256(), json);
        json.writeStringField("spec_digest", plan.specDigest());
        json.writeStringField("fingerprint", plan.fingerprint());
        text("stable", plan.stable(), json);
        text("rollback_target", plan.rollbackTarget(), json);
        texts("reviewers", plan.spec().reviewers(), json);
        steps(plan.steps(), json);
        texts("warnings", plan.warnings(), json);
        json.writeStringField("created_at", plan.createdAt().toString());
        json.writeStringField("expires_at", plan.expiresAt().toString());
        json.writeFieldName("autoscaler");
        AutoscaleJson.decision(recommendation, json);
        json.writeEndObject();
    }

    private static void steps(List<PlanStep> steps, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("steps");
        for (PlanStep step : steps) {
            json.writeStartObject();
            json.writeStringField("kind", step.kind());
            json.writeStringField("description", step.describe());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static void rollout(Rollout rollout, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("rollout", rollout.id());
        json.writeStringField("application", rollout.application().value());
        json.writeStringField("kind", rollout.kind().word());
        json.writeStringField("state", rollout.state().word());
        json.writeEndObject();
    }

    static void status(
            DeploymentStatus status,
            Optional<ScaleDecision> recommendation,
            Optional<DeploymentRecord> last,
            JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("application", status.application().value());
        text("stable", status.stable(), json);
        json.writeNumberField("desired_replicas", status.desiredReplicas());
        json.writeNumberField("active_replicas", status.activeReplicas());
        text("address", status.address(), json);
        json.writeArrayFieldStart("versions");
        for (VersionStatus version : status.versions()) {
            version(version, json);
        }
        json.writeEndArray();
        json.writeFieldName("rollout");
        if (status.rollout().isPresent()) {
            rollout(status.rollout().get(), json);
        } else {
            json.writeNull();
        }
        json.writeFieldName("last_rollout");
        if (last.isPresent()) {
            record(last.get(), json);
        } else {
            json.writeNull();
        }
        json.writeStringField("rollback_would", status.rollbackWould());
        json.writeFieldName("autoscaler");
        AutoscaleJson.decision(recommendation, json);
        texts("problems", status.problems(), json);
        json.writeStringField("at", status.at().toString());
        json.writeEndObject();
    }

    private static void version(VersionStatus version, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("version", version.version().value());
        json.writeStringField("artifact_sha256", version.artifactDigest());
        json.writeNumberField("desired_replicas", version.desiredReplicas());
        json.writeNumberField("ready_replicas", version.readyReplicas());
        percent("traffic_percent_wanted", version.weightWanted(), json);
        percent("traffic_percent_in_force", version.weightInForce(), json);
        number("in_flight", version.inFlight(), json);
        json.writeArrayFieldStart("replicas");
        for (ReplicaStatus replica : version.replicas()) {
            json.writeStartObject();
            json.writeStringField("id", replica.id());
            json.writeStringField("phase", replica.phase().word());
            text("endpoint", replica.endpoint().map(Endpoint::toString), json);
            json.writeStringField("started_at", replica.startedAt().toString());
            json.writeNumberField("restarts", replica.restarts());
            json.writeStringField("reason", replica.reason());
            if (replica.exitCode().isPresent()) {
                json.writeNumberField("exit_code", replica.exitCode().getAsInt());
            } else {
                json.writeNullField("exit_code");
            }
            texts("log_tail", replica.logTail(), json);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void rollout(RolloutStatus rollout, JsonGenerator json) throws IOException {
        RolloutProgress progress = rollout.progress();
        json.writeStartObject();
        json.writeStringField("id", rollout.id());
        json.writeStringField("kind", rollout.kind().word());
        json.writeStringField("state", rollout.state().word());
        text("from", rollout.from(), json);
        json.writeStringField("to", rollout.to().value());
        json.writeNumberField("step", progress.stepNumber());
        json.writeNumberField("step_count", progress.stepCount());
        text("step_description", progress.step().map(PlanStep::describe), json);
        json.writeStringField("waiting_for", progress.waitingFor());
        if (progress.remaining().isPresent()) {
            json.writeNumberField(
                    "remaining_seconds", progress.remaining().get().toMillis() / 1e3);
        } else {
            json.writeNullField("remaining_seconds");
        }
        number("samples", progress.samples(), json);
        texts("findings", rollout.findings(), json);
        json.writeStringField("reason", rollout.reason());
        json.writeStringField("started_at", rollout.startedAt().toString());
        json.writeEndObject();
    }

    static void history(List<DeploymentRecord> records, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("history");
        for (DeploymentRecord record : records) {
            record(record, json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void record(DeploymentRecord record, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("rollout", record.rolloutId());
        text("plan", record.planId(), json);
        json.writeStringField("kind", record.kind().word());
        json.writeStringField("application", record.application().value());
        text("from", record.from(), json);
        json.writeStringField("to", record.to().value());
        json.writeNumberField("replicas", record.replicas());
        json.writeStringField("state", record.state().word());
        json.writeStringField("who", record.who());
        json.writeStringField("notes", record.notes());
        json.writeStringField("reason", record.reason());
        json.writeStringField("started_at", record.startedAt().toString());
        text("ended_at", record.endedAt(), json);
        json.writeEndObject();
    }

    static void text(String name, Optional<?> value, JsonGenerator json) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(name, value.get().toString());
        } else {
            json.writeNullField(name);
        }
    }

    static void texts(String name, List<String> values, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    private static void percent(String name, OptionalInt weight, JsonGenerator json) throws IOException {
        if (weight.isPresent()) {
            json.writeNumberField(name, weight.getAsInt() / 100.0);
        } else {
            json.writeNullField(name);
        }
    }

    private static void number(String name, OptionalLong value, JsonGenerator json) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(name, value.getAsLong());
        } else {
            json.writeNullField(name);
        }
    }
}
