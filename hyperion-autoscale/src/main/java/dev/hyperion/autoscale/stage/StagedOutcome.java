// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.stage;

import dev.hyperion.autoscale.Clamp;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.policy.ScalingObservation;
import dev.hyperion.autoscale.policy.ScalingOutcome;
import dev.hyperion.autoscale.schedule.Schedule;
import java.util.List;
import java.util.Objects;

/**
 * What a policy with its stages decided.
 *
 * <p>Thread-safety: immutable.
 *
 * @param bounds the bounds in force
 * @param effective the policy that decided: within those bounds, and start-aware if asked for
 * @param shown what that policy was shown, after guards, rollout and start
 * @param alone what it decided from that
 * @param starting how many replicas are starting; 0 unless that is asked for
 * @param verdicts what each guard found
 * @param clamps what the stages made of it, in order; those of the policy itself come before and are not among them
 * @param target the decision
 * @param reasons why, the deciding one first
 * @param next what to remember from now on, whether or not the decision is applied
 */
public record StagedOutcome(
        Schedule.Bounds bounds,
        ScalingPolicy effective,
        ScalingObservation shown,
        ScalingOutcome alone,
        int starting,
        List<Verdict> verdicts,
        List<Clamp> clamps,
        int target,
        List<ReasonCode> reasons,
        StagedHistory next) {
    /** Copies the lists. */
    public StagedOutcome {
        Objects.requireNonNull(bounds, "bounds");
        Objects.requireNonNull(effective, "effective");
        Objects.requireNonNull(shown, "shown");
        Objects.requireNonNull(alone, "alone");
        Objects.requireNonNull(next, "next");
        verdicts = List.copyOf(verdicts);
        clamps = List.copyOf(clamps);
        reasons = List.copyOf(reasons);
    }

    /**
     * How many replicas there should have been until now.
     *
     * @return 0 or more
     */
    public int wanted() {
        return alone.wanted();
    }
}
