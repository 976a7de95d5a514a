// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.autoscale.ReasonCode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a target policy decided, with every stage in between.
 *
 * <p>Thread-safety: immutable.
 *
 * @param wanted how many replicas there should have been until now
 * @param proposals what each metric proposes, in the policy's order; empty if the count was corrected without reading them
 * @param shortProposals the same over the panic window
 * @param raw the largest proposal, or the count that was there if none may be followed
 * @param panicked the same after the panic window was heard
 * @param stabilized the same after recent recommendations were heard
 * @param limited the same after the limits per period
 * @param target the same within the bounds: the decision
 * @param reasons why, the deciding one first; at least one
 * @param next what to remember from now on, whether or not the decision is applied
 */
public record TargetOutcome(
        int wanted,
        List<MetricProposal> proposals,
        List<MetricProposal> shortProposals,
        int raw,
        int panicked,
        int stabilized,
        int limited,
        int target,
        List<ReasonCode> reasons,
        TargetHistory next)
        implements ScalingOutcome {
    /** Copies the lists. */
    public TargetOutcome {
        Objects.requireNonNull(next, "next");
        proposals = List.copyOf(proposals);
        shortProposals = List.copyOf(shortProposals);
        reasons = List.copyOf(reasons);
    }

    /**
     * The reason of HPA's condition {@code AbleToScale} when this was decided and nothing was applied yet; once it is, HPA
     * says {@code SucceededRescale}.
     *
     * @return {@code ScaleUpStabilized}, {@code ScaleDownStabilized}, {@code ReadyForNewScale}, or {@code
     *     SucceededGetScale} if no recommendation was made
     */
    public String ableToScale() {
        if (!recommends()) {
            return "SucceededGetScale";
        }
        if (reasons.contains(ReasonCode.SCALE_UP_STABILIZED)) {
            return "ScaleUpStabilized";
        }
        return reasons.contains(ReasonCode.SCALE_DOWN_STABILIZED) ? "ScaleDownStabilized" : "ReadyForNewScale";
    }

    /**
     * The reason of HPA's condition {@code ScalingLimited}.
     *
     * @return {@code ScaleUpLimit}, {@code ScaleDownLimit}, {@code TooManyReplicas}, {@code TooFewReplicas}, {@code
     *     DesiredWithinRange}; empty if no recommendation was made, which leaves the condition as it was
     */
    public Optional<String> scalingLimited() {
        if (!recommends()) {
            return Optional.empty();
        }
        for (ReasonCode reason : reasons) { // the deciding one is the first
            switch (reason) {
                case AT_MAX_REPLICAS:
                    return Optional.of("TooManyReplicas");
                case AT_MIN_REPLICAS:
                    return Optional.of("TooFewReplicas");
                case SCALE_UP_LIMIT:
                    return Optional.of("ScaleUpLimit");
                case SCALE_DOWN_LIMIT:
                    return Optional.of("ScaleDownLimit");
                default:
                    break;
            }
        }
        return Optional.of("DesiredWithinRange");
    }

    /** Whether the metrics could be followed: the count was not just corrected, and enough of them were usable. */
    private boolean recommends() {
        ReasonCode first = reasons.get(0);
        return !proposals.isEmpty() && !first.isBadData() && first != ReasonCode.DOWN_ON_PARTIAL_METRICS;
    }

    static TargetOutcome without(int wanted, int target, ReasonCode reason, TargetHistory history) {
        return new TargetOutcome(
                wanted, List.of(), List.of(), target, target, target, target, target, List.of(reason), history);
    }
}
