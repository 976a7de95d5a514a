// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.stage;

import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.policy.ScalingHistory;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * All that must survive a restart so that the next decision is the same.
 *
 * <p>Thread-safety: immutable.
 *
 * @param policy what the policy remembers
 * @param guards what the guards remember, one for each metric that has one
 */
public record StagedHistory(ScalingHistory policy, List<GuardMemory> guards) {
    /** Copies the list. */
    public StagedHistory {
        Objects.requireNonNull(policy, "policy");
        guards = List.copyOf(guards);
    }

    /**
     * The memory of an application that nobody has decided about yet.
     *
     * @param policy the policy
     * @return empty
     */
    public static StagedHistory none(ScalingPolicy policy) {
        return new StagedHistory(ScalingHistory.none(policy), List.of());
    }

    /**
     * The memory after replicas were really added or removed, by whomever.
     *
     * @param before how many there were to be
     * @param after how many there are to be
     * @param at when that was applied
     * @return unchanged if the counts are equal
     */
    public StagedHistory applied(int before, int after, Instant at) {
        return before == after ? this : new StagedHistory(policy.applied(before, after, at), guards);
    }

    GuardMemory of(String metric) {
        for (GuardMemory each : guards) {
            if (each.metric().equals(metric)) {
                return each;
            }
        }
        return GuardMemory.none(metric);
    }
}
