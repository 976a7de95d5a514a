// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/** One metric of a target policy as it was read. */
public sealed interface MetricObservation {
    /**
     * The reading as a decision record has it.
     *
     * @param metric the metric's address
     * @param now the time of the decision
     * @return its value (the mean over replicas), the time of its oldest sample, and where it comes from
     */
    MetricInput input(String metric, Instant now);

    /**
     * A sample of each replica.
     *
     * <p>Thread-safety: immutable.
     *
     * @param samples one for each of {@link TargetObservation#replicas()}, in their order
     * @param source where they come from; one line
     */
    record PerReplica(List<ReplicaSample> samples, String source) implements MetricObservation {
        /** Copies the list. */
        public PerReplica {
            Objects.requireNonNull(source, "source");
            samples = List.copyOf(samples);
        }

        /**
         * Samples of no particular source.
         *
         * @param samples one for each of {@link TargetObservation#replicas()}, in their order
         */
        public PerReplica(List<ReplicaSample> samples) {
            this(samples, "");
        }

        @Override
        public MetricInput input(String metric, Instant now) {
            int measured = 0;
            double sum = 0;
            Optional<Instant> oldest = Optional.empty();
            for (ReplicaSample each : samples) {
                if (each instanceof ReplicaSample.Measured sample) {
                    measured++;
                    sum += sample.milli() / 1_000.0;
                    oldest = oldest.filter(sample.takenAt()::isAfter).or(() -> Optional.of(sample.takenAt()));
                }
            }
            return new MetricInput(
                    metric,
                    measured == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / measured),
                    oldest,
                    oldest.map(at -> age(at, now)),
                    measured + " of " + samples.size() + " replicas" + from(source));
        }
    }

    /**
     * One value for the application as a whole.
     *
     * <p>Thread-safety: immutable.
     *
     * @param milli the value, in thousandths
     * @param takenAt when it was true
     * @param source where it comes from; one line
     */
    record Whole(long milli, Instant takenAt, String source) implements MetricObservation {
        /** Checks that nothing is null. */
        public Whole {
            Objects.requireNonNull(takenAt, "takenAt");
            Objects.requireNonNull(source, "source");
        }

        /**
         * A value of no particular source.
         *
         * @param milli the value, in thousandths
         * @param takenAt when it was true
         */
        public Whole(long milli, Instant takenAt) {
            this(milli, takenAt, "");
        }

        /**
         * Several series of one metric, added up as HPA adds those of an external metric: a sum beyond 64 bits is the
         * largest value.
         *
         * @param milli their values, in thousandths
         * @param takenAt when they were true
         * @return the sum
         */
        public static Whole sum(List<Long> milli, Instant takenAt) {
            long sum = 0;
            for (long each : milli) {
                if (each > 0 && sum > Long.MAX_VALUE - each) {
                    return new Whole(Long.MAX_VALUE, takenAt);
                }
                sum += each;
            }
            return new Whole(sum, takenAt);
        }

        @Override
        public MetricInput input(String metric, Instant now) {
            return new MetricInput(
                    metric,
                    OptionalDouble.of(milli / 1_000.0),
                    Optional.of(takenAt),
                    Optional.of(age(takenAt, now)),
                    "one value" + from(source));
        }
    }

    /**
     * It could not be read.
     *
     * <p>Thread-safety: immutable.
     *
     * @param code what is wrong with it, such as {@link ReasonCode#METRIC_FAILED}
     * @param why one line
     */
    record Failed(ReasonCode code, String why) implements MetricObservation {
        /**
         * Checks the code.
         *
         * @throws IllegalArgumentException if it does not say that data is bad
         */
        public Failed {
            Objects.requireNonNull(why, "why");
            if (!code.isBadData()) {
                throw new IllegalArgumentException(code + " does not say that data is bad");
            }
        }

        /**
         * A reading that failed.
         *
         * @param why one line
         */
        public Failed(String why) {
            this(ReasonCode.METRIC_FAILED, why);
        }

        @Override
        public MetricInput input(String metric, Instant now) {
            return new MetricInput(metric, OptionalDouble.empty(), Optional.empty(), Optional.empty(), why);
        }
    }

    private static Duration age(Instant takenAt, Instant now) {
        Duration age = Duration.between(takenAt, now);
        return age.isNegative() ? Duration.ZERO : age;
    }

    private static String from(String source) {
        return source.isEmpty() ? "" : ", " + source;
    }
}
