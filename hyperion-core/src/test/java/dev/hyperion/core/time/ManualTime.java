// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.time;

import dev.hyperion.HyperionClock;
import dev.hyperion.TaskScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock and scheduler that move only when told; tasks run on the thread that advances the time. */
public final class ManualTime implements HyperionClock, TaskScheduler {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparingLong((Due d) -> d.at).thenComparingLong(d -> d.order));
    private long nanos;
    private long order;

    private static final class Due {
        private final long at;
        private final long order;
        private final Runnable run;

        Due(long at, long order, Runnable run) {
            this.at = at;
            this.order = order;
            this.run = run;
        }
    }

    @Override
    public synchronized Instant now() {
        return START.plusNanos(nanos);
    }

    @Override
    public synchronized long monotonicNanos() {
        return nanos;
    }

    @Override
    public synchronized Task once(String name, Duration delay, Runnable task) {
        Due entry = new Due(nanos + Math.max(0, delay.toNanos()), order++, task);
        due.add(entry);
        return () -> {
            synchronized (this) {
                due.remove(entry);
            }
        };
    }

    @Override
    public Task every(String name, Duration initialDelay, Duration period, Runnable task) {
        boolean[] cancelled = {false};
        once(name, initialDelay, new Runnable() {
            @Override
            public void run() {
                if (!cancelled[0]) {
                    once(name, period, this);
                    task.run();
                }
            }
        });
        return () -> cancelled[0] = true;
    }

    public void advance(Duration by) {
        long until = monotonicNanos() + by.toNanos();
        while (true) {
            Due next;
            synchronized (this) {
                next = due.peek();
                if (next == null || next.at > until) {
                    nanos = until;
                    return;
                }
                due.poll();
                nanos = Math.max(nanos, next.at);
            }
            next.run.run();
        }
    }

    public void advanceSeconds(int seconds) {
        advance(Duration.ofSeconds(seconds));
    }
}
