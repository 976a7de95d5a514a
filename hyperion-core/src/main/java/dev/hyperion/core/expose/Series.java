// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import dev.hyperion.core.registry.DistributionMeter;
import dev.hyperion.core.registry.RecentWindow;
import io.micrometer.core.instrument.Meter;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One series of a family, or the few that a distribution has.
 *
 * <p>What was written of a distribution is kept and written again as long as nothing was recorded and the window begins with
 * the same totals: then every byte would be the same. It is kept from the second time on that this holds, so that series in
 * use cost no memory and no garbage for it.
 *
 * <p>Thread-safety: thread-safe; scrapes that write a series at the same time may both write it anew.
 */
final class Series {
    final Meter meter;
    final ToDoubleFunction<Meter> value;
    final Labels labels;
    final @Nullable Bounds bounds;

    /** What was written, and of what it holds. Thread-safety: immutable. */
    @SuppressWarnings("ArrayRecordComponent") // bytes to be sent; never compared, never changed
    record Block(ExpositionFormat format, long changes, Object begin, byte[] text, double max) {}

    private volatile RecentWindow.@Nullable OfMeter recent;
    private volatile @Nullable Block kept;
    // What the last scrape saw; a race between two of them only decides when a block is kept.
    private long seenChanges = -1;
    private @Nullable Object seenBegin;

    Series(Meter meter, ToDoubleFunction<Meter> value, Labels labels, @Nullable Bounds bounds) {
        this.meter = meter;
        this.value = value;
        this.labels = labels;
        this.bounds = bounds;
    }

    /** The window of its meter, looked up only once; null as long as the meter is not followed. */
    RecentWindow.@Nullable OfMeter recent(RecentWindow window, DistributionMeter of) {
        RecentWindow.OfMeter found = recent;
        if (found == null) {
            found = window.of(of);
            recent = found;
        }
        return found;
    }

    /** Has the memory that the next scrape reads of it brought near, unless it will find the series unchanged. */
    long touch() {
        if (!(meter instanceof DistributionMeter distribution)) {
            return 0;
        }
        long own = distribution.touch(seenChanges);
        RecentWindow.OfMeter window = recent;
        return own == 0 || window == null ? own : own + window.touch();
    }

    /** Has the objects brought near that {@link #touch} goes through. */
    long approach() {
        if (!(meter instanceof DistributionMeter distribution)) {
            return 0;
        }
        RecentWindow.OfMeter window = recent;
        return distribution.approach() + (window == null ? 0 : window.approach());
    }

    /** What was written when as little was recorded as now; it still holds if the window begins as it did then. */
    @Nullable
    Block unchanged(ExpositionFormat format, long changes) {
        Block block = kept;
        return block != null && block.format() == format && block.changes() == changes ? block : null;
    }

    /** Whether the last scrape saw the same: then it is worth keeping. */
    boolean seenBefore(long changes, Object begin) {
        boolean same = seenChanges == changes && seenBegin == begin;
        seenChanges = changes;
        seenBegin = begin;
        if (!same) {
            kept = null;
        }
        return same;
    }

    void keep(Block block) {
        kept = block;
    }
}
