// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.health;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.TaskScheduler;
import dev.hyperion.monitoring.HealthCheck;
import dev.hyperion.monitoring.HealthCheckOptions;
import dev.hyperion.monitoring.HealthFinding;
import dev.hyperion.monitoring.HealthGroup;
import dev.hyperion.monitoring.HealthReport;
import dev.hyperion.monitoring.HealthStatus;
import dev.hyperion.monitoring.MetricCatalogue;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the health checks in the background, side by side, and keeps what each found last.
 *
 * <p>A check that does not answer by its deadline is interrupted and counts as down; until it ends it is not started again.
 * What was found too long ago counts as down too. The whole is as well as its worst check, where one that is not critical makes
 * it degraded at most. A check that has not run yet does not count for the whole: a service is not down because it has just
 * started. It is not ready either, until every critical check of that group has run.
 *
 * <p>Thread-safety: thread-safe; the reports never block.
 */
public final class HealthMonitor implements AutoCloseable {
    private static final List<HealthStatus> KNOWN = List.of(HealthStatus.UP, HealthStatus.DEGRADED, HealthStatus.DOWN);

    /** The names of what {@link Liveness} tells. */
    private static final Set<String> RESERVED = Set.of("deadlock", "heartbeat");

    private final Map<String, Watched> checks = new ConcurrentSkipListMap<>();
    private final HyperionClock clock;
    private final TaskScheduler scheduler;
    private final Executor executor;
    private final MeterRegistry meters;
    private final Duration deadline;
    private final Duration stale;
    private final Liveness liveness;
    private volatile boolean started;
    private volatile boolean startupOver;

    /**
     * Creates a monitor without checks, and registers {@code hyperion.health.status}: a gauge per status, 1 for the one that
     * holds and 0 for the others.
     *
     * @param clock the clock of deadlines and findings
     * @param scheduler ends what overruns its deadline
     * @param executor runs the checks
     * @param meters where the gauges of health are registered
     * @param interval how often {@link #tick} is called
     * @param deadline how long one check may take
     */
    public HealthMonitor(
            HyperionClock clock,
            TaskScheduler scheduler,
            Executor executor,
            MeterRegistry meters,
            Duration interval,
            Duration deadline) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.executor = executor;
        this.meters = meters;
        this.deadline = deadline;
        this.stale = HealthSettings.stale(interval, deadline);
        this.liveness = new Liveness(clock, scheduler);
        for (HealthStatus status : KNOWN) {
            MetricCatalogue.HEALTH_STATUS.gauge(
                    meters, this, monitor -> monitor.report().status() == status ? 1 : 0, word(status));
        }
    }

    private static String word(HealthStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Adds a check; it runs from the next tick on. Its gauges {@code hyperion.health.check.status} are all 0 until then.
     *
     * @param name its name, such as {@code store}
     * @param options what it has a say in
     * @param check what to run
     * @throws HyperionException if there is a check of that name
     */
    public void add(String name, HealthCheckOptions options, HealthCheck check) {
        Watched added = new Watched(name, options, check);
        if (RESERVED.contains(name) || checks.putIfAbsent(name, added) != null) {
            throw new HyperionException("health check " + name + " exists already; give this one another name");
        }
        for (HealthStatus status : KNOWN) {
            MetricCatalogue.HEALTH_CHECK_STATUS.gauge(
                    meters, added, each -> each.now().status() == status ? 1 : 0, name, word(status));
        }
    }

    /** Starts every check that is not still running. Called by the monitoring center on its interval; returns at once. */
    public void tick() {
        checks.values().forEach(Watched::start);
    }

    /** Says that the start is over: from now on the instance can be ready. Called once, by whoever started it. */
    public void started() {
        started = true;
    }

    /**
     * Reports what the checks found last.
     *
     * @return the worst status and every check, in order of their names
     */
    public HealthReport report() {
        List<HealthReport.Check> all = new ArrayList<>(liveness.problems());
        checks.values().forEach(each -> all.add(each.now()));
        return new HealthReport(worst(all), all, clock.now());
    }

    /**
     * Reports on one group.
     *
     * @param group what is asked
     * @return down as long as a critical check of the group has not run yet, or the start is not over
     */
    public HealthReport report(HealthGroup group) {
        List<HealthReport.Check> all = new ArrayList<>();
        if (group == HealthGroup.LIVE) {
            all.addAll(liveness.checks());
        } else {
            checks.values().stream()
                    .map(Watched::now)
                    .filter(check -> check.groups().contains(group))
                    .forEach(all::add);
        }
        boolean down = all.stream().anyMatch(check -> check.critical() && check.status() == HealthStatus.UNKNOWN)
                || (group == HealthGroup.READY && !startupIsOver());
        if (group == HealthGroup.STARTUP && startupIsOver()) {
            return new HealthReport(HealthStatus.UP, all, clock.now());
        }
        return new HealthReport(
                down || group == HealthGroup.STARTUP ? HealthStatus.DOWN : worst(all), all, clock.now());
    }

    /** Once it is over it stays so, whatever its checks find later. */
    private boolean startupIsOver() {
        if (!startupOver
                && started
                && checks.values().stream()
                        .map(Watched::now)
                        .filter(check -> check.critical() && check.groups().contains(HealthGroup.STARTUP))
                        .allMatch(check ->
                                check.status() == HealthStatus.UP || check.status() == HealthStatus.DEGRADED)) {
            startupOver = true;
        }
        return startupOver;
    }

    private static HealthStatus worst(List<HealthReport.Check> checks) {
        return checks.stream()
                .map(HealthReport.Check::weight)
                .filter(status -> status != HealthStatus.UNKNOWN)
                .max(Comparator.naturalOrder())
                .orElse(HealthStatus.UP);
    }

    /** Ends what this monitor has scheduled for itself; the reports stay as they are. */
    @Override
    public void close() {
        liveness.close();
    }

    private final class Watched {
        private final String name;
        private final HealthCheckOptions options;
        private final HealthCheck check;
        private volatile Found last;
        private boolean running;
        private @Nullable Thread runner;
        private TaskScheduler.@Nullable Task overrun;

        /** What was found, and when on the clock that never jumps. */
        private record Found(HealthReport.Check check, long nanos) {}

        Watched(String name, HealthCheckOptions options, HealthCheck check) {
            this.name = name;
            this.options = options;
            this.check = check;
            this.last = found(HealthStatus.UNKNOWN, "not checked yet");
        }

        private Found found(HealthStatus status, String detail) {
            return new Found(
                    new HealthReport.Check(name, status, detail, clock.now(), options.groups(), options.critical()),
                    clock.monotonicNanos());
        }

        /** What was found last; down if that is too long ago. */
        HealthReport.Check now() {
            Found found = last;
            Duration age = Duration.ofNanos(clock.monotonicNanos() - found.nanos());
            HealthReport.Check check = found.check();
            if (check.status() == HealthStatus.UNKNOWN || age.compareTo(stale) <= 0) {
                return check;
            }
            return new HealthReport.Check(
                    name,
                    HealthStatus.DOWN,
                    "stale: checked " + age.toSeconds() + " s ago, when it was " + word(check.status()) + " "
                            + check.detail(),
                    check.at(),
                    check.groups(),
                    check.critical());
        }

        void start() {
            synchronized (this) {
                if (running) {
                    return;
                }
                running = true;
                // scheduled before the check starts, so that waiting for a thread counts as well
                overrun = scheduler.once("health check " + name, deadline, this::overrun);
            }
            try {
                executor.execute(this::run);
            } catch (RejectedExecutionException e) {
                finish(HealthFinding.down("not run: the executor has no room"));
            }
        }

        private void run() {
            synchronized (this) {
                runner = Thread.currentThread();
            }
            try {
                HealthFinding finding = check.check(Deadline.in(clock, deadline));
                finish(finding == null ? HealthFinding.down("the check answered null") : finding);
            } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
                // whatever the application's own check throws means that it could not find the thing well
                finish(HealthFinding.down(e.getMessage() == null ? e.toString() : e.getMessage()));
            }
        }

        private synchronized void finish(HealthFinding finding) {
            if (runner == Thread.currentThread()) {
                runner = null;
                Thread.interrupted(); // an interrupt of ours that came too late must not hit the next task of this
                // thread
            }
            if (overrun != null) {
                overrun.cancel();
                overrun = null;
                last = found(finding.status(), finding.detail());
            } // else the deadline has told its verdict; the next run may better it
            running = false;
        }

        private synchronized void overrun() {
            if (overrun == null) {
                return;
            }
            overrun = null;
            last = found(HealthStatus.DOWN, "no answer within " + deadline.toMillis() + " ms");
            if (runner != null) {
                runner.interrupt();
            }
        }
    }
}
