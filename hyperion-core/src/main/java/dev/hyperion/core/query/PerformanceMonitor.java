// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.monitoring.MetricQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the course of chosen metrics in memory, at three resolutions: each second for ten minutes, ten seconds for six
 * hours, five minutes for fourteen days.
 *
 * <p>Thread-safety: thread-safe.
 */
final class PerformanceMonitor {
    private static final Logger LOG = LoggerFactory.getLogger(PerformanceMonitor.class);

    private final QueryEngine engine;
    private final HyperionClock clock;
    private final Map<String, Watched> watched = new LinkedHashMap<>();

    /** An address, its rings, and the totals of the last tick, of which the next ones are subtracted. */
    private static final class Watched {
        private final MetricQuery query;
        private final List<TimelineRing> rings;
        private @Nullable Totals before;
        private Instant beforeAt;

        Watched(MetricQuery query, List<TimelineRing> rings, Instant now) {
            this.beforeAt = now;
            this.query = query;
            this.rings = rings;
        }
    }

    PerformanceMonitor(QueryEngine engine, HyperionClock clock, Map<String, MetricQuery> addresses) {
        this.engine = engine;
        this.clock = clock;
        addresses.forEach((address, query) -> watched.put(
                address,
                new Watched(
                        query,
                        List.of(
                                ring(query, Duration.ofSeconds(1), Duration.ofMinutes(10)),
                                ring(query, Duration.ofSeconds(10), Duration.ofHours(6)),
                                ring(query, Duration.ofMinutes(5), Duration.ofDays(14))),
                        clock.now())));
    }

    private static TimelineRing ring(MetricQuery query, Duration resolution, Duration kept) {
        return new TimelineRing(query.name(), query.stat(), resolution, kept);
    }

    /** Takes what happened since the last tick. Called by one thread at a time. */
    void tick() {
        watched.forEach((address, each) -> {
            try {
                if (engine.ever(each.query) instanceof Raw.Found found
                        && !found.groups().isEmpty()) {
                    take(each, found.groups().get(0), found.to());
                } else {
                    each.beforeAt = clock.now(); // nothing was there until now, so all that comes is new
                }
            } catch (HyperionException | IllegalArgumentException e) {
                // not asked rightly, or a series vanished so that nothing can be subtracted: the next tick begins anew
                LOG.debug("timeline of {} has a gap: {}", address, e.getMessage());
            }
        });
    }

    private static void take(Watched each, Raw.Group group, Instant at) {
        if (group instanceof Raw.Counted counted) {
            Totals before = each.before;
            Duration length = Duration.between(each.beforeAt, at);
            each.before = counted.totals();
            each.beforeAt = at;
            if (length.isNegative() || length.isZero()) {
                return; // a source that has not answered anew
            }
            // at first, and after a reset, everything is new
            Totals added = before == null || counted.totals().count() < before.count()
                    ? counted.totals()
                    : counted.totals().minus(before);
            Raw.Group slice = new Raw.Counted(counted.labels(), added, length);
            each.rings.forEach(ring -> ring.take(slice, at));
        } else {
            each.rings.forEach(ring -> ring.take(group, at));
        }
    }

    List<String> addresses() {
        return List.copyOf(watched.keySet());
    }

    /** The address under which a query's course is kept. */
    String addressOf(MetricQuery query) {
        for (Map.Entry<String, Watched> each : watched.entrySet()) {
            MetricQuery kept = each.getValue().query;
            if (kept.name().equals(query.name())
                    && kept.tags().equals(query.tags())
                    && kept.stat().equals(query.stat())) {
                return each.getKey();
            }
        }
        throw notKept(query.name());
    }

    private HyperionException notKept(String what) {
        return new HyperionException("timeline of " + what + " is not kept; kept are "
                + String.join(", ", watched.keySet()) + "; add it to metrics.timeline");
    }

    /** The points of an address after an instant, at the finest resolution that reaches back that far. */
    List<TimelineRing.Point> since(String address, Instant from, Duration span) {
        return ringFor(address, span).since(from);
    }

    Duration resolution(String address, Duration span) {
        return ringFor(address, span).resolution();
    }

    private TimelineRing ringFor(String address, Duration span) {
        Watched each = watched.get(address);
        if (each == null) {
            throw notKept(address);
        }
        return each.rings.stream()
                .filter(ring -> ring.reach().compareTo(span) >= 0)
                .findFirst()
                .orElse(each.rings.get(each.rings.size() - 1));
    }

    void reset() {
        for (Watched each : watched.values()) {
            each.before = null;
            each.beforeAt = clock.now();
            each.rings.forEach(TimelineRing::clear);
        }
    }
}
