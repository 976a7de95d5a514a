// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.timeline;

import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.monitoring.Distribution;
import java.time.Duration;

/**
 * What one series did within one slot of time, or within a part of it: enough for any statistic, so that parts can be put
 * together before one is taken.
 *
 * <p>Thread-safety: immutable.
 */
public sealed interface Slot {

    /**
     * Puts two parts together: counts add up, histograms merge, gauge readings join.
     *
     * @param later the part that came after this one
     * @return both; only the later one if the metric has become another kind of thing in between
     */
    Slot plus(Slot later);

    /**
     * How a gauge read.
     *
     * @param readings how often it was read, 1 or more
     * @param sum the sum of the readings
     * @param min the smallest
     * @param max the largest
     * @param last the newest
     */
    record Level(long readings, double sum, double min, double max, double last) implements Slot {
        /**
         * One reading.
         *
         * @param value what the gauge read, a finite number
         * @return a level of one reading
         */
        public static Level of(double value) {
            return new Level(1, value, value, value, value);
        }

        /**
         * The mean of the readings.
         *
         * @return in the unit of the gauge
         */
        public double mean() {
            return sum / readings;
        }

        @Override
        public Slot plus(Slot later) {
            return later instanceof Level more
                    ? new Level(
                            readings + more.readings,
                            sum + more.sum,
                            Math.min(min, more.min),
                            Math.max(max, more.max),
                            more.last)
                    : later;
        }
    }

    /**
     * What a counter gained.
     *
     * @param count how much
     * @param length in how much time, on the monotonic clock
     */
    record Counted(double count, Duration length) implements Slot {
        @Override
        public Slot plus(Slot later) {
            return later instanceof Counted more ? new Counted(count + more.count, length.plus(more.length)) : later;
        }
    }

    /**
     * What a timer gained that somebody else keeps without a histogram.
     *
     * @param count how many records
     * @param sum their sum in seconds
     * @param length in how much time
     */
    record Timed(double count, double sum, Duration length) implements Slot {
        @Override
        public Slot plus(Slot later) {
            return later instanceof Timed more
                    ? new Timed(count + more.count, sum + more.sum, length.plus(more.length))
                    : later;
        }
    }

    /**
     * What was recorded into a timer or summary of ours.
     *
     * @param copy the records
     * @param length in how much time
     */
    record Recorded(HistogramCopy copy, Duration length) implements Slot {
        @Override
        public Slot plus(Slot later) {
            return later instanceof Recorded more && more.copy.scale() == copy.scale()
                    ? new Recorded(copy.plus(more.copy), length.plus(more.length))
                    : later;
        }
    }

    /**
     * What a source told as a distribution.
     *
     * @param distribution the records
     * @param length in how much time
     */
    record Told(Distribution distribution, Duration length) implements Slot {
        @Override
        public Slot plus(Slot later) {
            return later instanceof Told more
                    ? new Told(distribution.merge(more.distribution), length.plus(more.length))
                    : later;
        }
    }
}
