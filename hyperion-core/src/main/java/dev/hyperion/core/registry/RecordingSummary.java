// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.record.ValueRecorder;
import io.micrometer.core.instrument.AbstractMeter;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;

/** A summary over a {@link ValueRecorder}. Negative values are ignored, as Micrometer's contract has it. */
final class RecordingSummary extends AbstractMeter implements DistributionSummary, DistributionMeter {
    private final ValueRecorder recorder = new ValueRecorder();
    private final double scale;
    private final PublishedPoints points;
    private final RecentReads recent;

    RecordingSummary(Id id, Clock clock, double scale, PublishedPoints points) {
        super(id);
        this.scale = scale;
        this.points = points;
        this.recent = new RecentReads(clock, HistogramCopy.Scale.VALUES);
    }

    @Override
    public void record(double amount) {
        if (amount >= 0) {
            recorder.record(amount * scale);
        }
    }

    @Override
    public HistogramCopy copy() {
        return recorder.copy();
    }

    @Override
    public long count() {
        return copy().count();
    }

    @Override
    public double totalAmount() {
        return copy().sum();
    }

    @Override
    public double max() {
        HistogramCopy copy = recent.since(copy());
        return copy.count() == 0 ? 0 : copy.max();
    }

    @Override
    public HistogramSnapshot takeSnapshot() {
        HistogramCopy copy = copy();
        return points.snapshot(copy, recent.since(copy));
    }
}
