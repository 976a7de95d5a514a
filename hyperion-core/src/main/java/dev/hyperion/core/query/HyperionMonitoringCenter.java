// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.TaskScheduler;
import dev.hyperion.core.alert.AlertEngine;
import dev.hyperion.core.alert.AlertParts;
import dev.hyperion.core.health.HealthMonitor;
import dev.hyperion.core.log.LogBook;
import dev.hyperion.core.log.LoggerLevels;
import dev.hyperion.core.registry.HyperionMeterRegistry;
import dev.hyperion.core.registry.JvmMeters;
import dev.hyperion.core.registry.ProcessStats;
import dev.hyperion.core.registry.RecentWindow;
import dev.hyperion.core.rules.PrometheusRules;
import dev.hyperion.core.timeline.TimelineSettings;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertStatus;
import dev.hyperion.monitoring.HealthCheck;
import dev.hyperion.monitoring.HealthCheckOptions;
import dev.hyperion.monitoring.HealthGroup;
import dev.hyperion.monitoring.HealthReport;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.monitoring.LogPage;
import dev.hyperion.monitoring.LogQuery;
import dev.hyperion.monitoring.MetricCatalogue;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricReading;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.MonitoringCenter;
import dev.hyperion.monitoring.MonitoringSnapshot;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.monitoring.SampleValue;
import dev.hyperion.monitoring.Silence;
import dev.hyperion.monitoring.Statistic;
import dev.hyperion.monitoring.Timeline;
import dev.hyperion.spi.LogBridge;
import dev.hyperion.spi.LogSink;
import dev.hyperion.spi.MetricSource;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The monitoring center: the registry, windows, sources, timeline, alerts, health and logs under one roof, driven by one
 * tick of the scheduler.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class HyperionMonitoringCenter implements MonitoringCenter, AutoCloseable {
    private static final Duration COURSE = Duration.ofMinutes(10);

    private final MonitoringSettings settings;
    private final HyperionClock clock;
    private final HyperionMeterRegistry registry;
    private final LocalSeries series;
    private final QueryEngine engine;
    private final PerformanceMonitor performance;
    private final SnapshotReader snapshots;
    private final LogBook logs;
    private final LoggerLevels loggers;
    private final JvmMeters jvm;
    private final AlertEngine alerts;
    private final PrometheusRules rules;
    private final HealthMonitor health;
    private final Executor executor;
    private final List<TaskScheduler.Task> tasks = new ArrayList<>();

    /**
     * Creates a center and starts its tick.
     *
     * @param settings how it works
     * @param clock the only source of time
     * @param scheduler drives ticks, evaluations and retries
     * @param executor runs what may block: sources, notifiers, health checks, evaluations
     * @param sources where figures of other processes come from, in the order in which they are asked
     * @param alerting what alerts work with
     * @param process what is told about this process
     */
    public HyperionMonitoringCenter(
            MonitoringSettings settings,
            HyperionClock clock,
            TaskScheduler scheduler,
            Executor executor,
            Map<String, MetricSource> sources,
            AlertParts alerting,
            ProcessStats process) {
        this(settings, clock, scheduler, executor, sources, alerting, process, TimelineSettings.inMemory());
    }

    /**
     * Creates a center whose timeline may outlive it, and starts its tick.
     *
     * @param settings how it works
     * @param clock the only source of time
     * @param scheduler drives ticks, evaluations and retries
     * @param executor runs what may block: sources, notifiers, health checks, evaluations, writing the timeline
     * @param sources where figures of other processes come from, in the order in which they are asked
     * @param alerting what alerts work with
     * @param process what is told about this process
     * @param timeline how and where the timeline is kept
     */
    public HyperionMonitoringCenter(
            MonitoringSettings settings,
            HyperionClock clock,
            TaskScheduler scheduler,
            Executor executor,
            Map<String, MetricSource> sources,
            AlertParts alerting,
            ProcessStats process,
            TimelineSettings timeline) {
        this.settings = settings;
        this.clock = clock;
        this.registry = new HyperionMeterRegistry(new MeterClock(clock), settings.registry());
        this.series = new LocalSeries(registry, clock, settings.window());
        this.jvm = new JvmMeters(registry, process, clock::monotonicNanos);
        this.engine = new QueryEngine(new LocalQueries(series, clock), settings.aliases());
        this.executor = executor;
        sources.forEach(this::addSource);
        Counter timelineFailures = MetricCatalogue.TIMELINE_FAILURES.counter(registry);
        this.performance = new PerformanceMonitor(
                engine,
                clock,
                settings.tick(),
                timelineQueries(),
                new PerformanceMonitor.Keeping(timeline, executor, timelineFailures::increment));
        this.snapshots = new SnapshotReader(registry, series, settings.window());
        this.logs = new LogBook(settings.logs(), registry);
        this.loggers = new LoggerLevels(clock, scheduler);
        this.health = new HealthMonitor(
                clock, scheduler, executor, registry, settings.healthInterval(), settings.healthDeadline());
        RuleReader reader = new RuleReader(
                settings.window(),
                engine::resolve,
                name -> registry.named(name).stream().findFirst());
        this.alerts = new AlertEngine(engine::readings, reader::read, alerting, registry, clock, scheduler, executor);
        tasks.add(scheduler.every("monitoring tick", settings.tick(), settings.tick(), this::tick));
        Duration interval = alerting.settings().interval();
        this.rules = new PrometheusRules(
                registry::named, engine::resolve, rule -> reader.read(rule).limit(), interval, settings.window());
        tasks.add(scheduler.every("alert evaluation", interval, interval, alerts::tick));
        tasks.add(scheduler.every("health checks", Duration.ZERO, settings.healthInterval(), health::tick));
    }

    /** Micrometer's face of our clock. */
    private record MeterClock(HyperionClock clock) implements Clock {
        @Override
        public long wallTime() {
            return clock.now().toEpochMilli();
        }

        @Override
        public long monotonicTime() {
            return clock.monotonicNanos();
        }
    }

    private Map<String, MetricQuery> timelineQueries() {
        Map<String, MetricQuery> queries = new LinkedHashMap<>();
        settings.timeline().forEach(address -> queries.put(address, query(address)));
        return queries;
    }

    /**
     * Adds a source, asked after those that are there. Routers and backends come to be after the center that they measure
     * for.
     *
     * @param name its name, for errors
     * @param source what to ask
     */
    public void addSource(String name, MetricSource source) {
        engine.add(
                name,
                source,
                new SourceReadings(name, source, clock, executor, settings.tick(), settings.sourceDeadline()));
    }

    private void tick() {
        jvm.sample();
        registry.armExemplars();
        engine.tick();
        performance.tick();
        series.tick();
        logs.tick(clock.now());
    }

    /**
     * Reads an address as a query over the usual window.
     *
     * @param address such as {@code latency{version="1.4.0"}.p95}
     * @return the query
     * @throws HyperionException if it is no address
     */
    public MetricQuery query(String address) {
        return MetricQuery.parse(address, settings.window());
    }

    @Override
    public HyperionMeterRegistry meters() {
        return registry;
    }

    @Override
    public MetricResult query(MetricQuery query) {
        return engine.query(query);
    }

    @Override
    public List<MetricResult> query(MetricQuery query, List<Statistic> statistics) {
        return engine.query(query, statistics);
    }

    @Override
    public Optional<MetricReading> read(String address) {
        MetricQuery query = query(address);
        MetricResult result = engine.query(query);
        if (result instanceof MetricResult.Failed failed) {
            throw new HyperionException("metric " + address + " cannot be read: " + failed.why());
        }
        if (!(result instanceof MetricResult.Samples samples)) {
            return Optional.empty();
        }
        Sample sample = samples.all().get(0);
        double value = ((SampleValue.Scalar) sample.value()).value();
        return Optional.of(new MetricReading(address, value, unit(query), samples.actual()));
    }

    private String unit(MetricQuery query) {
        String unit =
                registry.named(query.name()).stream().findFirst().map(Units::of).orElse("");
        return Units.of(unit, query.stat());
    }

    @Override
    public MonitoringSnapshot snapshot() {
        Map<String, Timeline> kept = performance.addresses().stream()
                .collect(Collectors.toMap(a -> a, a -> performance.course(a, COURSE), (a, b) -> a, LinkedHashMap::new));
        return new MonitoringSnapshot(
                clock.now(),
                snapshots.read(meter -> courseOf(meter, kept)),
                alerts(),
                health.report(),
                List.copyOf(kept.values()),
                logs(new LogQuery(100, LogLevel.TRACE)));
    }

    /** The kept course of a meter's own name, if there is one and it has no other series. */
    private List<Timeline.Point> courseOf(Meter meter, Map<String, Timeline> kept) {
        String name = meter.getId().getName();
        return kept.entrySet().stream()
                .filter(each -> query(each.getKey()).name().equals(name)
                        && TagIndex.matches(meter, query(each.getKey()).tags()))
                .findFirst()
                .map(each -> each.getValue().points())
                .orElse(List.of());
    }

    @Override
    public Timeline timeline(MetricQuery query, Duration span) {
        return timeline(query, span, Duration.ZERO);
    }

    /**
     * Tells the course of what is kept, in steps.
     *
     * @param query an address of {@link MonitoringSettings#timeline()}; of timers and counters with any statistic
     * @param span how far back; decides the resolution, which is the finest that is kept that long
     * @param step the distance of points, made a multiple of the resolution; the resolution itself if shorter
     * @return points whose percentiles are those of all records of the step
     * @throws HyperionException if it is not kept, or has no such statistic
     */
    public Timeline timeline(MetricQuery query, Duration span, Duration step) {
        return performance.course(query, span, step);
    }

    @Override
    public List<LogEntry> logs(LogQuery query) {
        return logs.read(query).entries();
    }

    @Override
    public LogPage logPage(LogQuery query) {
        return logs.read(query);
    }

    /**
     * Listens to a logging backend from now on.
     *
     * @param backend its name
     * @param bridge makes the bridge that hands in what is logged there; closed with this center
     */
    public void capture(String backend, Function<LogSink, LogBridge> bridge) {
        loggers.add(backend, bridge.apply(logs));
    }

    /**
     * The levels of the loggers of the backends that are listened to.
     *
     * @return always the same
     */
    public LoggerLevels loggers() {
        return loggers;
    }

    @Override
    public void log(LogEntry entry) {
        logs.log(entry);
    }

    @Override
    public AlertRule addAlert(AlertRule rule) {
        return alerts.add(rule);
    }

    /** Evaluates every alert rule once on this thread, unless an evaluation is under way; besides those on the interval. */
    public void evaluateAlerts() {
        alerts.evaluate();
    }

    /** Takes up the alerts of before the last start. Called once, after the configured rules are added. */
    public void resumeAlerts() {
        alerts.resume();
    }

    @Override
    public boolean removeAlert(String name) {
        return alerts.remove(name);
    }

    @Override
    public List<AlertStatus> alerts() {
        return alerts.statuses();
    }

    /**
     * Writes the alert rules as Prometheus evaluates them.
     *
     * @return a rule file of Prometheus, in YAML
     */
    public String prometheusRules() {
        return rules.yaml(alerts().stream().map(AlertStatus::rule).distinct().toList());
    }

    /**
     * The time on the center's clock, from which silences count.
     *
     * @return now
     */
    public Instant now() {
        return clock.now();
    }

    @Override
    public Silence silence(Silence silence) {
        return alerts.silence(silence);
    }

    @Override
    public boolean endSilence(String id) {
        return alerts.endSilence(id);
    }

    @Override
    public List<Silence> silences() {
        return alerts.silences();
    }

    @Override
    public void addHealthCheck(String name, HealthCheckOptions options, HealthCheck check) {
        health.add(name, options, check);
    }

    @Override
    public HealthReport health(HealthGroup group) {
        return health.report(group);
    }

    /** Says that the instance around this center has started; before, it is not ready. */
    public void started() {
        health.started();
    }

    @Override
    public HealthReport health() {
        return health.report();
    }

    /**
     * Returns the usual window over the timers and summaries of {@link #meters()}, for the exposition.
     *
     * @return the window, which ends whenever it is read
     */
    public RecentWindow recentWindow() {
        return series.recent(settings.window());
    }

    @Override
    public void reset() {
        performance.across(() -> {
            series.reset();
            engine.reset();
        });
        alerts.resetHits();
    }

    /** Ends the tick, evaluations and deliveries; alert events not delivered are sent after the next start. */
    @Override
    public void close() {
        tasks.forEach(TaskScheduler.Task::cancel);
        performance.close();
        alerts.close();
        health.close();
        loggers.close();
        logs.close();
    }
}
