// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import dev.hyperion.monitoring.MeterSpec.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Every meter that Hyperion itself registers, and every metric that its own sources tell, declared once. {@code docs/metrics.md} is made
 * from this list.
 *
 * <p>A new meter is a new constant here, and {@code MetricCatalogue.ITS_NAME.counter(meters, …)} where it is counted: code of
 * Hyperion registers meters in no other way, which the architecture tests check. Thread-safety: immutable.
 */
public final class MetricCatalogue {
    private static final List<MeterSpec> DECLARED = new ArrayList<>();
    private static final List<MeterSpec> TOLD = new ArrayList<>();
    private static final String APPLICATION = "application";
    private static final String VERSION = "version";
    private static final String CLIENT = "client";
    private static final String METER = "meter";

    /** Time per request, as the router or the application's own filter sees it. */
    public static final MeterSpec LATENCY = told(
            Kind.TIMER,
            "latency",
            "seconds",
            "Time per request, as clients of the router see it.",
            APPLICATION,
            VERSION);

    /** Requests that failed. */
    public static final MeterSpec ERROR = told(
            Kind.COUNTER,
            "error",
            "",
            "Requests that the application answered with 5xx or not at all.",
            APPLICATION,
            VERSION);

    /** Requests by outcome. */
    public static final MeterSpec REQUESTS =
            told(Kind.COUNTER, "requests", "", "Requests, by outcome if asked.", APPLICATION, VERSION, "outcome");

    /** Requests under way. */
    public static final MeterSpec REQUESTS_IN_FLIGHT =
            told(Kind.GAUGE, "requests.in_flight", "", "Requests under way.", APPLICATION, VERSION, "replica");

    /** Connections that replicas refused. */
    public static final MeterSpec REQUESTS_REFUSED_CONNECTS = told(
            Kind.COUNTER,
            "requests.refused_connects",
            "",
            "Connections that a replica refused, tried again at another one.",
            APPLICATION,
            VERSION);

    /** Requests without a version to go to. */
    public static final MeterSpec REQUESTS_UNROUTED =
            told(Kind.COUNTER, "requests.unrouted", "", "Requests that no version could take.", APPLICATION);

    /** How busy a process is. */
    public static final MeterSpec CPU_UTILIZATION = gauge(
            "cpu.utilization",
            "percent",
            "CPU time of this process, of what it may use; in an operator, the mean over the replicas.");

    /** How busy the machine is. */
    public static final MeterSpec CPU_MACHINE_UTILIZATION =
            gauge("cpu.machine.utilization", "percent", "CPU time of the whole machine.");

    /** Memory by area. */
    public static final MeterSpec MEMORY_USAGE = gauge(
            "memory.usage",
            "bytes",
            "Memory in use by this process; the area is heap, nonheap or, on Linux, resident.",
            "area");

    /** Who came without a key. */
    public static final MeterSpec SECURITY_UNAUTHORIZED = counter(
            "security.unauthorized",
            "Requests without a key, or with a wrong one; the client is other for all but the most frequent.",
            CLIENT);

    /** Who asked too often. */
    public static final MeterSpec SECURITY_RATE_LIMITED = counter(
            "security.rate_limited",
            "Requests over the limit of their client; the client is other for all but the most frequent.",
            CLIENT);

    /** Who may only look. */
    public static final MeterSpec SECURITY_FORBIDDEN =
            counter("security.forbidden", "Requests of a viewer for what only operators may do.");

    /** Who was kept out. */
    public static final MeterSpec SECURITY_BLOCKED =
            counter("security.blocked", "Requests of clients that are blocked.");

    /** How many are kept out. */
    public static final MeterSpec SECURITY_BLOCKED_CLIENTS =
            gauge("security.blocked_clients", "", "Clients that are blocked now.");

    /** What plugins did wrong. */
    public static final MeterSpec PLUGIN_FAILURES =
            counter("plugin.failures", "Calls of a plugin that failed or did not end in time.", "plugin");

    /** What the scaling loop decided. */
    public static final MeterSpec AUTOSCALE_DECISIONS = counter(
            "autoscale.decisions",
            "Decisions of the scaling loop: scale-up, scale-down, no-op or failed.",
            APPLICATION,
            "decision");

    /** What the scaling loop had no time for. */
    public static final MeterSpec AUTOSCALE_MISSED = counter(
            "autoscale.turns_missed",
            "Turns of the scaling loop that came while the one before was not over, or that nobody had time for.",
            APPLICATION);

    /** How late the scaling loop is. */
    public static final MeterSpec AUTOSCALE_LATENESS =
            timer("autoscale.lateness", "How much later than due the turns of the scaling loop began.");

    /** New versions that came into service. */
    public static final MeterSpec DEPLOY_APPLY_SUCCESS =
            counter("deploy.apply_success", "Rollouts of a new version that succeeded.", APPLICATION);

    /** New versions that did not. */
    public static final MeterSpec DEPLOY_APPLY_FAILURE =
            counter("deploy.apply_failure", "Rollouts of a new version that went back or are held.", APPLICATION);

    /** Ways back. */
    public static final MeterSpec DEPLOY_ROLLBACK_STARTED =
            counter("deploy.rollback_started", "Ways back, by an operator or by themselves.", APPLICATION);

    /** Ways back that ended well. */
    public static final MeterSpec DEPLOY_ROLLBACK_SUCCESS =
            counter("deploy.rollback_success", "Ways back that ended well.", APPLICATION);

    /** Ways back that did not. */
    public static final MeterSpec DEPLOY_ROLLBACK_FAILURE =
            counter("deploy.rollback_failure", "Ways back that did not end well.", APPLICATION);

    /** How many replicas there should be. */
    public static final MeterSpec DEPLOY_DESIRED_REPLICAS =
            gauge("deploy.desired_replicas", "", "Replicas that the stable version should have.", APPLICATION);

    /** How many replicas there are. */
    public static final MeterSpec DEPLOY_ACTIVE_REPLICAS = gauge(
            "deploy.active_replicas", "", "Replicas that are ready, of all versions, when last observed.", APPLICATION);

    /** How long the last rollout took. */
    public static final MeterSpec DEPLOY_DURATION =
            gauge("deploy.duration", "seconds", "How long the last rollout took that is over.", APPLICATION);

    /** What was logged. */
    public static final MeterSpec LOG_ENTRIES =
            counter("log.entries", "Log entries, each repetition counted.", "level");

    /** Log entries that are gone. */
    public static final MeterSpec LOG_ENTRIES_LOST = gauge(
            "log.entries.lost", "", "Log entries overwritten by newer ones, or dropped on their way into the ring.");

    /** What the timeline could not write or read. */
    public static final MeterSpec TIMELINE_FAILURES = counter(
            "hyperion.timeline.failures",
            "Batches of the timeline that could not be written, and damaged places found in its files.");

    /** Which health holds. */
    public static final MeterSpec HEALTH_STATUS =
            gauge("hyperion.health.status", "", "1 for the health that holds, 0 for the others.", "status");

    /** What each health check found. */
    public static final MeterSpec HEALTH_CHECK_STATUS = gauge(
            "hyperion.health.check.status",
            "",
            "1 for what the check found last, 0 for the others.",
            "check",
            "status");

    /** Replicas by state. */
    public static final MeterSpec HEALTH_REPLICAS = gauge(
            "hyperion.health.replicas",
            "",
            "Replicas by application, version and state.",
            APPLICATION,
            VERSION,
            "state");

    /** How long alert rules take. */
    public static final MeterSpec ALERT_EVALUATION =
            timer("hyperion.alert.evaluation", "How long one evaluation of all alert rules takes.");

    /** Evaluations that fell behind. */
    public static final MeterSpec ALERT_EVALUATIONS_SKIPPED = counter(
            "hyperion.alert.evaluations.skipped", "Evaluations that were due while the last one was under way.");

    /** What became of alert events. */
    public static final MeterSpec ALERT_DELIVERIES = counter(
            "hyperion.alert.deliveries",
            "Alert events by outcome: delivered, rejected or dropped; and attempts that are repeated: retried.",
            "notifier",
            "outcome");

    /** How many alerts fire. */
    public static final MeterSpec ALERTS_FIRING =
            gauge("hyperion.alerts.firing", "", "Alerts that fire, silenced ones included.", "severity");

    /** Records that were no durations or amounts. */
    public static final MeterSpec RECORDS_REJECTED = counter(
            "hyperion.records.rejected", "Records ignored because they were negative, infinite or no number.", METER);

    /** Series that found no room. */
    public static final MeterSpec SERIES_OVERFLOW = counter(
            "hyperion.series.overflow",
            "How often a meter was asked for beyond the series that its name may have.",
            METER);

    /** Gauges that cannot be read. */
    public static final MeterSpec GAUGE_FAILURES =
            counter("hyperion.gauge.failures", "How often a gauge's function threw, or did not answer in time.", METER);

    /** Meters that had to be told apart. */
    public static final MeterSpec EXPOSITION_CONFLICTS = counter(
            "hyperion.exposition.conflicts",
            "Meters exported under another name or with a further label: theirs became those of another meter.");

    /** Records above the range. */
    public static final MeterSpec RECORDS_CLAMPED = counter(
            "hyperion.records.clamped",
            "Durations of 73 minutes (2^42 ns) or more: counted, exact in the sum, told as 73 minutes by percentiles.");

    private static final List<MeterSpec> ALL = List.copyOf(DECLARED);
    private static final List<MeterSpec> SOURCES = List.copyOf(TOLD);

    private MetricCatalogue() {}

    /**
     * Lists every meter that Hyperion registers.
     *
     * @return in the order in which they are declared, each name once
     */
    public static List<MeterSpec> all() {
        return ALL;
    }

    /**
     * Lists what the routers of Hyperion tell as a metric source: read by rules and policies, registered nowhere.
     *
     * @return in the order in which they are declared, each name once
     */
    public static List<MeterSpec> ofSources() {
        return SOURCES;
    }

    private static MeterSpec counter(String name, String description, String... tags) {
        return declare(DECLARED, new MeterSpec(name, Kind.COUNTER, "", List.of(tags), description));
    }

    private static MeterSpec gauge(String name, String unit, String description, String... tags) {
        return declare(DECLARED, new MeterSpec(name, Kind.GAUGE, unit, List.of(tags), description));
    }

    private static MeterSpec timer(String name, String description, String... tags) {
        return declare(DECLARED, new MeterSpec(name, Kind.TIMER, "seconds", List.of(tags), description));
    }

    private static MeterSpec told(Kind kind, String name, String unit, String description, String... tags) {
        return declare(TOLD, new MeterSpec(name, kind, unit, List.of(tags), description));
    }

    private static MeterSpec declare(List<MeterSpec> list, MeterSpec spec) {
        if (list.stream().anyMatch(other -> other.name().equals(spec.name()))) {
            throw new IllegalStateException("meter " + spec.name() + " is declared twice");
        }
        list.add(spec);
        return spec;
    }
}
