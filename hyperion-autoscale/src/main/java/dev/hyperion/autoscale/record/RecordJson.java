// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.Clamp;
import dev.hyperion.autoscale.DecisionBasis;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.MetricProposal;
import dev.hyperion.autoscale.policy.ScaleHistory;
import dev.hyperion.autoscale.policy.ScalingOutcome;
import dev.hyperion.autoscale.policy.TargetOutcome;
import dev.hyperion.autoscale.policy.ThresholdOutcome;
import dev.hyperion.autoscale.stage.StagedOutcome;
import dev.hyperion.autoscale.stage.Verdict;

/** The JSON of a {@link DecisionRecord}: policy and stages, what was seen, what was remembered, and what came of it. */
final class RecordJson {
    private static final int SCHEMA = 1;

    private RecordJson() {}

    static String write(DecisionRecord record) {
        return JsonText.of(record, RecordJson::write);
    }

    private static void write(JsonText json, DecisionRecord record) {
        json.put("schema", SCHEMA)
                .put("now", record.now())
                .put("policy", record.policy(), PolicyJson::write)
                .put("settings", record.settings(), SettingsJson::write)
                .put("seen", record.observation(), ObservationJson::write)
                .put("remembered", record.history(), HistoryJson::write)
                .put("stages", record, RecordJson::stages)
                .put("decision", record.decision(), RecordJson::decision)
                .putTexts("would_change", record.turningPoints(), line -> line);
    }

    private static Json parse(String text) {
        Json json = Json.parse(text);
        if (json.number("schema") != SCHEMA) {
            throw new IllegalArgumentException(
                    "a decision record has the schema " + json.number("schema") + "; this version reads " + SCHEMA);
        }
        return json;
    }

    static ScaleDecision decided(String text) {
        Json json = parse(text);
        Json decision = json.object("decision");
        return ScaleDecision.of(
                decision.count("current"),
                decision.count("target"),
                new DecisionBasis(
                        decision.text("id"),
                        new ApplicationId(json.object("seen").text("application")),
                        decision.objects("inputs", ObservationJson::input),
                        decision.objects("clamps", RecordJson::clamp),
                        decision.texts("reasons").stream()
                                .map(ObservationJson::reason)
                                .toList(),
                        decision.text("rationale"),
                        json.instant("now")));
    }

    private static Clamp clamp(Json json) {
        return new Clamp(
                ObservationJson.reason(json.text("code")),
                json.count("before"),
                json.count("after"),
                json.text("because"));
    }

    static DecisionRecord replay(String text) {
        Json json = parse(text);
        return DecisionRecord.decide(
                PolicyJson.read(json.object("policy")),
                SettingsJson.read(json.object("settings")),
                ObservationJson.staged(json.object("seen")),
                HistoryJson.read(json.object("remembered")),
                json.instant("now"));
    }

    private static void stages(JsonText json, DecisionRecord record) {
        StagedOutcome outcome = record.outcome();
        json.put("min_replicas", outcome.effective().minReplicas())
                .put("max_replicas", outcome.effective().maxReplicas())
                .putText("min_replicas_from", outcome.bounds().minFrom(), name -> name)
                .putText("max_replicas_from", outcome.bounds().maxFrom(), name -> name)
                .put("starting", outcome.starting())
                .putAll("guards", outcome.verdicts(), RecordJson::verdict)
                .put("policy", outcome.alone(), RecordJson::stages);
        if (outcome.effective() instanceof ThresholdPolicy) {
            json.put("cooldown_left", record, RecordJson::cooldowns);
        }
        json.put("target", outcome.target());
    }

    private static void cooldowns(JsonText json, DecisionRecord record) {
        ThresholdPolicy policy = (ThresholdPolicy) record.outcome().effective();
        ScaleHistory before = (ScaleHistory) record.history().policy();
        json.put("up", before.upCooldownLeft(policy.scaleUpCooldown(), record.now()))
                .put("down", before.downCooldownLeft(policy.scaleDownCooldown(), record.now()));
    }

    private static void verdict(JsonText json, Verdict verdict) {
        json.put("metric", verdict.metric())
                .putText("bad", verdict.bad(), ReasonCode::code)
                .put("whole", verdict.whole())
                .put("hold", verdict.hold());
        verdict.fallback().ifPresent(replicas -> json.put("fallback", replicas));
        json.put("because", verdict.because());
    }

    private static void stages(JsonText json, ScalingOutcome outcome) {
        if (outcome instanceof ThresholdOutcome numbers) {
            json.put("raw", numbers.raw()).put("limited", numbers.limited()).put("target", numbers.target());
        } else {
            stages(json, (TargetOutcome) outcome);
        }
    }

    private static void stages(JsonText json, TargetOutcome outcome) {
        json.putAll("proposals", outcome.proposals(), RecordJson::proposal)
                .putAll("short_proposals", outcome.shortProposals(), RecordJson::proposal)
                .put("raw", outcome.raw())
                .put("panicked", outcome.panicked())
                .put("stabilized", outcome.stabilized())
                .put("limited", outcome.limited())
                .put("target", outcome.target());
    }

    private static void proposal(JsonText json, MetricProposal proposal) {
        json.put("metric", proposal.metric())
                .put("replicas", proposal.replicas())
                .put("ratio", proposal.ratio())
                .put("adjusted_ratio", proposal.adjustedRatio())
                .put("current", proposal.current())
                .put("average", proposal.average())
                .put("counted", proposal.counted())
                .put("unready", proposal.unready())
                .put("missing", proposal.missing())
                .put("reason", proposal.reason().code())
                .put("problem", proposal.problem());
    }

    private static void decision(JsonText json, ScaleDecision decision) {
        json.put("id", decision.basis().id())
                .put("decision", decision.word())
                .put("current", decision.current())
                .put("target", decision.target())
                .putTexts("reasons", decision.basis().reasons(), ReasonCode::code)
                .putAll("inputs", decision.basis().inputs(), ObservationJson::input)
                .putAll("clamps", decision.basis().clamps(), RecordJson::clamp)
                .put("rationale", decision.basis().rationale());
    }

    private static void clamp(JsonText json, Clamp clamp) {
        json.put("code", clamp.code().code())
                .put("before", clamp.before())
                .put("after", clamp.after())
                .put("because", clamp.because());
    }
}
