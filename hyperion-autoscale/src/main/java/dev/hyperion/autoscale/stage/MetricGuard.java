// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.stage;

import dev.hyperion.HyperionException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What is asked of one metric before it is followed. Whatever is chosen, data that is missing, stale, NaN, failed or
 * suspiciously zero never removes a replica.
 *
 * <p>Thread-safety: immutable.
 *
 * @param metric the metric's address, as the policy has it
 * @param maxAge older readings are bad; empty for no limit of its own
 * @param onBadData what to do with bad data
 * @param zero when a zero is not believed; empty to believe every one
 */
public record MetricGuard(String metric, Optional<Duration> maxAge, OnBadData onBadData, Optional<ZeroGuard> zero) {

    /** What to do with bad data. */
    public sealed interface OnBadData {
        /** Change nothing. Thread-safety: immutable. */
        record Hold() implements OnBadData {}

        /**
         * Go up if the others, or a reading that is merely old, ask for it; never down. Thread-safety: immutable.
         */
        record UpOnly() implements OnBadData {}

        /**
         * As {@link UpOnly}, and after a while at least so many replicas. Fewer than there are it never means.
         *
         * <p>Thread-safety: immutable.
         *
         * @param replicas how many, 1 or more
         * @param after how long the data must have been bad, zero or more
         */
        record Fallback(int replicas, Duration after) implements OnBadData {
            /**
             * Checks the numbers.
             *
             * @throws HyperionException if one is out of range
             */
            public Fallback {
                if (replicas < 1) {
                    throw new HyperionException("fallback has replicas " + replicas + "; expected 1 or more");
                }
                if (after.isNegative()) {
                    throw new HyperionException("fallback has after " + after + "; expected zero or more");
                }
            }
        }
    }

    /**
     * A value that falls to exactly 0 from a substantial one while replicas serve is more often a broken source than an idle
     * application.
     *
     * <p>Thread-safety: immutable.
     *
     * @param substantial the least value, in the metric's unit, from which a fall to 0 is suspicious; more than 0. For
     *     samples of replicas: their sum
     * @param disbelief for how long the zero is not believed; more than zero
     */
    public record ZeroGuard(double substantial, Duration disbelief) {
        /**
         * Checks the numbers.
         *
         * @throws HyperionException if one is out of range
         */
        public ZeroGuard {
            if (!(substantial > 0)) {
                throw new HyperionException("zero guard has substantial " + substantial + "; expected more than 0");
            }
            if (disbelief.isNegative() || disbelief.isZero()) {
                throw new HyperionException("zero guard has disbelief " + disbelief + "; expected more than zero");
            }
        }
    }

    /**
     * Checks the numbers.
     *
     * @throws HyperionException if one is out of range
     */
    public MetricGuard {
        Objects.requireNonNull(metric, "metric");
        Objects.requireNonNull(onBadData, "onBadData");
        Objects.requireNonNull(zero, "zero");
        if (maxAge.filter(age -> age.isNegative() || age.isZero()).isPresent()) {
            throw new HyperionException(
                    "guard of " + metric + " has max_age " + maxAge.get() + "; expected more than zero");
        }
    }

    /**
     * A guard with an age limit that goes up only on bad data, and believes zeros.
     *
     * @param metric the metric's address
     * @param maxAge older readings are bad
     * @return the guard
     */
    public static MetricGuard of(String metric, Duration maxAge) {
        return new MetricGuard(metric, Optional.of(maxAge), new OnBadData.UpOnly(), Optional.empty());
    }
}
