// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.core.timeline.Resolution;
import dev.hyperion.core.timeline.Slot;
import dev.hyperion.core.timeline.TimelineSettings;
import dev.hyperion.core.timeline.TimelineStore;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.Statistic;
import dev.hyperion.monitoring.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the course of chosen addresses: takes at every tick what their series did since the last one, and tells any
 * statistic of it later.
 *
 * <p>Counters and timers are kept as what they counted or recorded, once for all addresses of a name and its tags: where
 * {@code latency.p95} is kept, {@code latency.p99} and {@code latency.rate} can be asked for as well. Gauges are kept as
 * they read, made one by the statistic of the address.
 *
 * <p>Thread-safety: thread-safe, blocking.
 */
final class PerformanceMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PerformanceMonitor.class);
    /** By how much two readings of the clock may lie beside the monotonic one; more, and the clock was set. */
    private static final Duration CLOCK_SET = Duration.ofSeconds(2);

    private final QueryEngine engine;
    private final HyperionClock clock;
    private final Duration tick;
    private final TimelineStore store;
    private final Map<String, MetricQuery> addresses;
    private final Map<String, Kept> kept = new LinkedHashMap<>();
    private long tickedNanos;

    /** A name with its tags, the statistics that it is kept for, and its totals at the last tick. */
    private static final class Kept {
        private final MetricQuery query;
        private final Set<Optional<Statistic>> statistics = new LinkedHashSet<>();
        private @Nullable Totals before;
        private Instant beforeAt;
        private long beforeNanos;

        Kept(MetricQuery query, HyperionClock clock) {
            this.query = query;
            this.beforeAt = clock.now();
            this.beforeNanos = clock.monotonicNanos();
        }

        void since(@Nullable Totals totals, Instant at, long nanos) {
            before = totals;
            beforeAt = at;
            beforeNanos = nanos;
        }
    }

    /**
     * Where and how the course is kept.
     *
     * @param settings resolutions and folder
     * @param executor writes to the folder
     * @param failed called for every failure of a file
     */
    record Keeping(TimelineSettings settings, Executor executor, Runnable failed) {}

    PerformanceMonitor(
            QueryEngine engine,
            HyperionClock clock,
            Duration tick,
            Map<String, MetricQuery> addresses,
            Keeping keeping) {
        this.engine = engine;
        this.clock = clock;
        this.tickedNanos = clock.monotonicNanos();
        this.tick = tick;
        this.addresses = new LinkedHashMap<>(addresses);
        addresses
                .values()
                .forEach(query -> kept.computeIfAbsent(counted(query), s -> new Kept(query, clock))
                        .statistics
                        .add(query.stat()));
        this.store = new TimelineStore(keeping.settings(), this::isKept, keeping.executor(), clock, keeping.failed());
    }

    /** The series under which everything but gauges of a statistic is kept. */
    private static String counted(MetricQuery query) {
        return withStatistic(query, Optional.empty()).address();
    }

    /** The series of gauges made one by a statistic. */
    private static String level(MetricQuery query, Optional<Statistic> statistic) {
        Optional<Statistic> meant = statistic.filter(stat -> stat != Statistic.LAST);
        return withStatistic(query, meant).address();
    }

    private static MetricQuery withStatistic(MetricQuery query, Optional<Statistic> statistic) {
        return new MetricQuery(query.name(), query.tags(), statistic, query.window(), query.scope(), query.by());
    }

    private boolean isKept(String series) {
        return kept.containsKey(series)
                || kept.values().stream()
                        .anyMatch(each -> each.statistics.stream()
                                .anyMatch(stat -> level(each.query, stat).equals(series)));
    }

    /** Takes what happened since the last tick; nothing if no time has passed. */
    synchronized void tick() {
        long nanos = clock.monotonicNanos();
        if (nanos == tickedNanos) {
            return;
        }
        tickedNanos = nanos;
        Map<String, Slot> parts = new LinkedHashMap<>();
        for (Kept each : kept.values()) {
            try {
                take(each, parts);
            } catch (HyperionException | IllegalArgumentException e) {
                // not asked rightly, or a series vanished so that nothing can be subtracted: the next tick begins anew
                LOG.debug("timeline of {} has a gap: {}", each.query.address(), e.getMessage());
            }
        }
        store.take(clock.now().minus(tick.dividedBy(2)), tick, parts);
    }

    private void take(Kept each, Map<String, Slot> parts) {
        if (!(engine.ever(each.query) instanceof Raw.Found found)
                || found.groups().isEmpty()) {
            if (each.before == null) {
                each.since(null, clock.now(), clock.monotonicNanos()); // not there until now: all that comes is new
            }
            return;
        }
        if (found.groups().get(0) instanceof Raw.Counted counted) {
            count(each, counted.totals(), found.to()).ifPresent(slot -> parts.put(counted(each.query), slot));
            return;
        }
        for (Optional<Statistic> statistic : each.statistics) {
            Raw read = statistic.equals(each.query.stat()) ? found : engine.ever(withStatistic(each.query, statistic));
            if (read instanceof Raw.Found levels
                    && !levels.groups().isEmpty()
                    && levels.groups().get(0) instanceof Raw.Level level
                    && level.value().isPresent()
                    && Double.isFinite(level.value().getAsDouble())) {
                parts.put(
                        level(each.query, statistic),
                        Slot.Level.of(level.value().getAsDouble()));
            }
        }
    }

    private Optional<Slot> count(Kept each, Totals totals, Instant at) {
        if (at.equals(each.beforeAt)) {
            return Optional.empty(); // a source that has not answered anew
        }
        Totals before = each.before;
        long nanos = clock.monotonicNanos();
        Duration length = length(each, at, nanos);
        each.since(totals, at, nanos);
        if (before == null) {
            return Optional.of(slot(totals, length)); // it began after we did
        }
        return totals.count() < before.count()
                ? Optional.empty() // a series has gone, and what the others gained cannot be told from here
                : Optional.of(slot(totals.minus(before), length));
    }

    /** Told by the source's own times, unless the clock was set between them. */
    private static Duration length(Kept each, Instant at, long nanos) {
        Duration told = Duration.between(each.beforeAt, at);
        Duration passed = Duration.ofNanos(nanos - each.beforeNanos);
        boolean set = told.isNegative() || told.minus(passed).abs().compareTo(CLOCK_SET) > 0;
        return set ? passed : told;
    }

    private static Slot slot(Totals added, Duration length) {
        if (added instanceof Totals.Histogram histogram) {
            return new Slot.Recorded(histogram.copy(), length);
        }
        if (added instanceof Totals.Distributed distributed) {
            return new Slot.Told(distributed.distribution(), length);
        }
        return added instanceof Totals.CountAndSum both
                ? new Slot.Timed(both.count(), both.sum(), length)
                : new Slot.Counted(added.count(), length);
    }

    private static Totals totals(Slot slot) {
        if (slot instanceof Slot.Recorded recorded) {
            return new Totals.Histogram(recorded.copy());
        }
        if (slot instanceof Slot.Told told) {
            return new Totals.Distributed(told.distribution());
        }
        if (slot instanceof Slot.Timed timed) {
            return new Totals.CountAndSum(timed.count(), timed.sum());
        }
        return new Totals.Count(((Slot.Counted) slot).count());
    }

    private static Duration length(Slot slot) {
        if (slot instanceof Slot.Recorded recorded) {
            return recorded.length();
        }
        if (slot instanceof Slot.Told told) {
            return told.length();
        }
        return slot instanceof Slot.Timed timed ? timed.length() : ((Slot.Counted) slot).length();
    }

    /** The addresses as they were chosen. */
    List<String> addresses() {
        return List.copyOf(addresses.keySet());
    }

    private HyperionException notKept(String what) {
        return new HyperionException("timeline of " + what + " is not kept; kept are "
                + String.join(", ", addresses.keySet()) + "; add it to monitoring.timeline");
    }

    /** The course of a chosen address. */
    Timeline course(String address, Duration span) {
        MetricQuery query = addresses.get(address);
        if (query == null) {
            throw notKept(address);
        }
        return course(address, query, span, Duration.ZERO);
    }

    /**
     * The course of whatever can be told from what is kept.
     *
     * @param span how far back; decides the resolution, which is the finest that reaches that far
     * @param step the distance of points, made a multiple of the resolution; the resolution itself if shorter
     * @throws HyperionException if it is not kept, or has no such statistic
     */
    Timeline course(MetricQuery asked, Duration span, Duration step) {
        if (!kept.containsKey(counted(asked)) || !asked.by().isEmpty()) {
            throw notKept(asked.address() + (asked.by().isEmpty() ? "" : " by " + String.join(", ", asked.by())));
        }
        String address = addresses.entrySet().stream()
                .filter(each -> each.getValue().equals(asked))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(asked.address());
        return course(address, asked, span, step);
    }

    private Timeline course(String address, MetricQuery asked, Duration span, Duration step) {
        Resolution resolution = store.finestFor(span);
        long every = resolution.every().toMillis();
        Duration distance = Duration.ofMillis(Math.max(1, (step.toMillis() + every - 1) / every) * every);
        String own = level(asked, asked.stat());
        String series = store.knows(own) ? own : counted(asked);
        if (!store.knows(series) && isGaugeOfAnotherStatistic(asked)) {
            throw notKept(asked.address());
        }
        boolean made = asked.stat().isPresent() && series.equals(own) && !own.equals(counted(asked));
        Instant now = clock.now();
        List<Timeline.Point> points = new ArrayList<>();
        for (TimelineStore.Closed closed : store.read(series, resolution, now.minus(span), now, distance)) {
            value(asked, closed.slot(), made).ifPresent(value -> points.add(new Timeline.Point(closed.end(), value)));
        }
        return new Timeline(address, distance, points);
    }

    private boolean isGaugeOfAnotherStatistic(MetricQuery asked) {
        Kept found = kept.get(counted(asked));
        return found != null
                && !found.statistics.contains(asked.stat())
                && found.statistics.stream().anyMatch(stat -> store.knows(level(asked, stat)));
    }

    /** The statistic of a slot; of gauges, {@code made} tells that they were made one by it at every reading. */
    private static OptionalDouble value(MetricQuery asked, Slot slot, boolean made) {
        Optional<Statistic> statistic = asked.stat();
        if (slot instanceof Slot.Level level) {
            return OptionalDouble.of(value(asked.address(), level, statistic.orElse(Statistic.MEAN), made));
        }
        if (slot instanceof Slot.Counted && statistic.equals(Optional.of(Statistic.LAST))) {
            throw new HyperionException("timeline of " + asked.address()
                    + " is of a counter, kept as what it gained; use one of count, sum, rate");
        }
        return Evaluation.of(asked.name(), new Raw.Counted(Map.of(), totals(slot), length(slot)), statistic);
    }

    private static double value(String address, Slot.Level level, Statistic statistic, boolean made) {
        return switch (statistic) {
            case MIN -> level.min();
            case MAX -> level.max();
            case LAST -> level.last();
            case MEAN -> level.mean();
            case SUM, COUNT, RATE -> required(address, made, level.mean());
            // a percentile that a source told as a mere number cannot be merged: that of the whole is not above the
            // largest, and a mean would be neither
            case P50, P90, P95, P99, P999 -> required(address, made, level.max());
        };
    }

    private static double required(String address, boolean made, double value) {
        if (!made) {
            throw new HyperionException("timeline of " + address + " is of a gauge; use one of last, mean, max, min");
        }
        return value;
    }

    /** Takes what happened up to now, begins a new baseline, and goes on from there: nothing of the course is lost. */
    synchronized void across(Runnable reset) {
        tick();
        reset.run();
        for (Kept each : kept.values()) {
            each.since(null, clock.now(), clock.monotonicNanos());
        }
    }

    /** Takes what happened since the last tick and lets go of the folder. */
    @Override
    public synchronized void close() {
        tick();
        store.close();
    }
}
