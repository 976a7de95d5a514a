// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import dev.hyperion.core.record.HistogramCopy;
import io.micrometer.core.instrument.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What Micrometer's own readers (`max()`, `takeSnapshot()`) see as recent: the records since the newest earlier read that
 * lies at least {@link #SPAN} back, or since creation. The writer is not involved; a meter that nobody reads this way keeps
 * nothing. Queries do not come here: they have real windows.
 *
 * <p>Thread-safety: thread-safe, blocking among readers.
 */
final class RecentReads {
    static final Duration SPAN = Duration.ofMinutes(1);
    private static final long SPACING_NANOS = SPAN.dividedBy(6).toNanos();

    private record Mark(long at, HistogramCopy copy) {}

    private final Clock clock;
    private @Nullable ArrayDeque<Mark> kept; // few meters are read this way, and all have one of these
    private HistogramCopy baseline;

    RecentReads(Clock clock, HistogramCopy.Scale scale) {
        this.clock = clock;
        this.baseline = HistogramCopy.empty(scale);
    }

    synchronized HistogramCopy since(HistogramCopy now) {
        long at = clock.monotonicTime();
        ArrayDeque<Mark> marks = kept == null ? new ArrayDeque<>(2) : kept;
        kept = marks;
        while (!marks.isEmpty() && at - marks.peekFirst().at() >= SPAN.toNanos()) {
            baseline = marks.pollFirst().copy();
        }
        if (marks.isEmpty() || at - marks.peekLast().at() >= SPACING_NANOS) {
            marks.addLast(new Mark(at, now));
        }
        // a reader that copied before another one rotated may hold less than the baseline: nothing is recent then
        return now.count() >= baseline.count() ? now.minus(baseline) : HistogramCopy.empty(now.scale());
    }
}
