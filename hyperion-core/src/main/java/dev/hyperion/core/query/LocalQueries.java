// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.core.record.Tally;
import dev.hyperion.monitoring.Coverage;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Statistic;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Answers queries from the local registry. Thread-safety: thread-safe. */
final class LocalQueries {
    private final LocalSeries series;
    private final HyperionClock clock;

    LocalQueries(LocalSeries series, HyperionClock clock) {
        this.series = series;
        this.clock = clock;
    }

    boolean knows(String name) {
        return !series.named(name).isEmpty();
    }

    /** Statistics of the window, or of everything since the last reset; those of one label set from one copy. */
    Answer answer(MetricQuery query, boolean ever, List<Optional<Statistic>> statistics) {
        List<Meter> meters = find(query);
        if (meters.isEmpty()) {
            return new Answer.Nothing(missing(query));
        }
        List<Answer.Group> groups = new ArrayList<>(1);
        if (query.by().isEmpty()) { // the usual question, without the garbage of a map
            add(groups, query, ever, Map.of(), meters, statistics);
        } else {
            grouped(query, meters).forEach((labels, members) -> add(groups, query, ever, labels, members, statistics));
        }
        return new Answer.Figures(groups, clock.now(), Coverage.full());
    }

    /** Statistics of the window of timers or summaries of ours; null if the query is about anything else. */
    @Nullable
    Answer figures(MetricQuery query, List<Optional<Statistic>> statistics) {
        List<Meter> meters = find(query);
        if (meters.isEmpty()) {
            return null;
        }
        List<Answer.Group> groups = new ArrayList<>(1);
        for (Map.Entry<Map<String, String>, List<Meter>> each :
                grouped(query, meters).entrySet()) {
            Answer.Group recorded = recorded(query, false, each.getKey(), each.getValue(), statistics);
            if (recorded == null) {
                return null;
            }
            groups.add(recorded);
        }
        return new Answer.Figures(groups, clock.now(), Coverage.full());
    }

    private static Map<Map<String, String>, List<Meter>> grouped(MetricQuery query, List<Meter> meters) {
        return query.by().isEmpty()
                ? Map.of(Map.of(), meters)
                : SeriesGroup.by(
                        query.by(), meters, (meter, label) -> meter.getId().getTag(label));
    }

    private void add(
            List<Answer.Group> groups,
            MetricQuery query,
            boolean ever,
            Map<String, String> labels,
            List<Meter> members,
            List<Optional<Statistic>> statistics) {
        Answer.Group recorded = recorded(query, ever, labels, members, statistics);
        if (recorded != null) {
            groups.add(recorded);
        } else {
            group(query, ever, labels, members)
                    .ifPresent(raw -> groups.add(Answer.Group.of(query.name(), raw, statistics)));
        }
    }

    /** Figures of timers or summaries of ours, computed in place; null if the group holds anything else. */
    private Answer.@Nullable Group recorded(
            MetricQuery query,
            boolean ever,
            Map<String, String> labels,
            List<Meter> meters,
            List<Optional<Statistic>> statistics) {
        RecorderWindow first = series.recorder(meters.get(0));
        if (first == null) {
            return null;
        }
        try (Tally tally = Tally.of(first.scale())) {
            long longest = addAll(query, ever, meters, tally);
            if (longest < 0) {
                return null;
            }
            double[] figures = new double[statistics.size()];
            Duration length = Duration.ofNanos(longest);
            for (int i = 0; i < figures.length; i++) {
                Statistic statistic = statistics.get(i).orElse(Statistic.MEAN);
                figures[i] = Evaluation.figure(query.name(), tally, length, statistic);
            }
            return new Answer.Group(labels, figures, length);
        }
    }

    /**
     * Adds what timers or summaries of ours recorded in the window, or since the last reset.
     *
     * @return how long that is, in nanoseconds; -1 if there is nothing to tell or one of the meters is another
     */
    private long addAll(MetricQuery query, boolean ever, List<Meter> meters, Tally tally) {
        long longest = -1;
        for (int i = 0; i < meters.size(); i++) {
            RecorderWindow each = series.recorder(meters.get(i));
            if (each == null || each.scale() != tally.scale()) {
                return -1;
            }
            longest = Math.max(longest, series.add(each, ever ? null : query.window(), tally));
        }
        return longest;
    }

    /** What the window holds, or everything since the last reset. */
    Raw raw(MetricQuery query, boolean ever) {
        List<Meter> meters = find(query);
        if (meters.isEmpty()) {
            return new Raw.Nothing(missing(query));
        }
        List<Raw.Group> groups = new ArrayList<>();
        SeriesGroup.by(query.by(), meters, (meter, label) -> meter.getId().getTag(label))
                .forEach(
                        (labels, members) -> group(query, ever, labels, members).ifPresent(groups::add));
        return new Raw.Found(groups, clock.now(), Coverage.full());
    }

    private List<Meter> find(MetricQuery query) {
        series.subscribe(query.name(), query.window());
        return series.meant(query);
    }

    private MetricResult missing(MetricQuery query) {
        return new MetricResult.NoData(
                series.named(query.name()).isEmpty()
                        ? "no meter is named " + query.name()
                        : "no series of " + query.name() + " has the tags " + query.tags()
                                + query.scope()
                                        .application()
                                        .map(application -> " and is of " + application)
                                        .orElse(""));
    }

    private Optional<Raw.Group> group(MetricQuery query, boolean ever, Map<String, String> labels, List<Meter> meters) {
        int gauges = 0;
        for (Meter meter : meters) {
            gauges += isGauge(meter) ? 1 : 0;
        }
        if (gauges == meters.size()) {
            List<Double> values = series.sampled(
                    meters, () -> meters.stream().map(LocalQueries::gaugeValue).toList());
            return Optional.of(new Raw.Level(
                    labels,
                    Evaluation.ofGauges(query.name(), values, query.stat().orElse(Statistic.LAST))));
        }
        if (gauges > 0) {
            throw new HyperionException("metric " + query.name()
                    + " names both gauges and counters or timers; name a tag that tells them apart");
        }
        RecorderWindow first = series.recorder(meters.get(0));
        if (first != null) {
            try (Tally tally = Tally.of(first.scale())) {
                long longest = addAll(query, ever, meters, tally);
                if (longest >= 0) {
                    return Optional.of(
                            new Raw.Counted(labels, new Totals.Histogram(tally.toCopy()), Duration.ofNanos(longest)));
                }
            }
        }
        return SliceSum.of(
                        meters.stream().map(meter -> slice(meter, query, ever)).flatMap(Optional::stream))
                .map(sum -> new Raw.Counted(labels, sum.totals(), sum.length()));
    }

    private Optional<SeriesWindow.Slice> slice(Meter meter, MetricQuery query, boolean ever) {
        return ever ? series.sinceBaseline(meter) : series.slice(meter, query.window());
    }

    static boolean isGauge(Meter meter) {
        return !LocalSeries.counts(meter);
    }

    static double gaugeValue(Meter meter) {
        if (meter instanceof Gauge gauge) {
            return gauge.value();
        }
        if (meter instanceof LongTaskTimer tasks) {
            return tasks.duration(TimeUnit.SECONDS);
        }
        return meter.measure().iterator().hasNext()
                ? meter.measure().iterator().next().getValue()
                : Double.NaN;
    }

    static Map<String, String> labels(Meter meter) {
        Map<String, String> labels = new HashMap<>();
        for (Tag tag : meter.getId().getTagsAsIterable()) {
            labels.put(tag.getKey(), tag.getValue());
        }
        return labels;
    }
}
