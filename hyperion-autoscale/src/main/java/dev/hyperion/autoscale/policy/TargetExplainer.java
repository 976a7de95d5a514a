// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.autoscale.Clamp;
import dev.hyperion.autoscale.DecisionBasis;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.TargetPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tells people what a target policy decided and why.
 *
 * <p>Thread-safety: immutable.
 */
final class TargetExplainer {
    private final TargetPolicy policy;
    private final TargetOutcome outcome;

    private TargetExplainer(TargetPolicy policy, TargetOutcome outcome) {
        this.policy = policy;
        this.outcome = outcome;
    }

    static ScaleDecision explain(TargetPolicy policy, TargetObservation seen, TargetOutcome outcome, Instant now) {
        TargetExplainer explainer = new TargetExplainer(policy, outcome);
        return ScaleDecision.of(
                outcome.wanted(),
                outcome.target(),
                new DecisionBasis(
                        ScalingDecider.identity(
                                seen.application(), now, outcome.wanted(), outcome.target(), outcome.reasons()),
                        seen.application(),
                        inputs(policy, seen, now),
                        explainer.clamps(),
                        outcome.reasons(),
                        explainer.rationale(),
                        now));
    }

    static List<MetricInput> inputs(TargetPolicy policy, TargetObservation seen, Instant now) {
        List<MetricInput> inputs = new ArrayList<>(seen.metrics().size());
        for (int i = 0; i < seen.metrics().size(); i++) {
            inputs.add(seen.metrics().get(i).input(policy.metrics().get(i).name(), now));
        }
        return inputs;
    }

    private List<Clamp> clamps() {
        List<Clamp> clamps = new ArrayList<>();
        if (outcome.proposals().isEmpty()) {
            clamp(clamps, outcome.reasons().get(0), outcome.wanted(), outcome.target(), "out of bounds");
            return clamps;
        }
        clamp(
                clamps,
                ReasonCode.PANIC,
                outcome.raw(),
                outcome.panicked(),
                "the short window leads, or a larger proposal" + " is not old enough");
        boolean smallest = !policy.withoutBehavior() && outcome.panicked() >= outcome.wanted();
        clamp(
                clamps,
                smallest ? ReasonCode.SCALE_UP_STABILIZED : ReasonCode.SCALE_DOWN_STABILIZED,
                outcome.panicked(),
                outcome.stabilized(),
                smallest
                        ? "the smallest recommendation of the last "
                                + policy.up().stabilizationWindow().toSeconds() + " s"
                        : "the largest recommendation of the last "
                                + policy.down().stabilizationWindow().toSeconds() + " s");
        clamp(
                clamps,
                outcome.stabilized() > outcome.wanted() ? ReasonCode.SCALE_UP_LIMIT : ReasonCode.SCALE_DOWN_LIMIT,
                outcome.stabilized(),
                outcome.limited(),
                policy.withoutBehavior() ? "no more in one decision" : "no more in one period");
        clamp(
                clamps,
                outcome.limited() > outcome.target() ? ReasonCode.AT_MAX_REPLICAS : ReasonCode.AT_MIN_REPLICAS,
                outcome.limited(),
                outcome.target(),
                "the bound " + outcome.target());
        return clamps;
    }

    private static void clamp(List<Clamp> clamps, ReasonCode code, int before, int after, String because) {
        if (before != after) {
            clamps.add(new Clamp(code, before, after, because));
        }
    }

    private String rationale() {
        if (outcome.proposals().isEmpty()) {
            return outcome.reasons().get(0) == ReasonCode.SCALING_DISABLED
                    ? "there are no replicas although min_replicas is " + policy.minReplicas()
                            + ": scaling is switched off; scale to 1 or more by hand to switch it on"
                    : outcome.wanted() + " replicas are out of " + policy.minReplicas() + " to " + policy.maxReplicas()
                            + "; corrected to " + outcome.target() + " whatever the metrics say";
        }
        StringBuilder text = new StringBuilder();
        for (MetricProposal proposal : outcome.proposals()) {
            text.append(text.isEmpty() ? "" : "; ").append(told(proposal));
        }
        return text.append(": from ")
                .append(outcome.wanted())
                .append(" to ")
                .append(outcome.target())
                .append(" replicas")
                .toString();
    }

    private static String told(MetricProposal proposal) {
        if (!proposal.usable()) {
            return proposal.metric() + " cannot be used (" + proposal.problem() + ")";
        }
        String told = String.format(
                Locale.ROOT,
                "%s is %.3g of its target, so %d",
                proposal.metric(),
                proposal.ratio(),
                proposal.replicas());
        return proposal.ratio() == proposal.adjustedRatio()
                        || (Double.isNaN(proposal.ratio()) && Double.isNaN(proposal.adjustedRatio()))
                ? told
                : told
                        + String.format(
                                Locale.ROOT,
                                " (%.3g with %d missing and %d unready replicas)",
                                proposal.adjustedRatio(),
                                proposal.missing(),
                                proposal.unready());
    }
}
