// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.autoscale.Clamp;
import dev.hyperion.autoscale.DecisionBasis;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.told.Told;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Tells people what a threshold policy decided and why. Thread-safety: immutable. */
final class ThresholdExplainer {
    private final ThresholdPolicy policy;
    private final Observation seen;
    private final ThresholdOutcome outcome;

    private ThresholdExplainer(ThresholdPolicy policy, Observation seen, ThresholdOutcome outcome) {
        this.policy = policy;
        this.seen = seen;
        this.outcome = outcome;
    }

    static ScaleDecision explain(ThresholdPolicy policy, Observation seen, ThresholdOutcome outcome, Instant now) {
        ThresholdExplainer explainer = new ThresholdExplainer(policy, seen, outcome);
        return ScaleDecision.of(
                outcome.wanted(),
                outcome.target(),
                new DecisionBasis(
                        ScalingDecider.identity(
                                seen.application(), now, outcome.wanted(), outcome.target(), outcome.reasons()),
                        seen.application(),
                        List.of(seen.input()),
                        explainer.clamps(),
                        outcome.reasons(),
                        explainer.rationale(),
                        now));
    }

    private List<Clamp> clamps() {
        List<Clamp> clamps = new ArrayList<>(2);
        ReasonCode first = outcome.reasons().get(0);
        if (first == ReasonCode.BELOW_MIN_REPLICAS || first == ReasonCode.ABOVE_MAX_REPLICAS) {
            clamps.add(new Clamp(first, outcome.wanted(), outcome.target(), "out of bounds"));
            return clamps;
        }
        ReasonCode last = outcome.reasons().get(outcome.reasons().size() - 1);
        if (outcome.raw() != outcome.limited()) {
            clamps.add(new Clamp(
                    last,
                    outcome.raw(),
                    outcome.limited(),
                    "the cooldown runs for another " + Told.seconds(outcome.cooldownLeft())));
        }
        if (outcome.limited() != outcome.target()) {
            clamps.add(new Clamp(
                    last,
                    outcome.limited(),
                    outcome.target(),
                    "a step of " + policy.scaleStep() + " ends at the bound"));
        }
        return clamps;
    }

    private String rationale() {
        ReasonCode first = outcome.reasons().get(0);
        if (seen.hold().isPresent()) {
            return seen.hold().get().because();
        }
        if (first.isBadData()) {
            return policy.metric() + " cannot be used (" + seen.input().detail() + "); nothing is changed on bad data";
        }
        String reading =
                policy.metric() + " is " + Told.number(seen.input().value().orElse(Double.NaN));
        return switch (first) {
            case BELOW_MIN_REPLICAS -> corrected("fewer than min_replicas");
            case ABOVE_MAX_REPLICAS -> corrected("more than max_replicas");
            case WITHIN_THRESHOLDS ->
                reading + ", between " + Told.number(policy.scaleDownThreshold()) + " and "
                        + Told.number(policy.scaleUpThreshold())
                        + "; below the first a step down follows, above the second one up";
            case ABOVE_SCALE_UP_THRESHOLD ->
                stepped(
                        reading + ", above " + Told.number(policy.scaleUpThreshold()),
                        "scale-up",
                        "there are max_replicas " + policy.maxReplicas() + " already");
            default ->
                stepped(
                        reading + ", below " + Told.number(policy.scaleDownThreshold()),
                        "scale-down",
                        "there are only min_replicas " + policy.minReplicas());
        };
    }

    private String corrected(String how) {
        return outcome.wanted() + " replicas are " + how + " " + outcome.target()
                + "; corrected whatever the metric says";
    }

    private String stepped(String why, String direction, String atTheBound) {
        if (outcome.target() != outcome.wanted()) {
            return why + ": from " + outcome.wanted() + " to " + outcome.target() + " replicas";
        }
        return outcome.cooldownLeft().isZero()
                ? why + ", but " + atTheBound
                : why + ", but the " + direction + " cooldown runs for another " + Told.seconds(outcome.cooldownLeft());
    }
}
