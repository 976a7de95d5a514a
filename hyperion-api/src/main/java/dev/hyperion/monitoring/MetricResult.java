// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** The answer to a {@link MetricQuery}: figures, the plain statement that there are none, or a failure to find out. */
public sealed interface MetricResult {
    /**
     * Figures.
     *
     * <p>Thread-safety: immutable.
     *
     * @param all at least one sample
     * @param actual the window that the figures really cover
     * @param answered how many of those asked have answered
     */
    record Samples(List<Sample> all, Window actual, Coverage answered) implements MetricResult {
        /**
         * Checks that there is a sample.
         *
         * @throws IllegalArgumentException if there is none; that is what {@link NoData} is for
         */
        public Samples {
            if (all.isEmpty()) {
                throw new IllegalArgumentException("Samples needs at least one sample; NoData says that there is none");
            }
            all = List.copyOf(all);
            Objects.requireNonNull(actual, "actual");
            Objects.requireNonNull(answered, "answered");
        }
    }

    /**
     * Nothing was recorded; not zero, but nothing.
     *
     * <p>Thread-safety: immutable.
     *
     * @param reason one line: what is missing
     */
    record NoData(String reason) implements MetricResult {
        /** Checks that there is a reason. */
        public NoData {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * It could not be found out; says nothing about the metric itself.
     *
     * <p>Thread-safety: immutable.
     *
     * @param why one line: what failed and what to do next
     */
    record Failed(String why) implements MetricResult {
        /** Checks that there is a reason. */
        public Failed {
            Objects.requireNonNull(why, "why");
        }
    }

    /**
     * Turns the answer into something else, whichever it is.
     *
     * @param samples for figures
     * @param noData for none
     * @param failed for a failure
     * @param <T> what it is turned into
     * @return what the function returned
     */
    default <T> T fold(
            Function<? super Samples, ? extends T> samples,
            Function<? super NoData, ? extends T> noData,
            Function<? super Failed, ? extends T> failed) {
        if (this instanceof Samples some) {
            return samples.apply(some);
        }
        return this instanceof NoData none ? noData.apply(none) : failed.apply((Failed) this);
    }
}
