// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.HyperionClock;
import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.registry.DistributionMeter;
import dev.hyperion.core.registry.HyperionMeterRegistry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Windows over the meters of the local registry.
 *
 * <p>Names that somebody asks for are marked at every tick, all others at every tenth, and marks are kept for the longest
 * window asked. Who asks for a name for the first time gets a window as long as the coarse marks allow.
 *
 * <p>Thread-safety: thread-safe.
 */
final class LocalSeries {
    private static final int COARSE = 10;

    private final HyperionMeterRegistry registry;
    private final HyperionClock clock;
    private final Duration minimumKept;

    private record Entry(Meter meter, SeriesWindow window) {}

    private final Map<Meter.Id, Entry> entries = new ConcurrentHashMap<>();
    private final Map<String, Duration> subscribed = new ConcurrentHashMap<>();
    private volatile long watchedSince;
    private long ticks;

    LocalSeries(HyperionMeterRegistry registry, HyperionClock clock, Duration minimumKept) {
        this.registry = registry;
        this.clock = clock;
        this.minimumKept = minimumKept;
        this.watchedSince = clock.monotonicNanos();
        registry.config().onMeterAdded(this::begin);
        registry.config().onMeterRemoved(meter -> entries.remove(meter.getId()));
    }

    private void begin(Meter meter) {
        zero(meter)
                .ifPresent(zero -> entries.put(
                        meter.getId(),
                        new Entry(
                                meter,
                                new SeriesWindow(new SeriesWindow.Mark(clock.monotonicNanos(), clock.now(), zero)))));
    }

    Collection<Meter> named(String name) {
        return registry.named(name);
    }

    /** Reads meters, calling the functions behind them in one go. */
    <R> R sampled(Collection<Meter> meters, HyperionMeterRegistry.Reading<R, RuntimeException> reading) {
        return registry.sampled(meters, reading);
    }

    void subscribe(String name, Duration window) {
        subscribed.merge(name, window, (a, b) -> a.compareTo(b) >= 0 ? a : b);
    }

    /** Marks what is due; called by one thread at a time. */
    void tick() {
        if (ticks++ % COARSE == 0) {
            entries.values().forEach(this::advance);
            return;
        }
        for (String name : subscribed.keySet()) {
            for (Meter meter : registry.named(name)) {
                Entry entry = entries.get(meter.getId());
                if (entry != null) {
                    advance(entry);
                }
            }
        }
    }

    private void advance(Entry entry) {
        Duration asked = subscribed.getOrDefault(entry.meter().getId().getName(), minimumKept);
        Duration keep = asked.compareTo(minimumKept) >= 0 ? asked : minimumKept;
        mark(entry.meter()).ifPresent(mark -> entry.window().mark(mark, keep));
    }

    /** What was added to a meter in the window that ends now; empty for gauges and for a meter created this very moment. */
    Optional<SeriesWindow.Slice> slice(Meter meter, Duration window) {
        Entry entry = entries.get(meter.getId());
        return entry == null
                ? Optional.empty()
                : mark(meter).flatMap(now -> entry.window().slice(now, window, watchedSince));
    }

    /** What a distribution held when the window began that ends now; empty if it is not followed. */
    HistogramCopy begin(DistributionMeter meter, Duration window) {
        Entry entry = entries.get(meter.getId());
        return entry != null
                        && entry.window()
                                        .baseline(clock.monotonicNanos() - window.toNanos())
                                        .totals()
                                instanceof Totals.Histogram histogram
                ? histogram.copy()
                : HistogramCopy.empty(
                        meter instanceof DistributionSummary ? HistogramCopy.Scale.VALUES : HistogramCopy.Scale.NANOS);
    }

    /** Everything since the meter was created or the last reset; empty for gauges. */
    Optional<SeriesWindow.Slice> sinceBaseline(Meter meter) {
        Entry entry = entries.get(meter.getId());
        return entry == null
                ? Optional.empty()
                : mark(meter).map(now -> entry.window().sinceBaseline(now));
    }

    void reset() {
        watchedSince = clock.monotonicNanos();
        for (Entry entry : entries.values()) {
            mark(entry.meter()).ifPresent(entry.window()::restart);
        }
    }

    /** The clock is read before the meter, so that a mark never claims less than what had happened at its time. */
    private Optional<SeriesWindow.Mark> mark(Meter meter) {
        long nanos = clock.monotonicNanos();
        Instant at = clock.now();
        return totals(meter).map(totals -> new SeriesWindow.Mark(nanos, at, totals));
    }

    private static Optional<Totals> zero(Meter meter) {
        if (meter instanceof DistributionMeter) {
            return Optional.of(new Totals.Histogram(HistogramCopy.empty(
                    meter instanceof DistributionSummary ? HistogramCopy.Scale.VALUES : HistogramCopy.Scale.NANOS)));
        }
        // the functions behind these may have counted before they were registered: that is not of this window
        return totals(meter);
    }

    static Optional<Totals> totals(Meter meter) {
        if (meter instanceof DistributionMeter distribution) {
            return Optional.of(new Totals.Histogram(distribution.copy()));
        }
        if (meter instanceof Counter counter) {
            return Optional.of(new Totals.Count(counter.count()));
        }
        if (meter instanceof FunctionCounter counter) {
            return Optional.of(new Totals.Count(counter.count()));
        }
        if (meter instanceof FunctionTimer timer) {
            return Optional.of(new Totals.CountAndSum(timer.count(), timer.totalTime(TimeUnit.SECONDS)));
        }
        return Optional.empty();
    }
}
