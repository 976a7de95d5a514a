// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.HyperionClock;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.Scope;
import dev.hyperion.spi.MetricSource;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Keeps the queries that somebody puts to a metric source, repeats each once per tick on the executor, and answers from
 * what came back. A query that nobody has asked for in ten minutes is dropped.
 *
 * <p>Thread-safety: thread-safe.
 */
final class SourceReadings {
    private static final Duration FORGET_AFTER = Duration.ofMinutes(10);

    private final String name;
    private final MetricSource source;
    private final HyperionClock clock;
    private final Executor executor;
    private final Duration deadline;
    private final Duration staleAfter;
    private final Map<Series, SourceSubscription> shared = new ConcurrentHashMap<>();
    private final Map<MetricQuery, SourceSubscription> computed = new ConcurrentHashMap<>();

    /** What a cumulative answer depends on; statistic and window are ours to take from it. */
    private record Series(String name, Map<String, String> tags, Scope scope, Set<String> by) {}

    SourceReadings(
            String name,
            MetricSource source,
            HyperionClock clock,
            Executor executor,
            Duration tick,
            Duration deadline) {
        this.name = name;
        this.source = source;
        this.clock = clock;
        this.executor = executor;
        this.deadline = deadline;
        this.staleAfter = tick.multipliedBy(3).plus(deadline);
    }

    /**
     * Answers from the readings kept; the first call for a series asks the source itself, up to the deadline. A source that
     * answers with totals is asked once per series, one that computes statistics itself once per query.
     */
    Raw raw(MetricQuery query, boolean ever) {
        Series series = new Series(query.name(), query.tags(), query.scope(), query.by());
        SourceSubscription found = shared.get(series);
        if (found == null) {
            found = shared.computeIfAbsent(series, s -> subscription(query));
            found.poll();
        }
        if (!found.serves(query)) {
            SourceSubscription own = computed.get(query);
            if (own == null) {
                own = computed.computeIfAbsent(query, this::subscription);
                own.poll();
            }
            found = own;
        }
        return found.raw(query, ever);
    }

    private SourceSubscription subscription(MetricQuery query) {
        return new SourceSubscription(name, source, query, clock, deadline, staleAfter);
    }

    void tick() {
        for (Collection<SourceSubscription> kept : List.of(shared.values(), computed.values())) {
            kept.removeIf(each -> each.idle().compareTo(FORGET_AFTER) > 0);
            for (SourceSubscription each : kept) {
                try {
                    executor.execute(each::poll);
                } catch (RejectedExecutionException e) {
                    return; // too much to do, or closing: the readings become stale and say so
                }
            }
        }
    }

    void reset() {
        shared.values().forEach(SourceSubscription::reset);
        computed.values().forEach(SourceSubscription::reset);
    }
}
