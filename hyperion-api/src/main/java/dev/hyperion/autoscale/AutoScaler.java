// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

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

    /**
     * Past decisions with their whole records: also those that changed nothing, as far back as they are kept.
     *
     * @param query which of them
     * @return the newest first, read from the journal while it is consumed, which throws
     *     {@link dev.hyperion.HyperionException} if the journal cannot be read
     */
    Stream<PastDecision> decisions(DecisionQuery query);

    /**
     * What people want for now instead of what the policy decides: what was said to a running instance, or else what the
     * configuration says.
     *
     * @return those that count now, in the order in which they apply; empty if the policy decides
     */
    List<ScaleOverride> overrides();

    /**
     * Overrides the policy for a while. It takes the place of the one that was said before, and of those of the configuration
     * until it ends; it is durable on return, and ends by itself. No decision that does not know of it begins after the return.
     *
     * @param override what is wanted
     * @return the override in force
     * @throws dev.hyperion.HyperionException if it ends in the past or later than in seven days, or pins to a count that is
     *     out of bounds now
     * @throws dev.hyperion.RefusedException if this instance does not lead, or knows no such application
     */
    ScaleOverride override(ScaleOverride override);

    /**
     * Ends the override that was said to a running instance; durable on return. What the configuration overrides counts again.
     *
     * @param who who wants it
     * @param why one line; may be empty
     * @return the override that was in force
     * @throws dev.hyperion.RefusedException if there is none, or this instance does not lead
     */
    ScaleOverride resume(String who, String why);
}
