// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.time;

import dev.hyperion.HyperionClock;
import dev.hyperion.TaskScheduler;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs tasks on two daemon threads. Thread-safety: thread-safe. */
public final class SystemScheduler implements TaskScheduler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SystemScheduler.class);

    private final HyperionClock clock;
    private final ScheduledThreadPoolExecutor threads;

    /**
     * Starts a scheduler.
     *
     * @param clock the clock that its tasks see
     */
    public SystemScheduler(HyperionClock clock) {
        this.clock = clock;
        this.threads = new ScheduledThreadPoolExecutor(2, task -> {
            Thread thread = new Thread(task, "hyperion-scheduler");
            thread.setDaemon(true);
            return thread;
        });
        threads.setRemoveOnCancelPolicy(true);
        threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** One task; periodic if it has a period. */
    private final class Entry implements Task, Runnable {
        private final String name;
        private final Runnable run;
        private final long period;
        private volatile boolean cancelled;

        Entry(String name, Runnable run, long period) {
            this.name = name;
            this.run = run;
            this.period = period;
        }

        void schedule(long delay) {
            try {
                ScheduledFuture<?> unused = threads.schedule(this, delay, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("task '{}' is not run: the scheduler is closed", name);
            }
        }

        @Override
        public void run() {
            if (cancelled) {
                return;
            }
            long start = clock.monotonicNanos();
            try {
                run.run();
            } catch (RuntimeException e) {
                // a task's failure is its own: the others, and its next run, go on
                LOG.error("task '{}' failed", name, e);
            }
            if (period > 0 && !cancelled) {
                schedule(Math.max(0, period - (clock.monotonicNanos() - start)));
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    @Override
    public Task once(String name, Duration delay, Runnable task) {
        Entry entry = new Entry(name, task, 0);
        entry.schedule(Math.max(0, delay.toNanos()));
        return entry;
    }

    @Override
    public Task every(String name, Duration initialDelay, Duration period, Runnable task) {
        if (period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException(
                    "task " + name + " has the period " + period + "; expected more than zero");
        }
        Entry entry = new Entry(name, task, period.toNanos());
        entry.schedule(Math.max(0, initialDelay.toNanos()));
        return entry;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
