// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.health;

import dev.hyperion.HyperionClock;
import dev.hyperion.TaskScheduler;
import dev.hyperion.monitoring.HealthFinding;
import dev.hyperion.monitoring.HealthGroup;
import dev.hyperion.monitoring.HealthReport;
import dev.hyperion.monitoring.HealthStatus;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether this process still works, told from nothing outside of it: a task of the scheduler beats, and no threads wait for each
 * other. It does not look at the executor: what fills that are calls of stores, notifiers and checks, and a new start would not
 * bring those back; what cannot run there grows stale, and so the process is not ready.
 *
 * <p>Thread-safety: thread-safe; {@link #checks} never blocks.
 */
final class Liveness {
    private static final Duration BEAT = Duration.ofSeconds(1);

    /** Long enough for a pause of the whole JVM that is bad, and over. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(15);

    private static final Duration DEADLOCK_INTERVAL = Duration.ofSeconds(10);

    private final HyperionClock clock;
    private final Supplier<Set<String>> waiting;
    private final List<TaskScheduler.Task> tasks;
    private volatile long lastBeat;
    private volatile Set<String> seen = Set.of();
    private volatile HealthFinding deadlock = HealthFinding.up();

    Liveness(HyperionClock clock, TaskScheduler scheduler) {
        this(clock, scheduler, Liveness::deadlocked);
    }

    /**
     * @param waiting the names of the threads that wait for each other for good
     */
    Liveness(HyperionClock clock, TaskScheduler scheduler, Supplier<Set<String>> waiting) {
        this.clock = clock;
        this.waiting = waiting;
        this.lastBeat = clock.monotonicNanos();
        this.tasks = List.of(
                scheduler.every("heartbeat", BEAT, BEAT, () -> lastBeat = clock.monotonicNanos()),
                scheduler.every("deadlock watch", DEADLOCK_INTERVAL, DEADLOCK_INTERVAL, this::look));
    }

    private static Set<String> deadlocked() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long @Nullable [] ids = threads.findDeadlockedThreads();
        Set<String> names = new TreeSet<>();
        if (ids != null) {
            for (@Nullable ThreadInfo thread : threads.getThreadInfo(ids)) {
                if (thread != null) { // it has ended meanwhile
                    names.add(thread.getThreadName());
                }
            }
        }
        return names;
    }

    /** A lock that is waited for with a time limit looks the same at first: only who is seen twice is told. */
    private void look() {
        Set<String> now = waiting.get();
        Set<String> still = new TreeSet<>(now);
        still.retainAll(seen);
        seen = now;
        deadlock = still.isEmpty()
                ? HealthFinding.up()
                : HealthFinding.down("threads wait for each other: " + String.join(", ", still));
    }

    List<HealthReport.Check> checks() {
        Duration silence = Duration.ofNanos(clock.monotonicNanos() - lastBeat);
        HealthFinding beat = silence.compareTo(LONGEST_SILENCE) > 0
                ? HealthFinding.down(
                        String.format(Locale.ROOT, "the scheduler has not run anything for %d s", silence.toSeconds()))
                : HealthFinding.up();
        return List.of(check("deadlock", deadlock), check("heartbeat", beat));
    }

    /** What is wrong, for the report on everything. */
    List<HealthReport.Check> problems() {
        List<HealthReport.Check> problems = new ArrayList<>(checks());
        problems.removeIf(check -> check.status() == HealthStatus.UP);
        return problems;
    }

    private HealthReport.Check check(String name, HealthFinding finding) {
        return new HealthReport.Check(
                name, finding.status(), finding.detail(), clock.now(), Set.of(HealthGroup.LIVE), true);
    }

    void close() {
        tasks.forEach(TaskScheduler.Task::cancel);
    }
}
