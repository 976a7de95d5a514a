// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.record.LatencyRecorder;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.util.MeterEquivalence;
import io.micrometer.core.instrument.util.TimeUtils;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A timer that is its own {@link LatencyRecorder}: a reference to one would be one more load that each record waits for. Negative durations are ignored, as Micrometer's contract has it, and counted.
 * Thread-safety: thread-safe.
 */
final class RecordingTimer extends LatencyRecorder implements Timer, DistributionMeter, ExemplarMeter {
    private final Id id;
    private final Mishaps mishaps;
    private final @Nullable ExemplarSampler exemplars;
    private final Clock clock;
    private final TimeUnit baseUnit;
    private final PublishedPoints points;
    private @Nullable RecentReads recent; // guarded by this; most meters are never read this way
    private final @Nullable ExactBounds objectives;
    private final boolean watched; // whether a record has to tell anybody but the recorder

    RecordingTimer(
            Id id,
            Clock clock,
            TimeUnit baseUnit,
            DistributionStatisticConfig config,
            Mishaps mishaps,
            @Nullable ExemplarSampler exemplars) {
        this.id = id;
        this.mishaps = mishaps;
        this.exemplars = exemplars;
        this.clock = clock;
        this.baseUnit = baseUnit;
        this.points = PublishedPoints.of(config, RecordingTimer::recordedAlone);
        this.objectives = points.exact();
        this.watched = objectives != null || exemplars != null;
    }

    @Override
    public void record(long amount, TimeUnit unit) {
        if (amount < 0) {
            mishaps.rejected(id);
            return;
        }
        long nanos = unit == TimeUnit.NANOSECONDS ? amount : unit.toNanos(amount); // the usual one costs nothing
        if (watched) {
            note(nanos);
        }
        record(nanos);
    }

    private void note(long nanos) {
        if (objectives != null) {
            objectives.note(nanos);
        }
        if (exemplars != null) {
            exemplars.offerNanos(nanos);
        }
    }

    private static HistogramCopy recordedAlone(double nanos) {
        LatencyRecorder alone = new LatencyRecorder();
        alone.record((long) nanos);
        return alone.copy();
    }

    @Override
    public <T> T record(Supplier<T> supplier) {
        long start = clock.monotonicTime();
        try {
            return supplier.get();
        } finally {
            recordSince(start);
        }
    }

    @Override
    public <T> T recordCallable(Callable<T> callable) throws Exception {
        long start = clock.monotonicTime();
        try {
            return callable.call();
        } finally {
            recordSince(start);
        }
    }

    @Override
    public void record(Runnable runnable) {
        long start = clock.monotonicTime();
        try {
            runnable.run();
        } finally {
            recordSince(start);
        }
    }

    private void recordSince(long start) {
        record(clock.monotonicTime() - start, TimeUnit.NANOSECONDS);
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
    public long count() {
        return recorded();
    }

    @Override
    public double totalTime(TimeUnit unit) {
        return TimeUtils.nanosToUnit(copy().sum(), unit);
    }

    @Override
    public double max(TimeUnit unit) {
        HistogramCopy copy = recentReads().since(copy());
        return copy.count() == 0 ? 0 : TimeUtils.nanosToUnit(copy.max(), unit);
    }

    @Override
    public HistogramSnapshot takeSnapshot() {
        HistogramCopy copy = copy();
        return points.snapshot(copy, recentReads().since(copy));
    }

    private synchronized RecentReads recentReads() {
        RecentReads reads = recent == null ? new RecentReads(clock, HistogramCopy.Scale.NANOS) : recent;
        recent = reads;
        return reads;
    }

    @Override
    public TimeUnit baseTimeUnit() {
        return baseUnit;
    }

    @Override
    public Id getId() {
        return id;
    }

    @Override
    public @Nullable ExemplarSampler sampler() {
        return exemplars;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return MeterEquivalence.equals(this, other);
    }

    @Override
    public int hashCode() {
        return MeterEquivalence.hashCode(this);
    }
}
