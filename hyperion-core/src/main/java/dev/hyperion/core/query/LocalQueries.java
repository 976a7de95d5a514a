// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.monitoring.Coverage;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Statistic;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

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

    /** What the window holds, or everything since the last reset. */
    Raw raw(MetricQuery query, boolean ever) {
        series.subscribe(query.name(), query.window());
        Collection<Meter> named = series.named(query.name());
        if (named.isEmpty()) {
            return new Raw.Nothing(new MetricResult.NoData("no meter is named " + query.name()));
        }
        List<Meter> meters = named.stream()
                .filter(meter -> SeriesGroup.matches(labels(meter), query.tags()))
                .toList();
        if (meters.isEmpty()) {
            return new Raw.Nothing(
                    new MetricResult.NoData("no series of " + query.name() + " has the tags " + query.tags()));
        }
        List<Raw.Group> groups = new ArrayList<>();
        SeriesGroup.by(query.by(), meters, LocalQueries::labels)
                .forEach(
                        (labels, members) -> group(query, ever, labels, members).ifPresent(groups::add));
        return new Raw.Found(groups, clock.now(), Coverage.full());
    }

    private Optional<Raw.Group> group(MetricQuery query, boolean ever, Map<String, String> labels, List<Meter> meters) {
        long gauges = meters.stream().filter(LocalQueries::isGauge).count();
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
        return SliceSum.of(meters.stream()
                        .map(meter -> ever ? series.sinceBaseline(meter) : series.slice(meter, query.window()))
                        .flatMap(Optional::stream))
                .map(sum -> new Raw.Counted(labels, sum.totals(), sum.length()));
    }

    static boolean isGauge(Meter meter) {
        return meter instanceof Gauge
                || meter instanceof LongTaskTimer
                || LocalSeries.totals(meter).isEmpty();
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
