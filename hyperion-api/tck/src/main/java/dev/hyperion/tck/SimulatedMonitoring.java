// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import dev.hyperion.HyperionClock;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.AlertStatus;
import dev.hyperion.monitoring.Coverage;
import dev.hyperion.monitoring.HealthCheck;
import dev.hyperion.monitoring.HealthCheckOptions;
import dev.hyperion.monitoring.HealthGroup;
import dev.hyperion.monitoring.HealthReport;
import dev.hyperion.monitoring.HealthStatus;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogPage;
import dev.hyperion.monitoring.LogQuery;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricReading;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.MonitoringCenter;
import dev.hyperion.monitoring.MonitoringSnapshot;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.monitoring.SampleValue;
import dev.hyperion.monitoring.Silence;
import dev.hyperion.monitoring.Timeline;
import dev.hyperion.monitoring.Window;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * A monitoring center that answers what the test has told it, for engines that read metrics and alerts.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class SimulatedMonitoring implements MonitoringCenter {
    private final HyperionClock clock;
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Map<String, AlertStatus> alerts = new LinkedHashMap<>();
    private final List<Silence> silences = new ArrayList<>();
    private final List<LogEntry> logs = new ArrayList<>();
    private Function<MetricQuery, MetricResult> answers = query -> new MetricResult.NoData("the test has told nothing");

    /**
     * A center that knows nothing.
     *
     * @param clock when readings are taken
     */
    public SimulatedMonitoring(HyperionClock clock) {
        this.clock = clock;
    }

    /**
     * Sets how queries are answered.
     *
     * @param how from query to result
     */
    public synchronized void answer(Function<MetricQuery, MetricResult> how) {
        this.answers = how;
    }

    /**
     * A result of one value, taken now.
     *
     * @param value the value
     * @return one sample without labels
     */
    public MetricResult value(double value) {
        return new MetricResult.Samples(
                List.of(new Sample(Map.of(), new SampleValue.Scalar(value), clock.now())),
                new Window(clock.now().minusSeconds(1), clock.now()),
                Coverage.full());
    }

    /**
     * Sets the state of a rule.
     *
     * @param rule the rule
     * @param labels its labels
     * @param state its state
     */
    public synchronized void alert(AlertRule rule, Map<String, String> labels, AlertState state) {
        alerts.put(
                rule.name() + labels,
                new AlertStatus(
                        rule,
                        labels,
                        state,
                        state == AlertState.FIRING ? rule.hits() : 0,
                        OptionalDouble.empty(),
                        clock.now(),
                        true,
                        "",
                        Optional.empty()));
    }

    @Override
    public MeterRegistry meters() {
        return meters;
    }

    @Override
    public synchronized MetricResult query(MetricQuery query) {
        return answers.apply(query);
    }

    @Override
    public Optional<MetricReading> read(String address) {
        MetricResult result = query(MetricQuery.parse(address, Duration.ofSeconds(60)));
        if (result instanceof MetricResult.Samples samples
                && samples.all().get(0).value() instanceof SampleValue.Scalar scalar) {
            return Optional.of(new MetricReading(address, scalar.value(), "", samples.actual()));
        }
        return Optional.empty();
    }

    @Override
    public MonitoringSnapshot snapshot() {
        return new MonitoringSnapshot(clock.now(), List.of(), alerts(), health(), List.of(), logged());
    }

    @Override
    public Timeline timeline(MetricQuery query, Duration span) {
        return new Timeline(query.address(), Duration.ofSeconds(1), List.of());
    }

    @Override
    public List<LogEntry> logs(LogQuery query) {
        return logged().stream().filter(query::matches).toList();
    }

    @Override
    public LogPage logPage(LogQuery query) {
        List<LogEntry> all = logged();
        return new LogPage(logs(query), all.size(), 0, all.size(), 0);
    }

    /**
     * Everything that was logged.
     *
     * @return oldest first
     */
    public synchronized List<LogEntry> logged() {
        return List.copyOf(logs);
    }

    @Override
    public synchronized void log(LogEntry entry) {
        logs.add(entry);
    }

    @Override
    public AlertRule addAlert(AlertRule rule) {
        alert(rule, Map.of(), AlertState.INACTIVE);
        return rule;
    }

    @Override
    public synchronized boolean removeAlert(String name) {
        return alerts.values().removeIf(status -> status.rule().name().equals(name));
    }

    @Override
    public synchronized List<AlertStatus> alerts() {
        return List.copyOf(alerts.values());
    }

    @Override
    public synchronized Silence silence(Silence silence) {
        Silence added = new Silence(
                "silence-" + (silences.size() + 1),
                silence.rule(),
                silence.labels(),
                silence.who(),
                silence.why(),
                silence.until());
        silences.add(added);
        return added;
    }

    @Override
    public synchronized boolean endSilence(String id) {
        return silences.removeIf(silence -> silence.id().equals(id));
    }

    @Override
    public synchronized List<Silence> silences() {
        return List.copyOf(silences);
    }

    @Override
    public HealthReport health() {
        return new HealthReport(HealthStatus.UP, List.of(), clock.now());
    }

    @Override
    public HealthReport health(HealthGroup group) {
        return health();
    }

    @Override
    public void addHealthCheck(String name, HealthCheckOptions options, HealthCheck check) {}

    @Override
    public void reset() {}
}
