// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.HyperionClock;
import dev.hyperion.TaskScheduler;
import dev.hyperion.core.health.HealthMonitor;
import dev.hyperion.core.log.LogRing;
import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.registry.DistributionMeter;
import dev.hyperion.core.registry.HyperionMeterRegistry;
import dev.hyperion.core.registry.JvmMeters;
import dev.hyperion.core.registry.ProcessStats;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogQuery;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Scope;
import dev.hyperion.spi.MetricSource;
import io.micrometer.core.instrument.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;

/** Draft. */
public final class HyperionMonitoringCenter {
    private final MonitoringSettings settings;
    private final HyperionClock clock;
    private final HyperionMeterRegistry registry;
    private final LocalSeries series;
    private final QueryEngine engine;
    private final PerformanceMonitor performance;
    private final LogRing logs;
    private final JvmMeters jvm;

    HyperionMonitoringCenter(MonitoringSettings settings, HyperionClock clock, TaskScheduler scheduler, Executor executor, Map<String, MetricSource> sources) {
        this.settings = settings;
        this.clock = clock;
        this.registry = new HyperionMeterRegistry(new Clock() {
            @Override public long wallTime() { return clock.now().toEpochMilli(); }
            @Override public long monotonicTime() { return clock.monotonicNanos(); }
        });
        this.series = new LocalSeries(registry, clock, settings.window());
        this.jvm = new JvmMeters(registry, ProcessStats.ofThisJvm(), clock::monotonicNanos);
        this.engine = new QueryEngine(new LocalQueries(series, clock), settings.aliases());
        sources.forEach((name, source) -> engine.add(name, source, new SourceReadings(name, source, clock, executor, settings.tick(), settings.sourceDeadline())));
        Map<String, MetricQuery> kept = new LinkedHashMap<>();
        settings.timeline().forEach(address -> kept.put(address, query(address)));
        this.performance = new PerformanceMonitor(engine, kept);
        this.logs = new LogRing(settings.logCapacity());
        scheduler.every("monitoring tick", settings.tick(), settings.tick(), this::tick);
    }

    void tick() {
        jvm.sample();
        engine.tick();
        performance.tick();
        series.tick();
    }

    MetricQuery query(String address) {
        AddressParser.Parts parts = AddressParser.parse(address);
        return new MetricQuery(parts.name(), parts.tags(), StatisticWords.parse(parts.stat()), settings.window(), Scope.NONE, Set.of());
    }

    MetricResult query(MetricQuery q) { return engine.query(q); }
    HyperionMeterRegistry meters() { return registry; }
    PerformanceMonitor performance() { return performance; }
    void reset() { series.reset(); engine.reset(); performance.reset(); }
}
