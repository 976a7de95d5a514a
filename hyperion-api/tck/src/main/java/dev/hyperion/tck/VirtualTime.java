// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import dev.hyperion.HyperionClock;
import dev.hyperion.TaskScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * A clock that moves only when told, and a scheduler on it: a 30-minute canary takes milliseconds, and every run is the same.
 * Tasks run on the thread that advances the time, in the order in which they are due.
 *
 * <p>Thread-safety: thread-safe, but for {@link #advance}, which one thread calls.
 */
public final class VirtualTime implements HyperionClock, TaskScheduler {
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
    private Instant wall;
    private long nanos;
    private long order;

    private record Due(long at, long order, Entry entry) {}

    /** A task that was handed in; periodic if it has a period. */
    private static final class Entry implements Task {
        private final Runnable run;
        private final long period;
        private volatile boolean cancelled;

        Entry(Runnable run, long period) {
            this.run = run;
            this.period = period;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    /** Starts at noon of the first day of 2026, in UTC. */
    public VirtualTime() {
        this(Instant.parse("2026-01-01T12:00:00Z"));
    }

    /**
     * Starts at some instant.
     *
     * @param start the wall clock's first time
     */
    public VirtualTime(Instant start) {
        this.wall = start;
    }

    @Override
    public synchronized Instant now() {
        return wall;
    }

    @Override
    public synchronized long monotonicNanos() {
        return nanos;
    }

    @Override
    public Task once(String name, Duration delay, Runnable task) {
        return add(new Entry(task, 0), Math.max(0, delay.toNanos()));
    }

    @Override
    public Task every(String name, Duration initialDelay, Duration period, Runnable task) {
        if (period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException(
                    "task " + name + " has the period " + period + "; expected more than zero");
        }
        return add(new Entry(task, period.toNanos()), Math.max(0, initialDelay.toNanos()));
    }

    private synchronized Task add(Entry entry, long delay) {
        due.add(new Due(nanos + delay, order++, entry));
        return entry;
    }

    /**
     * Lets time pass, running what is due. What a task throws comes out here, and time stands where it was thrown.
     *
     * @param by how much time passes; zero runs what is due now
     */
    public void advance(Duration by) {
        long until = monotonicNanos() + by.toNanos();
        while (true) {
            Entry entry = next(until);
            if (entry == null) {
                return;
            }
            entry.run.run();
        }
    }

    private synchronized @Nullable Entry next(long until) {
        while (true) {
            Due first = due.peek();
            if (first == null || first.at() > until) {
                move(until);
                return null;
            }
            due.remove();
            if (first.entry().cancelled) {
                continue;
            }
            move(Math.max(nanos, first.at()));
            if (first.entry().period > 0) {
                due.add(new Due(nanos + first.entry().period, order++, first.entry()));
            }
            return first.entry();
        }
    }

    private void move(long to) {
        wall = wall.plusNanos(to - nanos);
        nanos = to;
    }

    /**
     * Moves the wall clock alone, as an administrator or a time server does. Nothing is run.
     *
     * @param by how far; negative moves it back
     */
    public synchronized void jump(Duration by) {
        wall = wall.plus(by);
    }

    /**
     * A scheduler whose tasks end together, as those of a process do.
     *
     * @return a scheduler on this time
     */
    public VirtualProcess process() {
        return new VirtualProcess(this);
    }

    /** The tasks of one process. Thread-safety: thread-safe. */
    public static final class VirtualProcess implements TaskScheduler {
        private final VirtualTime time;
        private final List<Task> tasks = new ArrayList<>();
        private boolean dead;

        private VirtualProcess(VirtualTime time) {
            this.time = time;
        }

        @Override
        public synchronized Task once(String name, Duration delay, Runnable task) {
            return keep(time.once(name, delay, task));
        }

        @Override
        public synchronized Task every(String name, Duration initialDelay, Duration period, Runnable task) {
            return keep(time.every(name, initialDelay, period, task));
        }

        private Task keep(Task task) {
            tasks.add(task);
            if (dead) {
                task.cancel();
            }
            return task;
        }

        /** Ends every task, now and later, as {@code kill -9} does. */
        public synchronized void kill() {
            dead = true;
            tasks.forEach(Task::cancel);
            tasks.clear();
        }
    }
}
