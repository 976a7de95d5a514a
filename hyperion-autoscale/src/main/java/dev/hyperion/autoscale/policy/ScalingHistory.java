// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import java.time.Instant;

/**
 * What a policy remembers: {@link ScaleHistory} for a threshold policy, {@link TargetHistory} for a target policy. All of it
 * must survive a restart, or the next decision is another one.
 */
public sealed interface ScalingHistory permits ScaleHistory, TargetHistory {
    /**
     * The memory of a policy that has not decided yet.
     *
     * @param policy the policy
     * @return empty, of the policy's kind
     */
    static ScalingHistory none(ScalingPolicy policy) {
        return policy instanceof ThresholdPolicy ? ScaleHistory.NONE : TargetHistory.NONE;
    }

    /**
     * The memory after replicas were really added or removed, by whomever.
     *
     * @param before how many there were to be
     * @param after how many there are to be
     * @param at when that was applied
     * @return unchanged if the counts are equal
     */
    ScalingHistory applied(int before, int after, Instant at);
}
