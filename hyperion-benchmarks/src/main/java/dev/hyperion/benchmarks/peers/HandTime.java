// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.peers;

import dev.hyperion.HyperionClock;
import dev.hyperion.TaskScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Time that moves when it is told to, and tasks that run when they are called by name. Thread-safety: confined. */
final class HandTime implements HyperionClock, TaskScheduler {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final Map<String, Runnable> tasks = new HashMap<>();
    private long nanos = 1;

    void advance(Duration time) {
        nanos += time.toNanos();
    }

    void run(String name) {
        Runnable task = tasks.get(name);
        if (task == null) {
            throw new IllegalStateException("no task named '" + name + "'; there are: " + tasks.keySet());
        }
        task.run();
    }

    @Override
    public Instant now() {
        return EPOCH.plusNanos(nanos);
    }

    @Override
    public long monotonicNanos() {
        return nanos;
    }

    @Override
    public Task once(String name, Duration delay, Runnable task) {
        return every(name, delay, delay, task);
    }

    @Override
    public Task every(String name, Duration initialDelay, Duration period, Runnable task) {
        tasks.put(name, task);
        return () -> tasks.remove(name, task);
    }
}
