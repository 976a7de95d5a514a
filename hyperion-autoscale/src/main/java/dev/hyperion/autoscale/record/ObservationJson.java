// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.policy.Hold;
import dev.hyperion.autoscale.policy.MetricObservation;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ReplicaSample;
import dev.hyperion.autoscale.policy.ScalingObservation;
import dev.hyperion.autoscale.policy.TargetObservation;
import dev.hyperion.autoscale.stage.RolloutFacts;
import dev.hyperion.autoscale.stage.StagedObservation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** What a decision saw, as JSON. Reading what was written gives an equal observation. */
final class ObservationJson {
    private ObservationJson() {}

    static void write(JsonText json, StagedObservation observation) {
        write(json, observation.seen());
        json.putIfPresent("held", observation.hold(), ObservationJson::hold)
                .putIfPresent("rollout", observation.rollout(), ObservationJson::rollout);
        if (!observation.replicas().isEmpty()) {
            json.putAll("each", observation.replicas(), ObservationJson::replica)
                    .putAll("samples", observation.samples(), ObservationJson::sample);
        }
    }

    static StagedObservation staged(Json json) {
        return new StagedObservation(
                read(json),
                json.has("held") ? Optional.of(hold(json.object("held"))) : Optional.empty(),
                json.has("rollout") ? Optional.of(rollout(json.object("rollout"))) : Optional.empty(),
                json.has("each") ? json.objects("each", ObservationJson::replica) : List.of(),
                json.has("each") ? json.objects("samples", ObservationJson::sample) : List.of());
    }

    private static void rollout(JsonText json, RolloutFacts rollout) {
        json.put("id", rollout.id()).put("shifting", rollout.shifting()).putTexts("extra", rollout.extra(), id -> id);
    }

    private static RolloutFacts rollout(Json json) {
        return new RolloutFacts(json.text("id"), json.flag("shifting"), json.texts("extra"));
    }

    private static void hold(JsonText json, Hold hold) {
        json.put("code", hold.code().code()).put("because", hold.because());
    }

    private static Hold hold(Json json) {
        return new Hold(reason(json.text("code")), json.text("because"));
    }

    private static void write(JsonText json, ScalingObservation seen) {
        if (seen instanceof Observation one) {
            write(json, one);
        } else {
            write(json, (TargetObservation) seen);
        }
    }

    private static ScalingObservation read(Json json) {
        return json.has("input") ? observation(json) : targetObservation(json);
    }

    private static void write(JsonText json, Observation seen) {
        json.put("application", seen.application().value())
                .put("replicas", seen.replicas())
                .put("input", seen.input(), ObservationJson::input)
                .putText("unusable", seen.unusable(), ReasonCode::code)
                .putIfPresent("hold", seen.hold(), ObservationJson::hold);
    }

    private static Observation observation(Json json) {
        return new Observation(
                new ApplicationId(json.text("application")),
                json.count("replicas"),
                input(json.object("input")),
                json.find("unusable", ObservationJson::reason),
                json.has("hold") ? Optional.of(hold(json.object("hold"))) : Optional.empty());
    }

    static void input(JsonText json, MetricInput input) {
        json.put("metric", input.metric());
        if (input.value().isPresent()) {
            json.put("value", input.value().getAsDouble());
        }
        json.putInstant("taken_at", input.takenAt())
                .putText("age", input.age(), Duration::toString)
                .put("detail", input.detail());
    }

    static MetricInput input(Json json) {
        return new MetricInput(
                json.text("metric"),
                json.has("value") ? OptionalDouble.of(json.real("value")) : OptionalDouble.empty(),
                json.find("taken_at", Instant::parse),
                json.find("age", Duration::parse),
                json.text("detail"));
    }

    private static void write(JsonText json, TargetObservation seen) {
        json.put("application", seen.application().value())
                .put("wanted", seen.wanted())
                .put("present", seen.present())
                .putAll("replicas", seen.replicas(), ObservationJson::replica)
                .putAll("metrics", seen.metrics(), ObservationJson::reading)
                .putAll("short_metrics", seen.shortMetrics(), ObservationJson::reading);
    }

    private static TargetObservation targetObservation(Json json) {
        return new TargetObservation(
                new ApplicationId(json.text("application")),
                json.count("wanted"),
                json.count("present"),
                json.objects("replicas", ObservationJson::replica),
                json.objects("metrics", ObservationJson::reading),
                json.objects("short_metrics", ObservationJson::reading));
    }

    private static void replica(JsonText json, ReplicaFacts replica) {
        json.put("id", replica.id())
                .put("phase", Json.word(replica.phase()))
                .putInstant("started_at", replica.startedAt());
        replica.readiness().ifPresent(readiness -> {
            json.put("ready", readiness.ready()).put("ready_since", readiness.since());
            if (readiness.lost()) {
                json.put("readiness_lost", true);
            }
        });
    }

    private static ReplicaFacts replica(Json json) {
        return new ReplicaFacts(
                json.text("id"),
                json.constant("phase", ReplicaFacts.Phase.class),
                json.find("started_at", Instant::parse),
                json.has("ready")
                        ? Optional.of(new ReplicaFacts.Readiness(
                                json.flag("ready"), json.instant("ready_since"), json.has("readiness_lost")))
                        : Optional.empty());
    }

    private static void reading(JsonText json, MetricObservation reading) {
        if (reading instanceof MetricObservation.Failed failed) {
            json.put("failed", failed.code().code()).put("why", failed.why());
        } else if (reading instanceof MetricObservation.Whole whole) {
            json.put("milli", whole.milli()).put("taken_at", whole.takenAt()).put("source", whole.source());
        } else {
            MetricObservation.PerReplica each = (MetricObservation.PerReplica) reading;
            json.putAll("samples", each.samples(), ObservationJson::sample).put("source", each.source());
        }
    }

    private static MetricObservation reading(Json json) {
        if (json.has("failed")) {
            return new MetricObservation.Failed(reason(json.text("failed")), json.text("why"));
        }
        return json.has("milli")
                ? new MetricObservation.Whole(json.number("milli"), json.instant("taken_at"), json.text("source"))
                : new MetricObservation.PerReplica(
                        json.objects("samples", ObservationJson::sample), json.text("source"));
    }

    private static void sample(JsonText json, ReplicaSample sample) {
        json.put("request_milli", sample.requestMilli());
        if (sample instanceof ReplicaSample.Measured measured) {
            json.put("milli", measured.milli())
                    .put("taken_at", measured.takenAt())
                    .put("window", measured.window());
        }
    }

    private static ReplicaSample sample(Json json) {
        return json.has("milli")
                ? new ReplicaSample.Measured(
                        json.number("milli"),
                        json.number("request_milli"),
                        json.instant("taken_at"),
                        json.duration("window"))
                : new ReplicaSample.Missing(json.number("request_milli"));
    }

    static ReasonCode reason(String code) {
        return ReasonCode.valueOf(code.toUpperCase(Locale.ROOT));
    }
}
