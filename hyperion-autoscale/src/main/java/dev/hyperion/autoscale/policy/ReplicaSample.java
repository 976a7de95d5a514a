// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** What is known of one metric of one replica. Quantities are in thousandths. */
public sealed interface ReplicaSample {
    /**
     * How much of it the replica requested.
     *
     * @return in thousandths; negative if it requested none, which a utilization cannot do without
     */
    long requestMilli();

    /**
     * A value.
     *
     * <p>Thread-safety: immutable.
     *
     * @param milli the value, in thousandths
     * @param requestMilli how much the replica requested, in thousandths; negative if none
     * @param takenAt when it was true
     * @param window how long a time it is the mean of
     */
    record Measured(long milli, long requestMilli, Instant takenAt, Duration window) implements ReplicaSample {
        /** Checks that nothing is null. */
        public Measured {
            Objects.requireNonNull(takenAt, "takenAt");
            Objects.requireNonNull(window, "window");
        }
    }

    /**
     * No value.
     *
     * <p>Thread-safety: immutable.
     *
     * @param requestMilli how much the replica requested, in thousandths; negative if none
     */
    record Missing(long requestMilli) implements ReplicaSample {}
}
