// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import java.util.Set;

/**
 * What a backend can do.
 *
 * <p>Thread-safety: immutable.
 *
 * @param targets the forms in which it tells where a version answers; at least one
 * @param drainsByItself whether it takes replicas out of service before it stops them, so that nobody else need
 */
public record BackendCapabilities(Set<TargetKind> targets, boolean drainsByItself) {
    /**
     * Copies the set.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public BackendCapabilities {
        targets = Set.copyOf(targets);
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("a backend tells where versions answer in at least one form");
        }
    }
}
