// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.health;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.TaskScheduler;
import dev.hyperion.monitoring.HealthCheck;
import dev.hyperion.monitoring.HealthFinding;
import dev.hyperion.monitoring.HealthReport;
import dev.hyperion.monitoring.HealthStatus;
import dev.hyperion.monitoring.MetricCatalogue;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the health checks in the background, side by side, and keeps what each found last.
 *
 * <p>A check that does not answer by its deadline is interrupted and counts as down; until it ends it is not started again.
 * A check that has not run yet counts as up: a service is not down because it has just started. The whole is as well as
 * its worst check.
 *
 * <p>Thread-safety: thread-safe; {@link #report} never blocks.
 */
public final class HealthMonitor {
    private final Map<String, Watched> checks = new ConcurrentSkipListMap<>();
    private final HyperionClock clock;
    private final TaskScheduler scheduler;
    private final Executor executor;
    private final Duration deadline;

    /**
     * Creates a monitor without checks.
     *
     * @param clock the clock of deadlines and findings
     * @param scheduler ends what overruns its deadline
     * @param executor runs the checks
     * @param deadline how long one check may take
     */
    public HealthMonitor(HyperionClock clock, TaskScheduler scheduler, Executor executor, Duration deadline) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.executor = executor;
        this.deadline = deadline;
    }

    /**
     * Adds a check; it runs from the next tick on.
     *
     * @param name its name, such as {@code store}
     * @param check what to run
     * @throws HyperionException if there is a check of that name
     */
    public void add(String name, HealthCheck check) {
        if (checks.putIfAbsent(name, new Watched(name, check, clock.now())) != null) {
            throw new HyperionException("health check " + name + " exists already; give this one another name");
        }
    }

    /** Starts every check that is not still running. Called by the monitoring center on its interval; returns at once. */
    public void tick() {
        checks.values().forEach(Watched::start);
    }

    /**
     * Reports what the checks found last.
     *
     * @return the worst status and every check, in order of their names
     */
    public HealthReport report() {
        List<HealthReport.Check> all = new ArrayList<>();
        HealthStatus worst = HealthStatus.UP;
        for (Watched each : checks.values()) {
            HealthReport.Check check = each.last;
            all.add(check);
            worst = check.status().compareTo(worst) > 0 ? check.status() : worst;
        }
        return new HealthReport(worst, all, clock.now());
    }

    /**
     * Registers {@code hyperion.health.status}: a gauge per status, 1 for the one that holds and 0 for the others.
     *
     * @param meters where
     */
    public void bindTo(MeterRegistry meters) {
        for (HealthStatus status : HealthStatus.values()) {
            MetricCatalogue.HEALTH_STATUS.gauge(
                    meters,
                    this,
                    monitor -> monitor.report().status() == status ? 1 : 0,
                    status.name().toLowerCase(Locale.ROOT));
        }
    }

    private final class Watched {
        private final String name;
        private final HealthCheck check;
        private volatile HealthReport.Check last;
        private boolean running;
        private @Nullable Thread runner;
        private TaskScheduler.@Nullable Task overrun;

        Watched(String name, HealthCheck check, Instant now) {
            this.name = name;
            this.check = check;
            this.last = new HealthReport.Check(name, HealthStatus.UP, "not checked yet", now);
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
            HealthFinding finding;
            try {
                finding = check.check(Deadline.in(clock, deadline));
            } catch (Exception e) {
                // whatever the application's own check throws means that it could not find the thing well
                finding = HealthFinding.down(e.getMessage() == null ? e.toString() : e.getMessage());
            }
            finish(finding);
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
                last = new HealthReport.Check(name, finding.status(), finding.detail(), clock.now());
            } // else the deadline has told its verdict; the next run may better it
            running = false;
        }

        private synchronized void overrun() {
            if (overrun == null) {
                return;
            }
            overrun = null;
            last = new HealthReport.Check(
                    name, HealthStatus.DOWN, "no answer within " + deadline.toMillis() + " ms", clock.now());
            if (runner != null) {
                runner.interrupt();
            }
        }
    }
}
