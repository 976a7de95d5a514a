// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Measures, answers questions about what was measured, and raises alerts. Applications record through {@link #meters()},
 * with Micrometer's own types.
 *
 * <p>Thread-safety: thread-safe. Only {@link #query} and {@link #read} may block, and not for longer than a metric source
 * may take.
 */
public interface MonitoringCenter {
    /**
     * The registry to record into.
     *
     * @return always the same registry
     */
    MeterRegistry meters();

    /**
     * Answers a question with one scalar per label set.
     *
     * @param query the question
     * @return figures, the statement that there are none, or why it cannot be told
     * @throws dev.hyperion.HyperionException if the question itself is wrong, such as a percentile of a gauge
     */
    MetricResult query(MetricQuery query);

    /**
     * Answers several statistics of one window, such as p50, p95 and p99. Cheaper than one question for each, and the
     * answers agree: they are of the same records.
     *
     * @param query what to read; its own statistic is not regarded
     * @param statistics which, one or more
     * @return one result for each, in their order
     * @throws dev.hyperion.HyperionException if the question itself is wrong, such as a percentile of a gauge
     */
    default List<MetricResult> query(MetricQuery query, List<Statistic> statistics) {
        return statistics.stream().map(each -> query(query.as(each))).toList();
    }

    /**
     * Reads one scalar over the usual window.
     *
     * @param address such as {@code latency.p95}
     * @return empty if nothing was recorded
     * @throws dev.hyperion.HyperionException if it is no address, or it cannot be told
     */
    Optional<MetricReading> read(String address);

    /**
     * Everything in one consistent view.
     *
     * @return metrics, alerts, health, kept courses and the newest log entries
     */
    MonitoringSnapshot snapshot();

    /**
     * The course of a metric, as far as the performance monitor keeps it.
     *
     * @param query which metric; its address must be one of those kept
     * @param span how far back
     * @return the course; without points if nothing was recorded
     * @throws dev.hyperion.HyperionException if the metric is not kept; the message names those that are
     */
    Timeline timeline(MetricQuery query, Duration span);

    /**
     * Finds log entries.
     *
     * @param query which
     * @return the newest that match, oldest first
     */
    List<LogEntry> logs(LogQuery query);

    /**
     * Reads the log as {@link #logs} does, and tells what was missed.
     *
     * @param query which
     * @return the entries, and from where to go on
     */
    LogPage logPage(LogQuery query);

    /**
     * Adds a log entry to the ring. Neither blocks nor throws; what is too long is cut, and what is repeated within a short
     * while is counted and told as one entry.
     *
     * @param entry what happened; its sequence number does not matter
     */
    void log(LogEntry entry);

    /**
     * Adds a rule, or replaces the one of the same name.
     *
     * @param rule the rule
     * @return the rule as it is in force
     * @throws dev.hyperion.HyperionException if it cannot be evaluated, such as an unknown notifier
     */
    AlertRule addAlert(AlertRule rule);

    /**
     * Removes a rule.
     *
     * @param name its name
     * @return whether there was one
     */
    boolean removeAlert(String name);

    /**
     * Where the rules stand.
     *
     * @return one status for each rule and label set
     */
    List<AlertStatus> alerts();

    /**
     * Silences alerts until a time; kept over restarts.
     *
     * @param silence what, with an empty id
     * @return the silence with its id
     * @throws dev.hyperion.HyperionException if its end has passed
     */
    Silence silence(Silence silence);

    /**
     * Ends a silence before its time.
     *
     * @param id its id
     * @return whether there was one
     */
    boolean endSilence(String id);

    /**
     * What is silenced.
     *
     * @return those that have not ended, the one that ends first at the front
     */
    List<Silence> silences();

    /**
     * What the health checks found last; never waits for one. A check that has not run yet does not count.
     *
     * @return the report on every check
     */
    HealthReport health();

    /**
     * What holds for one group; never waits for a check. Unlike in {@link #health()} the whole is down as long as a critical
     * check of the group has not run yet, or the start is not over.
     *
     * @param group what is asked
     * @return the report on the checks of this group
     */
    HealthReport health(HealthGroup group);

    /**
     * Adds a health check with the usual options. It runs in the background from now on.
     *
     * @param name its name
     * @param check what to run
     * @throws dev.hyperion.HyperionException if there is a check of that name
     */
    default void addHealthCheck(String name, HealthCheck check) {
        addHealthCheck(name, HealthCheckOptions.usual(), check);
    }

    /**
     * Adds a health check. It runs in the background from now on.
     *
     * @param name its name
     * @param options what it has a say in
     * @param check what to run
     * @throws dev.hyperion.HyperionException if there is a check of that name
     */
    void addHealthCheck(String name, HealthCheckOptions options, HealthCheck check);

    /**
     * Sets a new baseline for windows, snapshot and alert hits. What scrapers see never goes back; rules, history and
     * audit stay.
     */
    void reset();
}
