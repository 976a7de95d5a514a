// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.util.Objects;
import java.util.Optional;

/**
 * A figure in the form in which its source has it. Readers take windows over cumulative forms themselves, so that a source
 * need not know who asks how often.
 */
public sealed interface SampleValue {
    /**
     * A level, or a statistic already taken.
     *
     * <p>Thread-safety: immutable.
     *
     * @param value seconds, bytes, percent or per second, as the metric has it; never NaN
     */
    record Scalar(double value) implements SampleValue {
        /**
         * Checks the value.
         *
         * @throws IllegalArgumentException if it is NaN; a source without a value answers with no sample
         */
        public Scalar {
            if (Double.isNaN(value)) {
                throw new IllegalArgumentException("a sample is NaN; leave it out instead");
            }
        }
    }

    /**
     * A total that only rises while its start id stays the same.
     *
     * <p>Thread-safety: immutable.
     *
     * @param value the total since the start; 0 or more
     * @param startId changes whenever the total began anew at zero
     */
    record Cumulative(double value, String startId) implements SampleValue {
        /**
         * Checks the value.
         *
         * @throws IllegalArgumentException if it is negative or NaN
         */
        public Cumulative {
            if (!(value >= 0)) {
                throw new IllegalArgumentException("a cumulative sample is " + value + "; it cannot be below zero");
            }
            Objects.requireNonNull(startId, "startId");
        }
    }

    /**
     * A distribution.
     *
     * <p>Thread-safety: immutable.
     *
     * @param distribution what was recorded
     * @param startId for everything since a start: changes whenever it began anew; empty for the records of the answer's
     *     window alone
     */
    record Distributed(Distribution distribution, Optional<String> startId) implements SampleValue {
        /** Checks that nothing is null. */
        public Distributed {
            Objects.requireNonNull(distribution, "distribution");
            Objects.requireNonNull(startId, "startId");
        }
    }
}
