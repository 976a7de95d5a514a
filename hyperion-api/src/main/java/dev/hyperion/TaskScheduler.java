// SPDX-License-Identifier: Apache-2.0
package dev.hyperion;

import java.time.Duration;

/**
 * Runs tasks later, on the time of the {@link HyperionClock} it belongs to. Tasks run on a small shared pool: one that may
 * block for long hands its work to an executor. A task that throws is logged with its name and, if periodic, runs again.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface TaskScheduler {
    /**
     * Runs a task once.
     *
     * @param name what the task is for, as it appears in logs
     * @param delay how long to wait; zero or negative means as soon as possible
     * @param task what to run
     * @return a handle that takes the task back
     */
    Task once(String name, Duration delay, Runnable task);

    /**
     * Runs a task again and again; two runs of one task never overlap, and the next run is due {@code period} after the
     * start of the last one, or at once if that took longer.
     *
     * @param name what the task is for, as it appears in logs
     * @param initialDelay how long to wait before the first run
     * @param period from start to start; more than zero
     * @param task what to run
     * @return a handle that ends the repetition
     */
    Task every(String name, Duration initialDelay, Duration period, Runnable task);

    /**
     * A task that was handed in.
     *
     * <p>Thread-safety: thread-safe.
     */
    interface Task {
        /** Takes the task back; a run under way goes on to its end. A second call does nothing. */
        void cancel();
    }
}
