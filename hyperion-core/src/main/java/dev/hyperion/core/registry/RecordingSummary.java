// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.record.Tally;
import dev.hyperion.core.record.ValueRecorder;
import io.micrometer.core.instrument.AbstractMeter;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A summary over a {@link ValueRecorder}. Values that are negative, infinite or no number, before or after scaling, are ignored
 * and counted: one infinite value would spoil the sum for ever. Thread-safety: thread-safe.
 */
final class RecordingSummary extends AbstractMeter implements DistributionSummary, DistributionMeter, ExemplarMeter {
    private final Mishaps mishaps;
    private final @Nullable ExemplarSampler exemplars;
    private final ValueRecorder recorder = new ValueRecorder();
    private final double scale;
    private final PublishedPoints points;
    private final RecentReads recent;
    private final @Nullable ExactBounds objectives;

    RecordingSummary(
            Id id,
            Clock clock,
            double scale,
            DistributionStatisticConfig config,
            Mishaps mishaps,
            @Nullable ExemplarSampler exemplars) {
        super(id);
        this.mishaps = mishaps;
        this.exemplars = exemplars;
        this.scale = scale;
        this.points = PublishedPoints.of(config, RecordingSummary::recordedAlone);
        this.objectives = points.exact();
        this.recent = new RecentReads(clock, HistogramCopy.Scale.VALUES);
    }

    @Override
    public void record(double amount) {
        double scaled = amount * scale;
        if (!(amount >= 0 && scaled >= 0 && scaled <= Double.MAX_VALUE)) {
            mishaps.rejected(getId());
            return;
        }
        if (objectives != null) {
            objectives.note(scaled);
        }
        if (exemplars == null) { // asked first: behind the addition the question would wait for it
            recorder.record(scaled);
        } else {
            recorder.record(scaled);
            exemplars.offer(scaled);
        }
    }

    private static HistogramCopy recordedAlone(double value) {
        ValueRecorder alone = new ValueRecorder();
        alone.record(value);
        return alone.copy();
    }

    @Override
    public HistogramCopy copy() {
        return recorder.copy();
    }

    @Override
    public double[] bounds() {
        return points.bounds();
    }

    @Override
    public long countUpTo(double bound, HistogramCopy copy) {
        return points.countUpTo(bound, copy);
    }

    @Override
    public void addTo(Tally tally) {
        recorder.addTo(tally);
    }

    @Override
    public long recorded() {
        return recorder.recorded();
    }

    @Override
    public long changes() {
        return recorder.changes();
    }

    @Override
    public long clamped() {
        return recorder.clamped();
    }

    @Override
    public long count() {
        return recorder.recorded();
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

    @Override
    public @Nullable ExemplarSampler sampler() {
        return exemplars;
    }
}
