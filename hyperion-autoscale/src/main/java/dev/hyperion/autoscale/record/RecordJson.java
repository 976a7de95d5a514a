// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.Clamp;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.policy.Hold;
import dev.hyperion.autoscale.policy.MetricObservation;
import dev.hyperion.autoscale.policy.MetricProposal;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ReplicaSample;
import dev.hyperion.autoscale.policy.ScaleHistory;
import dev.hyperion.autoscale.policy.TargetHistory;
import dev.hyperion.autoscale.policy.TargetObservation;
import dev.hyperion.autoscale.policy.TargetOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** The JSON of a {@link DecisionRecord}: policy, what was seen, what was remembered, and what came of it. */
final class RecordJson {
    private static final int SCHEMA = 1;

    private RecordJson() {}

    static String write(DecisionRecord record) {
        Json json = new Json()
                .put("schema", SCHEMA)
                .put("now", record.now())
                .put("policy", PolicyJson.write(record.policy()));
        if (record.basis() instanceof DecisionRecord.Basis.ForThreshold basis) {
            json.put("seen", seen(basis.observation())).put("remembered", history(basis.history()));
        } else if (record.basis() instanceof DecisionRecord.Basis.ForTarget basis) {
            json.put("seen", seen(basis)).put("remembered", history(basis.history()));
        }
        record.outcome().ifPresent(outcome -> json.put("stages", stages(outcome)));
        return json.put("decision", decision(record.decision())).toString();
    }

    static DecisionRecord replay(String text) {
        Json json = Json.parse(text);
        if (json.number("schema") != SCHEMA) {
            throw new IllegalArgumentException(
                    "a decision record has the schema " + json.number("schema") + "; this version reads " + SCHEMA);
        }
        Json seen = json.object("seen");
        Json remembered = json.object("remembered");
        boolean threshold = json.object("policy").text("kind").equals("threshold");
        DecisionRecord.Basis basis = threshold
                ? new DecisionRecord.Basis.ForThreshold(observation(seen), scaleHistory(remembered))
                : new DecisionRecord.Basis.ForTarget(
                        new ApplicationId(seen.text("application")),
                        targetObservation(seen),
                        seen.objects("inputs", RecordJson::input),
                        targetHistory(remembered));
        return DecisionRecord.decide(PolicyJson.read(json.object("policy")), basis, json.instant("now"));
    }

    private static Json seen(Observation seen) {
        Json json = new Json()
                .put("application", seen.application().value())
                .put("replicas", seen.replicas())
                .put("input", input(seen.input()))
                .put("unusable", seen.unusable(), ReasonCode::code);
        seen.hold()
                .ifPresent(hold -> json.put(
                        "hold", new Json().put("code", hold.code().code()).put("because", hold.because())));
        return json;
    }

    private static Observation observation(Json json) {
        return new Observation(
                new ApplicationId(json.text("application")),
                json.count("replicas"),
                input(json.object("input")),
                json.find("unusable", RecordJson::reason),
                json.has("hold")
                        ? Optional.of(new Hold(
                                reason(json.object("hold").text("code")),
                                json.object("hold").text("because")))
                        : Optional.empty());
    }

    private static Json input(MetricInput input) {
        Json json = new Json().put("metric", input.metric());
        input.value().ifPresent(value -> json.put("value", value));
        return json.put("taken_at", input.takenAt(), Instant::toString)
                .put("age", input.age(), Duration::toString)
                .put("detail", input.detail());
    }

    private static MetricInput input(Json json) {
        return new MetricInput(
                json.text("metric"),
                json.has("value") ? OptionalDouble.of(json.real("value")) : OptionalDouble.empty(),
                json.find("taken_at", Instant::parse),
                json.find("age", Duration::parse),
                json.text("detail"));
    }

    private static Json history(ScaleHistory history) {
        return new Json()
                .put("last_up", history.lastUp(), Instant::toString)
                .put("last_down", history.lastDown(), Instant::toString);
    }

    private static ScaleHistory scaleHistory(Json json) {
        return new ScaleHistory(json.find("last_up", Instant::parse), json.find("last_down", Instant::parse));
    }

    private static Json seen(DecisionRecord.Basis.ForTarget basis) {
        TargetObservation seen = basis.observation();
        return new Json()
                .put("application", basis.application().value())
                .put("wanted", seen.wanted())
                .put("present", seen.present())
                .putAll("replicas", seen.replicas(), RecordJson::replica)
                .putAll("metrics", seen.metrics(), RecordJson::reading)
                .putAll("short_metrics", seen.shortMetrics(), RecordJson::reading)
                .putAll("inputs", basis.inputs(), RecordJson::input);
    }

    private static TargetObservation targetObservation(Json json) {
        return new TargetObservation(
                json.count("wanted"),
                json.count("present"),
                json.objects("replicas", RecordJson::replica),
                json.objects("metrics", RecordJson::reading),
                json.objects("short_metrics", RecordJson::reading));
    }

    private static Json replica(ReplicaFacts replica) {
        Json json = new Json()
                .put("id", replica.id())
                .put("phase", word(replica.phase()))
                .put("started_at", replica.startedAt(), Instant::toString);
        replica.readiness()
                .ifPresent(readiness -> json.put("ready", readiness.ready()).put("ready_since", readiness.since()));
        return json;
    }

    private static ReplicaFacts replica(Json json) {
        return new ReplicaFacts(
                json.text("id"),
                ReplicaFacts.Phase.valueOf(json.text("phase").toUpperCase(Locale.ROOT)),
                json.find("started_at", Instant::parse),
                json.has("ready")
                        ? Optional.of(new ReplicaFacts.Readiness(json.flag("ready"), json.instant("ready_since")))
                        : Optional.empty());
    }

    private static Json reading(MetricObservation reading) {
        if (reading instanceof MetricObservation.Failed failed) {
            return new Json().put("failed", failed.why());
        }
        if (reading instanceof MetricObservation.Whole whole) {
            return new Json().put("milli", whole.milli()).put("taken_at", whole.takenAt());
        }
        return new Json().putAll("samples", ((MetricObservation.PerReplica) reading).samples(), RecordJson::sample);
    }

    private static MetricObservation reading(Json json) {
        if (json.has("failed")) {
            return new MetricObservation.Failed(json.text("failed"));
        }
        return json.has("milli")
                ? new MetricObservation.Whole(json.number("milli"), json.instant("taken_at"))
                : new MetricObservation.PerReplica(json.objects("samples", RecordJson::sample));
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

    private static Json history(TargetHistory history) {
        Json json = new Json()
                .putAll("recommendations", history.recommendations(), RecordJson::change)
                .putAll("added", history.added(), RecordJson::change)
                .putAll("removed", history.removed(), RecordJson::change);
        history.panic()
                .ifPresent(panic ->
                        json.put("panic", new Json().put("since", panic.since()).put("most", panic.most())));
        return json;
    }

    private static TargetHistory targetHistory(Json json) {
        return new TargetHistory(
                json.objects("recommendations", RecordJson::change),
                json.objects("added", RecordJson::change),
                json.objects("removed", RecordJson::change),
                json.has("panic")
                        ? Optional.of(new TargetHistory.PanicState(
                                json.object("panic").instant("since"),
                                json.object("panic").count("most")))
                        : Optional.empty());
    }

    private static Json change(TargetHistory.Change change) {
        return new Json().put("at", change.at()).put("replicas", change.replicas());
    }

    private static TargetHistory.Change change(Json json) {
        return new TargetHistory.Change(json.instant("at"), json.count("replicas"));
    }

    private static Json stages(TargetOutcome outcome) {
        return new Json()
                .putAll("proposals", outcome.proposals(), RecordJson::proposal)
                .putAll("short_proposals", outcome.shortProposals(), RecordJson::proposal)
                .put("raw", outcome.raw())
                .put("panicked", outcome.panicked())
                .put("stabilized", outcome.stabilized())
                .put("limited", outcome.limited())
                .put("target", outcome.target());
    }

    private static Json proposal(MetricProposal proposal) {
        return new Json()
                .put("metric", proposal.metric())
                .put("replicas", proposal.replicas())
                .put("ratio", proposal.ratio())
                .put("adjusted_ratio", proposal.adjustedRatio())
                .put("current", proposal.current())
                .put("counted", proposal.counted())
                .put("unready", proposal.unready())
                .put("missing", proposal.missing())
                .put("reason", proposal.reason().code())
                .put("problem", proposal.problem());
    }

    private static Json decision(ScaleDecision decision) {
        return new Json()
                .put("id", decision.basis().id())
                .put("decision", decision.word())
                .put("current", decision.current())
                .put("target", decision.target())
                .putTexts(
                        "reasons",
                        decision.basis().reasons().stream()
                                .map(ReasonCode::code)
                                .toList())
                .putAll("clamps", decision.basis().clamps(), RecordJson::clamp)
                .put("rationale", decision.basis().rationale());
    }

    private static Json clamp(Clamp clamp) {
        return new Json()
                .put("code", clamp.code().code())
                .put("before", clamp.before())
                .put("after", clamp.after())
                .put("because", clamp.because());
    }

    private static ReasonCode reason(String code) {
        return ReasonCode.valueOf(code.toUpperCase(Locale.ROOT));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
