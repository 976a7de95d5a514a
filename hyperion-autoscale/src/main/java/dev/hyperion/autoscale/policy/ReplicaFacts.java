// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One replica, as far as scaling cares.
 *
 * <p>Thread-safety: immutable.
 *
 * @param id which
 * @param phase where it is in its life
 * @param startedAt when it was started; empty if that is not known
 * @param readiness whether it is ready; empty if nobody has looked yet
 */
public record ReplicaFacts(String id, Phase phase, Optional<Instant> startedAt, Optional<Readiness> readiness) {

    /** Where a replica is in its life. */
    public enum Phase {
        /** Accepted and not running yet. */
        PENDING,
        /** Running, ready or not. */
        RUNNING,
        /** It ended, well or not, and will not run again. */
        FAILED,
        /** On its way out. */
        TERMINATING
    }

    /**
     * Whether a replica is ready.
     *
     * <p>Thread-safety: immutable.
     *
     * @param ready whether it is
     * @param since since when
     * @param lost whether nobody can tell any more: then it takes no requests, and its samples still count (Kubernetes: {@code
     *     Unknown})
     */
    public record Readiness(boolean ready, Instant since, boolean lost) {
        /**
         * Checks that it is not both ready and lost.
         *
         * @throws IllegalArgumentException if it is
         */
        public Readiness {
            Objects.requireNonNull(since, "since");
            if (ready && lost) {
                throw new IllegalArgumentException("a replica of which nobody can tell is not ready");
            }
        }

        /**
         * What somebody saw.
         *
         * @param ready whether it is ready
         * @param since since when
         */
        public Readiness(boolean ready, Instant since) {
            this(ready, since, false);
        }

        /**
         * Nobody can tell any more.
         *
         * @param since since when
         * @return neither ready nor known not to be
         */
        public static Readiness lost(Instant since) {
            return new Readiness(false, since, true);
        }

        /** Whether it is known not to be ready. */
        boolean refused() {
            return !ready && !lost;
        }
    }

    /** Checks that nothing is null. */
    public ReplicaFacts {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(phase, "phase");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(readiness, "readiness");
    }

    /**
     * Whether it takes requests.
     *
     * @return true if it runs and is known to be ready
     */
    public boolean runsAndIsReady() {
        return phase == Phase.RUNNING && isReady();
    }

    /** Whether the ratio of one value multiplies it: as long as it is ready, on its way out or not. */
    boolean multiplies() {
        return (phase == Phase.RUNNING || phase == Phase.TERMINATING) && isReady();
    }

    private boolean isReady() {
        return readiness.isPresent() && readiness.get().ready();
    }
}
