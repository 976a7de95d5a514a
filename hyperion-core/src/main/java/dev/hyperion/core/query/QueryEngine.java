// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.HyperionException;
import dev.hyperion.core.alert.Readings;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Statistic;
import dev.hyperion.spi.MetricSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds who answers a query.
 *
 * <p>The metric sources are asked in the order of the configuration, then the local registry. A source that does not know
 * the metric is passed over, one that knows it but has no sample lets the next source answer, and one that failed ends the
 * search. What any source knows is never answered by the local registry: figures of another origin are no substitute. So
 * in an operator {@code cpu.utilization} is that of the replicas, also while there are none, and only what no source knows
 * is its own. A query about one application is not answered by the local registry either, unless there are no sources and
 * this process is that application.
 *
 * <p>Thread-safety: thread-safe.
 */
final class QueryEngine {
    private static final Map<Statistic, Optional<Statistic>> WANTED = Arrays.stream(Statistic.values())
            .collect(Collectors.toUnmodifiableMap(each -> each, each -> Optional.of(each)));
    private static final List<Optional<Statistic>> LAST = List.of(Optional.of(Statistic.LAST));

    private static final Optional<Statistic> MEAN = Optional.of(Statistic.MEAN); // what is meant where none is named
    private static final List<Optional<Statistic>> FIGURES = Arrays.stream(Statistic.values())
            .filter(each -> each != Statistic.LAST)
            .map(Optional::of)
            .toList();

    private final LocalQueries local;
    private volatile Map<String, Source> sources = Map.of(); // replaced as a whole, so that queries need no lock
    private final Map<String, String> aliases;

    private record Source(MetricSource source, SourceReadings readings) {
        boolean knows(MetricQuery query) {
            try {
                source.check(query);
                return true;
            } catch (HyperionException e) {
                return false; // the contract's way of saying that it will never answer this
            }
        }
    }

    QueryEngine(LocalQueries local, Map<String, String> aliases) {
        this.local = local;
        this.aliases = Map.copyOf(aliases);
    }

    synchronized void add(String name, MetricSource source, SourceReadings readings) {
        Map<String, Source> more = new LinkedHashMap<>(sources);
        more.put(name, new Source(source, readings));
        sources = more;
    }

    /** Answers with one scalar per label set, in seconds for times and per second for rates. */
    MetricResult query(MetricQuery asked) {
        MetricQuery query = resolve(asked);
        return answer(query, List.of(query.stat())).result(query, 0);
    }

    /**
     * Answers several statistics of one window, all of a label set from one copy, so that they agree: p50 is never above
     * p99. Here a statistic is always one of the metric, even where a meter is named like {@code latency.p95}.
     */
    List<MetricResult> query(MetricQuery asked, List<Statistic> statistics) {
        MetricQuery query = aliased(asked);
        List<Optional<Statistic>> wanted = new ArrayList<>(statistics.size());
        for (Statistic statistic : statistics) {
            wanted.add(WANTED.getOrDefault(statistic, Optional.empty()));
        }
        Answer answer = answer(query, wanted);
        List<MetricResult> results = new ArrayList<>(statistics.size());
        for (int i = 0; i < statistics.size(); i++) {
            results.add(answer.result(query, i));
        }
        return results;
    }

    /** Begins to answer questions that are put one after the other, on one thread. */
    Readings readings() {
        return new SharedReadings();
    }

    /** Keeps all figures of the last window that more than one question is about. */
    private final class SharedReadings implements Readings {
        private @Nullable MetricQuery of;
        private @Nullable Answer figures;

        @Override
        public MetricResult read(MetricQuery asked, boolean more) {
            MetricQuery query = resolve(asked);
            int figure = FIGURES.indexOf(query.stat().isEmpty() ? MEAN : query.stat());
            if (figure < 0 || !sources.isEmpty() || !(more || isRead(query))) {
                return answer(query, List.of(query.stat())).result(query, 0);
            }
            if (!isRead(query)) {
                of = query;
                figures = local.figures(query, FIGURES);
            }
            return figures == null
                    ? answer(query, List.of(query.stat())).result(query, 0)
                    : figures.result(query, figure);
        }

        private boolean isRead(MetricQuery query) {
            return of != null
                    && of.name().equals(query.name())
                    && of.tags().equals(query.tags())
                    && of.window().equals(query.window())
                    && of.scope().equals(query.scope())
                    && of.by().equals(query.by());
        }
    }

    private Answer answer(MetricQuery query, List<Optional<Statistic>> statistics) {
        // the last total that a counter showed is what it counted since the last reset
        boolean ever = statistics.equals(LAST);
        Raw told = fromSources(query, ever);
        return told == null ? local.answer(query, ever, statistics) : Answer.Figures.of(query.name(), told, statistics);
    }

    /** Answers with everything since the last reset, before a statistic is taken, for readers that subtract and merge. */
    Raw ever(MetricQuery asked) {
        return rawOf(resolve(asked), true);
    }

    private Raw rawOf(MetricQuery query, boolean ever) {
        Raw told = fromSources(query, ever);
        return told == null ? local.raw(query, ever) : told;
    }

    /** What the sources say, or null if the local registry is to answer. */
    private @Nullable Raw fromSources(MetricQuery query, boolean ever) {
        Map<String, Source> sources = this.sources;
        if (sources.isEmpty()) {
            return null;
        }
        Raw.@Nullable Nothing nothing = null;
        for (Source each : sources.values()) {
            if (!each.knows(query)) {
                continue;
            }
            Raw raw = each.readings().raw(query, ever);
            if (!(raw instanceof Raw.Nothing none) || !(none.why() instanceof MetricResult.NoData)) {
                return raw;
            }
            nothing = nothing == null ? none : nothing;
        }
        if (nothing != null) {
            return nothing;
        }
        return query.scope().application().isEmpty()
                ? null
                : new Raw.Nothing(
                        new MetricResult.NoData("no metric source knows " + query.name() + " of an application"));
    }

    /** Applies aliases, and lets a meter that is really named like {@code latency.p95} win over the statistic. */
    MetricQuery resolve(MetricQuery query) {
        if (query.stat().isPresent()) {
            String whole = query.name() + "." + query.stat().get().word();
            String meant = aliases.getOrDefault(whole, whole);
            if (local.knows(meant)) {
                return new MetricQuery(
                        meant, query.tags(), Optional.empty(), query.window(), query.scope(), query.by());
            }
        }
        return aliased(query);
    }

    private MetricQuery aliased(MetricQuery query) {
        String meant = aliases.getOrDefault(query.name(), query.name());
        return meant.equals(query.name())
                ? query
                : new MetricQuery(meant, query.tags(), query.stat(), query.window(), query.scope(), query.by());
    }

    void tick() {
        sources.values().forEach(each -> each.readings().tick());
    }

    void reset() {
        sources.values().forEach(each -> each.readings().reset());
    }
}
