// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.core.log.LogSettings;
import dev.hyperion.core.registry.RegistrySettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How the monitoring center works. Thread-safety: immutable.
 *
 * @param tick how often windows, sources and the timeline move on; 100 ms to 10 s
 * @param window the window of a query that names none; at least one tick
 * @param aliases other names for meters, such as {@code latency} for {@code http.server.requests}
 * @param timeline addresses whose course is kept
 * @param logs what the log ring keeps
 * @param sourceDeadline how long a metric source may take for one answer
 * @param healthInterval how often health checks run
 * @param healthDeadline how long one health check may take
 * @param registry how the registry works
 */
public record MonitoringSettings(
        Duration tick,
        Duration window,
        Map<String, String> aliases,
        List<String> timeline,
        LogSettings logs,
        Duration sourceDeadline,
        Duration healthInterval,
        Duration healthDeadline,
        RegistrySettings registry) {

    /** Checks the ranges and copies the collections. */
    public MonitoringSettings {
        require(tick.toMillis() >= 100 && tick.toMillis() <= 10_000, "tick", tick, "100 ms to 10 s");
        require(window.compareTo(tick) >= 0, "window", window, "at least one tick");
        require(positive(sourceDeadline), "source deadline", sourceDeadline, "more than zero");
        require(positive(healthInterval), "health interval", healthInterval, "more than zero");
        require(positive(healthDeadline), "health deadline", healthDeadline, "more than zero");
        aliases = Map.copyOf(aliases);
        timeline = List.copyOf(timeline);
    }

    /**
     * Settings whose registry has the defaults.
     *
     * @param tick as in {@link #tick}
     * @param window as in {@link #window}
     * @param aliases as in {@link #aliases}
     * @param timeline as in {@link #timeline}
     * @param logs as in {@link #logs}
     * @param sourceDeadline as in {@link #sourceDeadline}
     * @param healthInterval as in {@link #healthInterval}
     * @param healthDeadline as in {@link #healthDeadline}
     */
    public MonitoringSettings(
            Duration tick,
            Duration window,
            Map<String, String> aliases,
            List<String> timeline,
            LogSettings logs,
            Duration sourceDeadline,
            Duration healthInterval,
            Duration healthDeadline) {
        this(
                tick,
                window,
                aliases,
                timeline,
                logs,
                sourceDeadline,
                healthInterval,
                healthDeadline,
                RegistrySettings.defaults());
    }

    /**
     * Changes how the registry works.
     *
     * @param given as in {@link #registry}
     * @return a copy
     */
    public MonitoringSettings withRegistry(RegistrySettings given) {
        return new MonitoringSettings(
                tick, window, aliases, timeline, logs, sourceDeadline, healthInterval, healthDeadline, given);
    }

    private static boolean positive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean holds, String what, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("monitoring " + what + " is " + value + "; expected " + expected);
        }
    }

    /**
     * The settings that hold unless configured otherwise: ticks of 1 s, windows of 60 s, 4 MiB of log entries, health every 5 s with 2 s per check, sources 2 s.
     *
     * @return the defaults
     */
    public static MonitoringSettings defaults() {
        return new MonitoringSettings(
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                Map.of(),
                List.of(
                        "latency.p95",
                        "error.rate",
                        "cpu.utilization",
                        "memory.usage{area=\"heap\"}",
                        "latency.rate",
                        "deploy.active_replicas.sum"),
                LogSettings.defaults(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2));
    }
}
