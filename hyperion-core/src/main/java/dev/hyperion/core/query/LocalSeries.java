// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.HyperionClock;
import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.record.Tally;
import dev.hyperion.core.registry.DistributionMeter;
import dev.hyperion.core.registry.HyperionMeterRegistry;
import dev.hyperion.core.registry.RecentWindow;
import dev.hyperion.monitoring.MetricCatalogue;
import dev.hyperion.monitoring.MetricQuery;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Windows over the meters of the local registry.
 *
 * <p>Names that somebody asks for are marked at every tick, all others three times in the shortest window kept, and marks
 * are kept for the longest window asked. Who asks for a name for the first time gets a window as long as the coarse marks
 * allow.
 *
 * <p>Thread-safety: thread-safe.
 */
final class LocalSeries {
    private static final String APPLICATION = "application";
    private static final String VERSION = "version";

    private static final int COARSE_MARKS = 3;

    private final HyperionMeterRegistry registry;
    private final HyperionClock clock;
    private final Duration minimumKept;

    private record Entry(Meter meter, SeriesWindow window) {}

    private final Map<Meter.Id, RecorderWindow> recorders = new ConcurrentHashMap<>();
    private final Map<Meter.Id, Entry> counters = new ConcurrentHashMap<>();
    private final Map<String, TagIndex> indexes = new ConcurrentHashMap<>();
    private final Map<String, Duration> subscribed = new ConcurrentHashMap<>();
    private final Map<String, Counting> counting = new HashMap<>(); // of subscribed names, by the tick alone
    private final AtomicLong clampedByRemoved = new AtomicLong();
    private volatile long watchedSince;
    private long coarseAt;

    /** Which of a name's series have marks: gauges have none, and there may be thousands of them. */
    private record Counting(List<Meter> of, List<Meter> meters) {
        Counting(List<Meter> of) {
            this(of, of.stream().filter(LocalSeries::counts).toList());
        }

        /** Whether it was made of this very list: the registry makes a new one for each change. */
        @SuppressWarnings("ReferenceEquality")
        boolean isOf(List<Meter> list) {
            return of == list;
        }
    }

    LocalSeries(HyperionMeterRegistry registry, HyperionClock clock, Duration minimumKept) {
        this.registry = registry;
        this.clock = clock;
        this.minimumKept = minimumKept;
        this.watchedSince = clock.monotonicNanos();
        this.coarseAt = watchedSince;
        registry.config().onMeterAdded(this::begin);
        registry.config().onMeterRemoved(this::end);
        MetricCatalogue.RECORDS_CLAMPED.counter(registry, this, LocalSeries::clamped);
    }

    private void begin(Meter meter) {
        if (meter instanceof DistributionMeter recorder) {
            recorders.put(meter.getId(), new RecorderWindow(recorder, scale(recorder), clock.monotonicNanos()));
        } else {
            // functions may have counted before they were registered: that is not of this window
            mark(meter).ifPresent(first -> counters.put(meter.getId(), new Entry(meter, new SeriesWindow(first))));
        }
    }

    private void end(Meter meter) {
        counters.remove(meter.getId());
        indexes.remove(meter.getId().getName()); // which would hold the meter until somebody asks again
        RecorderWindow window = recorders.remove(meter.getId());
        if (window != null) {
            clampedByRemoved.addAndGet(window.meter().clamped());
        }
    }

    private double clamped() {
        long clamped = clampedByRemoved.get();
        for (RecorderWindow each : recorders.values()) {
            clamped += each.meter().clamped();
        }
        return clamped;
    }

    private static HistogramCopy.Scale scale(DistributionMeter meter) {
        return meter instanceof DistributionSummary ? HistogramCopy.Scale.VALUES : HistogramCopy.Scale.NANOS;
    }

    List<Meter> named(String name) {
        return registry.named(name);
    }

    /** The series of a name that have all of these tags, among others, oldest first; without looking at all series. */
    List<Meter> named(String name, Map<String, String> tags) {
        List<Meter> all = registry.named(name);
        if (tags.isEmpty() || all.isEmpty()) {
            return all;
        }
        if (all.size() == 1) {
            return TagIndex.matches(all.get(0), tags) ? all : List.of();
        }
        TagIndex index = index(name, all);
        return index == null ? List.of() : index.having(tags);
    }

    /**
     * The series that a query means. Of an application means of those that say whose they are, if any of that name does; else it
     * is this process's own business, which is the application's.
     */
    List<Meter> meant(MetricQuery query) {
        Map<String, String> tags = query.tags();
        if (query.scope().application().isPresent()) {
            TagIndex index = index(query.name(), registry.named(query.name()));
            if (index != null && index.anyHas(APPLICATION)) {
                tags = new HashMap<>(tags);
                tags.put(APPLICATION, query.scope().application().get().value());
                if (query.scope().version().isPresent() && index.anyHas(VERSION)) {
                    tags.put(VERSION, query.scope().version().get().value());
                }
            }
        }
        return named(query.name(), tags);
    }

    private @Nullable TagIndex index(String name, List<Meter> all) {
        TagIndex index = indexes.get(name);
        return index != null && index.isOf(all) ? index : indexes.compute(name, this::indexed);
    }

    /** Lists the series inside the lock that a removal waits for, so that no index outlives its meters. */
    private @Nullable TagIndex indexed(String name, @Nullable TagIndex known) {
        List<Meter> all = registry.named(name);
        if (all.isEmpty()) {
            return null;
        }
        return known != null && known.isOf(all) ? known : new TagIndex(all);
    }

    /** Reads meters, calling the functions behind them in one go. */
    <R> R sampled(Collection<Meter> meters, HyperionMeterRegistry.Reading<R, RuntimeException> reading) {
        return registry.sampled(meters, reading);
    }

    /** Has a name marked at every tick from now on, for windows of this length. */
    void subscribe(String name, Duration window) {
        Duration asked = subscribed.get(name);
        if (asked == null || asked.compareTo(window) < 0) {
            subscribed.merge(name, window, (a, b) -> a.compareTo(b) >= 0 ? a : b);
        }
    }

    /** Marks what is due; called by one thread at a time. */
    void tick() {
        long now = clock.monotonicNanos();
        if (now - coarseAt >= minimumKept.toNanos() / COARSE_MARKS) {
            coarseAt = now;
            recorders.values().forEach(this::advance);
            counters.values().forEach(this::advance);
            return;
        }
        for (String name : subscribed.keySet()) {
            for (Meter meter : counting(name)) {
                RecorderWindow recorder = recorders.get(meter.getId());
                Entry counter = recorder == null ? counters.get(meter.getId()) : null;
                if (recorder != null) {
                    advance(recorder);
                } else if (counter != null) {
                    advance(counter);
                }
            }
        }
    }

    private List<Meter> counting(String name) {
        List<Meter> all = registry.named(name);
        Counting known = counting.get(name);
        if (known == null || !known.isOf(all)) {
            known = new Counting(all);
            counting.put(name, known);
        }
        return known.meters();
    }

    private void advance(RecorderWindow window) {
        window.mark(clock, kept(window.meter()));
    }

    private void advance(Entry entry) {
        mark(entry.meter()).ifPresent(mark -> entry.window().mark(mark, kept(entry.meter())));
    }

    private Duration kept(Meter meter) {
        Duration asked = subscribed.getOrDefault(meter.getId().getName(), minimumKept);
        return asked.compareTo(minimumKept) >= 0 ? asked : minimumKept;
    }

    /** The window of a timer or summary of ours, or null if the meter is none or has been removed. */
    @Nullable
    RecorderWindow recorder(Meter meter) {
        return meter instanceof DistributionMeter ? recorders.get(meter.getId()) : null;
    }

    /**
     * Adds what a timer or summary recorded to a tally.
     *
     * @param window how far back; null for everything since the meter was created or the last reset
     * @return for how long that is, in nanoseconds; -1 if there is no such time
     */
    long add(RecorderWindow recorder, @Nullable Duration window, Tally tally) {
        return window == null
                ? recorder.addSinceBeginning(clock, tally)
                : recorder.add(clock, window, watchedSince, tally);
    }

    /** What was added to a meter in the window that ends now; empty for gauges and for a meter created this very moment. */
    Optional<SeriesWindow.Slice> slice(Meter meter, Duration window) {
        RecorderWindow recorder = recorder(meter);
        if (recorder != null) {
            return sliceOf(recorder, window);
        }
        Entry entry = counters.get(meter.getId());
        return entry == null
                ? Optional.empty()
                : mark(meter).flatMap(now -> entry.window().slice(now, window, watchedSince));
    }

    /** The window of a length, of each distribution that is followed. */
    RecentWindow recent(Duration window) {
        return meter -> {
            RecorderWindow recorder = recorder(meter);
            return recorder == null ? null : new Recent(recorder, clock, window);
        };
    }

    private record Recent(RecorderWindow recorder, HyperionClock clock, Duration window)
            implements RecentWindow.OfMeter {
        @Override
        public Object begin() {
            return recorder.beginOf(clock, window);
        }

        @Override
        public long touch() {
            return recorder.touch();
        }

        @Override
        public long approach() {
            return recorder.approach();
        }

        @Override
        public Object read(Tally tally, Runnable all) {
            return recorder.read(clock, window, tally, all);
        }
    }

    /** Everything since the meter was created or the last reset; empty for gauges. */
    Optional<SeriesWindow.Slice> sinceBaseline(Meter meter) {
        RecorderWindow recorder = recorder(meter);
        if (recorder != null) {
            return sliceOf(recorder, null);
        }
        Entry entry = counters.get(meter.getId());
        return entry == null
                ? Optional.empty()
                : mark(meter).map(now -> entry.window().sinceBaseline(now));
    }

    private Optional<SeriesWindow.Slice> sliceOf(RecorderWindow recorder, @Nullable Duration window) {
        Instant now = clock.now();
        try (Tally tally = Tally.of(recorder.scale())) {
            Duration length = Duration.ofNanos(add(recorder, window, tally));
            return length.isNegative()
                    ? Optional.empty()
                    : Optional.of(new SeriesWindow.Slice(
                            new Totals.Histogram(tally.toCopy()), now.minus(length), now, length));
        }
    }

    void reset() {
        watchedSince = clock.monotonicNanos();
        recorders.values().forEach(each -> each.restart(clock));
        for (Entry entry : counters.values()) {
            mark(entry.meter()).ifPresent(entry.window()::restart);
        }
    }

    /** The clock is read before the meter, so that a mark never claims less than what had happened at its time. */
    private Optional<SeriesWindow.Mark> mark(Meter meter) {
        long nanos = clock.monotonicNanos();
        Instant at = clock.now();
        return counted(meter).map(totals -> new SeriesWindow.Mark(nanos, at, totals));
    }

    /** Whether a meter counts something, so that windows over it are differences. */
    static boolean counts(Meter meter) {
        return meter instanceof DistributionMeter
                || meter instanceof Counter
                || meter instanceof FunctionCounter
                || meter instanceof FunctionTimer;
    }

    private static Optional<Totals> counted(Meter meter) {
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
