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

    static Json write(StagedObservation observation) {
        Json json = write(observation.seen());
        observation.hold().ifPresent(hold -> json.put("held", hold(hold)));
        observation
                .rollout()
                .ifPresent(rollout -> json.put(
                        "rollout",
                        new Json()
                                .put("id", rollout.id())
                                .put("shifting", rollout.shifting())
                                .putTexts("extra", rollout.extra())));
        if (!observation.replicas().isEmpty()) {
            json.putAll("each", observation.replicas(), ObservationJson::replica)
                    .putAll("samples", observation.samples(), ObservationJson::sample);
        }
        return json;
    }

    static StagedObservation staged(Json json) {
        return new StagedObservation(
                read(json),
                json.has("held") ? Optional.of(hold(json.object("held"))) : Optional.empty(),
                json.has("rollout") ? Optional.of(rollout(json.object("rollout"))) : Optional.empty(),
                json.has("each") ? json.objects("each", ObservationJson::replica) : List.of(),
                json.has("each") ? json.objects("samples", ObservationJson::sample) : List.of());
    }

    private static RolloutFacts rollout(Json json) {
        return new RolloutFacts(json.text("id"), json.flag("shifting"), json.texts("extra"));
    }

    private static Json hold(Hold hold) {
        return new Json().put("code", hold.code().code()).put("because", hold.because());
    }

    private static Hold hold(Json json) {
        return new Hold(reason(json.text("code")), json.text("because"));
    }

    private static Json write(ScalingObservation seen) {
        return seen instanceof Observation one ? write(one) : write((TargetObservation) seen);
    }

    private static ScalingObservation read(Json json) {
        return json.has("input") ? observation(json) : targetObservation(json);
    }

    private static Json write(Observation seen) {
        Json json = new Json()
                .put("application", seen.application().value())
                .put("replicas", seen.replicas())
                .put("input", input(seen.input()))
                .put("unusable", seen.unusable(), ReasonCode::code);
        seen.hold().ifPresent(hold -> json.put("hold", hold(hold)));
        return json;
    }

    private static Observation observation(Json json) {
        return new Observation(
                new ApplicationId(json.text("application")),
                json.count("replicas"),
                input(json.object("input")),
                json.find("unusable", ObservationJson::reason),
                json.has("hold") ? Optional.of(hold(json.object("hold"))) : Optional.empty());
    }

    static Json input(MetricInput input) {
        Json json = new Json().put("metric", input.metric());
        input.value().ifPresent(value -> json.put("value", value));
        return json.put("taken_at", input.takenAt(), Instant::toString)
                .put("age", input.age(), Duration::toString)
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

    private static Json write(TargetObservation seen) {
        return new Json()
                .put("application", seen.application().value())
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

    private static Json replica(ReplicaFacts replica) {
        Json json = new Json()
                .put("id", replica.id())
                .put("phase", Json.word(replica.phase()))
                .put("started_at", replica.startedAt(), Instant::toString);
        replica.readiness()
                .ifPresent(readiness -> json.put("ready", readiness.ready()).put("ready_since", readiness.since()));
        return json;
    }

    private static ReplicaFacts replica(Json json) {
        return new ReplicaFacts(
                json.text("id"),
                json.constant("phase", ReplicaFacts.Phase.class),
                json.find("started_at", Instant::parse),
                json.has("ready")
                        ? Optional.of(new ReplicaFacts.Readiness(json.flag("ready"), json.instant("ready_since")))
                        : Optional.empty());
    }

    private static Json reading(MetricObservation reading) {
        if (reading instanceof MetricObservation.Failed failed) {
            return new Json().put("failed", failed.code().code()).put("why", failed.why());
        }
        if (reading instanceof MetricObservation.Whole whole) {
            return new Json()
                    .put("milli", whole.milli())
                    .put("taken_at", whole.takenAt())
                    .put("source", whole.source());
        }
        MetricObservation.PerReplica each = (MetricObservation.PerReplica) reading;
        return new Json()
                .putAll("samples", each.samples(), ObservationJson::sample)
                .put("source", each.source());
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

    private static Json sample(ReplicaSample sample) {
        Json json = new Json().put("request_milli", sample.requestMilli());
        return sample instanceof ReplicaSample.Measured measured
                ? json.put("milli", measured.milli())
                        .put("taken_at", measured.takenAt())
                        .put("window", measured.window())
                : json;
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
