// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** One metric of a target policy as it was read. */
public sealed interface MetricObservation {
    /**
     * A sample of each replica.
     *
     * <p>Thread-safety: immutable.
     *
     * @param samples one for each of {@link TargetObservation#replicas()}, in their order
     */
    record PerReplica(List<ReplicaSample> samples) implements MetricObservation {
        /** Copies the list. */
        public PerReplica {
            samples = List.copyOf(samples);
        }
    }

    /**
     * One value for the application as a whole.
     *
     * <p>Thread-safety: immutable.
     *
     * @param milli the value, in thousandths
     * @param takenAt when it was true
     */
    record Whole(long milli, Instant takenAt) implements MetricObservation {
        /** Checks that nothing is null. */
        public Whole {
            Objects.requireNonNull(takenAt, "takenAt");
        }
    }

    /**
     * It could not be read.
     *
     * <p>Thread-safety: immutable.
     *
     * @param why one line
     */
    record Failed(String why) implements MetricObservation {
        /** Checks that nothing is null. */
        public Failed {
            Objects.requireNonNull(why, "why");
        }
    }
}
