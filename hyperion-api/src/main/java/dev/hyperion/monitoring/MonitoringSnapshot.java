// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.time.Instant;
import java.util.List;

/**
 * Everything the monitoring center knows, in one consistent view.
 *
 * <p>Thread-safety: immutable.
 *
 * @param at when it was taken
 * @param metrics every meter, by name
 * @param alerts one status for each rule and label set
 * @param health what the health checks found last
 * @param performanceMonitor the courses that are kept
 * @param logs the newest log entries, oldest first
 */
public record MonitoringSnapshot(
        Instant at,
        List<MetricSnapshot> metrics,
        List<AlertStatus> alerts,
        HealthReport health,
        List<Timeline> performanceMonitor,
        List<LogEntry> logs) {
    /** Copies the lists. */
    public MonitoringSnapshot {
        metrics = List.copyOf(metrics);
        alerts = List.copyOf(alerts);
        performanceMonitor = List.copyOf(performanceMonitor);
        logs = List.copyOf(logs);
    }
}
