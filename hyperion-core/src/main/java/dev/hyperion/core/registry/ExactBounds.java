// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import dev.hyperion.core.record.HistogramCopy;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes the counts at service level objectives exact. A record a little above an objective may share the recorder's bucket
 * with it; those, and only those, are counted here and taken off.
 *
 * <p>A record is noted before it is recorded, and the recorder is copied before this is read, so that a count errs, while
 * records overlap the reading, towards fewer; what has been told once is never taken back.
 *
 * <p>Thread-safety: thread-safe.
 */
final class ExactBounds {
    private final double[] bounds; // rising
    private final double[] ends; // where the bucket of each bound ends
    private final LongAdder[] above;
    private final AtomicLong[] told;

    private ExactBounds(double[] bounds, DoubleFunction<HistogramCopy> recordedAlone) {
        this.bounds = bounds;
        this.ends = new double[bounds.length];
        this.above = new LongAdder[bounds.length];
        this.told = new AtomicLong[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            int at = i;
            recordedAlone.apply(bounds[i]).forEachBucket((lower, upper, count) -> ends[at] = upper);
            above[i] = new LongAdder();
            told[i] = new AtomicLong();
        }
    }

    /**
     * Creates the counts of some objectives.
     *
     * @param objectives in the unit of the recorder; null or none means that there is nothing to count
     * @param recordedAlone a recorder's copy that holds nothing but the value given: tells where its bucket ends
     */
    static @Nullable ExactBounds of(double @Nullable [] objectives, DoubleFunction<HistogramCopy> recordedAlone) {
        return objectives == null || objectives.length == 0
                ? null
                : new ExactBounds(Arrays.stream(objectives).sorted().distinct().toArray(), recordedAlone);
    }

    /** Notes a value that is about to be recorded. */
    void note(double value) {
        for (int i = 0; i < bounds.length; i++) {
            if (value > bounds[i] && value < ends[i]) {
                above[i].increment();
            }
        }
    }

    /** Counts the records at or below a bound: exactly at an objective, else to the resolution of the copy. */
    long countUpTo(double bound, HistogramCopy copy) {
        long upTo = copy.countUpTo(bound);
        int i = Arrays.binarySearch(bounds, bound);
        return i < 0 ? upTo : told[i].accumulateAndGet(upTo - above[i].sum(), Math::max);
    }
}
