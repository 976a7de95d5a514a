// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.autoscale.ReasonCode;
import java.util.List;
import java.util.Objects;

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

    static TargetOutcome without(int wanted, int target, ReasonCode reason, TargetHistory history) {
        return new TargetOutcome(
                wanted, List.of(), List.of(), target, target, target, target, target, List.of(reason), history);
    }
}
