// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import java.time.Instant;
import java.util.Objects;

/**
 * A decision that was applied.
 *
 * <p>Thread-safety: immutable.
 *
 * @param decision the decision
 * @param appliedReplicas how many replicas were really asked of the backend
 * @param at when they were
 */
public record ScaleRecord(ScaleDecision decision, int appliedReplicas, Instant at) {
    /** Checks that nothing is null. */
    public ScaleRecord {
        Objects.requireNonNull(decision, "decision");
        Objects.requireNonNull(at, "at");
    }
}
