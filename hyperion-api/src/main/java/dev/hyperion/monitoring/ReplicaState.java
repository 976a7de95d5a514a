// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.time.Instant;
import java.util.Objects;

/**
 * The replica that a sample is about, as far as readers of samples need it.
 *
 * <p>Thread-safety: immutable.
 *
 * @param id the replica's identity, as the backend tells it
 * @param ready whether it took traffic when the sample was taken
 * @param startedAt when it was started; young replicas are cold
 */
public record ReplicaState(String id, boolean ready, Instant startedAt) {
    /** Checks that nothing is null. */
    public ReplicaState {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(startedAt, "startedAt");
    }
}
