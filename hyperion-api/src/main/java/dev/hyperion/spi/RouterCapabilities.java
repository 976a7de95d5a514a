// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import java.util.Objects;
import java.util.Set;

/**
 * What a router can do.
 *
 * <p>Thread-safety: immutable.
 *
 * @param targets the forms of targets that it takes; at least one
 * @param precision how exactly it keeps shares
 * @param tellsInFlight whether it tells how many requests are in flight
 */
public record RouterCapabilities(Set<TargetKind> targets, Precision precision, boolean tellsInFlight) {
    /**
     * Copies the set.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public RouterCapabilities {
        Objects.requireNonNull(precision, "precision");
        targets = Set.copyOf(targets);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("a router takes targets in at least one form");
        }
    }

    /** How exactly a router keeps shares. */
    public enum Precision {
        /** To the request. */
        EXACT,
        /** As the numbers of replicas are to each other, whatever the weights say. */
        REPLICA_RATIO
    }
}
