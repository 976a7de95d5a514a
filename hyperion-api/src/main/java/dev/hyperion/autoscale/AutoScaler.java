// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import java.util.List;
import java.util.OptionalInt;

/**
 * Decides how many replicas one application should have.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface AutoScaler {
    /**
     * The policy in force.
     *
     * @return the policy
     */
    ScalingPolicy policy();

    /**
     * Decides without acting: changes nothing, starts no cooldown, writes no history.
     *
     * @param replicas the replica count to decide from, 0 or more; empty for the observed one
     * @return the decision, which explains itself
     * @throws dev.hyperion.HyperionException if the observed count is asked for and cannot be observed
     */
    default ScaleDecision plan(OptionalInt replicas) {
        return explain(replicas).decision();
    }

    /**
     * Decides as {@link #plan} does, and tells everything that the decision rests on.
     *
     * @param replicas the replica count to decide from, 0 or more; empty for the observed one
     * @return the decision with its whole record
     * @throws dev.hyperion.HyperionException if the observed count is asked for and cannot be observed
     */
    ExplainedDecision explain(OptionalInt replicas);

    /**
     * Notes what was applied, so that cooldowns count from it. The deployment manager calls this after it applied a
     * decision, or an operator's own request; noting the same decision twice changes nothing.
     *
     * @param decision the decision that was applied
     * @param appliedReplicas how many replicas were really asked of the backend
     */
    void record(ScaleDecision decision, int appliedReplicas);

    /**
     * What was applied.
     *
     * @return the newest last; a bounded number
     */
    List<ScaleRecord> history();
}
