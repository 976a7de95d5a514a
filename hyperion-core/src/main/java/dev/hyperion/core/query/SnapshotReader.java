// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.registry.HyperionMeterRegistry;
import dev.hyperion.monitoring.MetricSnapshot;
import dev.hyperion.monitoring.Timeline;
import io.micrometer.core.instrument.Meter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Describes every local meter as the export wants it: counts since the last reset, extremes and percentiles of the window,
 * all of one series from one copy.
 *
 * <p>Thread-safety: thread-safe.
 */
final class SnapshotReader {
    private final HyperionMeterRegistry registry;
    private final LocalSeries series;
    private final Duration window;

    SnapshotReader(HyperionMeterRegistry registry, LocalSeries series, Duration window) {
        this.registry = registry;
        this.series = series;
        this.window = window;
    }

    List<MetricSnapshot> read(Function<Meter, List<Timeline.Point>> courses) {
        return registry.sampled(registry.getMeters(), () -> describeAll(courses));
    }

    private List<MetricSnapshot> describeAll(Function<Meter, List<Timeline.Point>> courses) {
        List<MetricSnapshot> all = new ArrayList<>();
        for (String name : registry.names()) {
            for (Meter meter : registry.named(name)) {
                all.add(describe(meter, courses.apply(meter)));
            }
        }
        return all;
    }

    private MetricSnapshot describe(Meter meter, List<Timeline.Point> course) {
        Optional<SeriesWindow.Slice> ever = series.sinceBaseline(meter);
        Optional<SeriesWindow.Slice> recent = series.slice(meter, window);
        if (ever.isEmpty() || recent.isEmpty()) {
            double value = LocalQueries.gaugeValue(meter);
            OptionalDouble now = Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
            return snapshot(meter, now, Figures.NONE, OptionalLong.empty(), course);
        }
        Totals added = recent.get().added();
        OptionalLong count = OptionalLong.of((long) ever.get().added().count());
        if (added instanceof Totals.Histogram histogram) {
            HistogramCopy copy = histogram.copy();
            double perUnit = copy.scale() == HistogramCopy.Scale.NANOS ? 1e9 : 1;
            if (copy.count() == 0) {
                return snapshot(meter, OptionalDouble.empty(), Figures.NONE, count, course);
            }
            Figures figures = new Figures(
                    OptionalDouble.of(copy.min() / perUnit),
                    OptionalDouble.of(copy.max() / perUnit),
                    OptionalDouble.of(copy.mean() / perUnit),
                    OptionalDouble.of(copy.quantile(0.5) / perUnit),
                    OptionalDouble.of(copy.quantile(0.95) / perUnit),
                    OptionalDouble.of(copy.quantile(0.99) / perUnit));
            return snapshot(meter, figures.avg(), figures, count, course);
        }
        return snapshot(meter, OptionalDouble.of(ever.get().added().count()), Figures.NONE, count, course);
    }

    private record Figures(
            OptionalDouble min,
            OptionalDouble max,
            OptionalDouble avg,
            OptionalDouble p50,
            OptionalDouble p95,
            OptionalDouble p99) {
        private static final Figures NONE = new Figures(
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty());
    }

    private static MetricSnapshot snapshot(
            Meter meter, OptionalDouble current, Figures figures, OptionalLong count, List<Timeline.Point> course) {
        Meter.Id id = meter.getId();
        String description = id.getDescription();
        Map<String, String> tags = new TreeMap<>(LocalQueries.labels(meter));
        return new MetricSnapshot(
                id.getName(),
                id.getType().name().toLowerCase(Locale.ROOT),
                Units.of(meter),
                description == null ? "" : description,
                tags,
                current,
                figures.min(),
                figures.max(),
                figures.avg(),
                count,
                current,
                figures.p50(),
                figures.p95(),
                figures.p99(),
                course);
    }
}
