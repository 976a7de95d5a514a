// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import java.util.Objects;

/**
 * One limit that changed the proposal.
 *
 * <p>Thread-safety: immutable.
 *
 * @param code which limit
 * @param before the replicas proposed before it
 * @param after the replicas proposed after it
 * @param because one line for people
 */
public record Clamp(ReasonCode code, int before, int after, String because) {
    /** Checks that nothing is null. */
    public Clamp {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(because, "because");
    }
}
