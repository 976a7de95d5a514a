// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import dev.hyperion.ApplicationId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What every decision carries, whichever way it went.
 *
 * <p>Thread-safety: immutable.
 *
 * @param id tells this decision from every other; noting it twice changes nothing
 * @param application whom it is about
 * @param inputs the metrics as they were seen
 * @param clamps the limits that changed the proposal, in order
 * @param reasons why, the deciding one first; at least one
 * @param rationale one or two sentences for people, with the figures, and what would have changed the outcome
 * @param at when it was made
 */
public record DecisionBasis(
        String id,
        ApplicationId application,
        List<MetricInput> inputs,
        List<Clamp> clamps,
        List<ReasonCode> reasons,
        String rationale,
        Instant at) {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is no reason
     */
    public DecisionBasis {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(application, "application");
        Objects.requireNonNull(rationale, "rationale");
        Objects.requireNonNull(at, "at");
        inputs = List.copyOf(inputs);
        clamps = List.copyOf(clamps);
        reasons = List.copyOf(reasons);
        if (reasons.isEmpty()) {
            throw new IllegalArgumentException("a scale decision needs a reason");
        }
    }
}
