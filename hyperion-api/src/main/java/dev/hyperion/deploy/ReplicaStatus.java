// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One replica as it was observed.
 *
 * <p>Thread-safety: immutable.
 *
 * @param id its identity, never used for another
 * @param phase where it stands
 * @param endpoint where it answers; empty if it has no address yet
 * @param startedAt when it was started
 * @param restarts how often it was started again after it ended by itself
 * @param reason why it is not ready, one line; empty if it is
 * @param exitCode how it ended; empty if it has not, or nobody knows
 * @param logTail its last log lines, oldest first; empty for a replica that is well
 */
public record ReplicaStatus(
        String id,
        ReplicaPhase phase,
        Optional<Endpoint> endpoint,
        Instant startedAt,
        int restarts,
        String reason,
        OptionalInt exitCode,
        List<String> logTail) {
    /** Copies the log lines. */
    public ReplicaStatus {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(exitCode, "exitCode");
        logTail = List.copyOf(logTail);
    }

    /**
     * Whether it may get traffic.
     *
     * @return true in phase {@link ReplicaPhase#READY}
     */
    public boolean ready() {
        return phase == ReplicaPhase.READY;
    }
}
