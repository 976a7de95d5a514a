// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hyperion.HyperionClock;
import dev.hyperion.TaskScheduler;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.HealthReport;
import dev.hyperion.monitoring.HealthStatus;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class LivenessTest {
    private final ManualTime time = new ManualTime();

    /** A scheduler whose threads are all stuck. */
    private record Stuck() implements TaskScheduler {
        @Override
        public Task once(String name, Duration delay, Runnable task) {
            return () -> {};
        }

        @Override
        public Task every(String name, Duration initialDelay, Duration period, Runnable task) {
            return () -> {};
        }
    }

    private static HealthReport.Check named(Liveness liveness, String name) {
        return liveness.checks().stream()
                .filter(check -> check.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aProcessWhoseSchedulerRunsIsAlive() {
        Liveness liveness = new Liveness(time, time, Set::of);
        time.advance(Duration.ofHours(1));

        assertThat(liveness.checks())
                .allSatisfy(check -> assertThat(check.status()).isEqualTo(HealthStatus.UP));
        assertThat(liveness.problems()).isEmpty();
    }

    @Test
    void aProcessWhoseSchedulerIsStuckIsNotAlive() {
        Liveness liveness = new Liveness(time, new Stuck(), Set::of);
        time.advanceSeconds(15);
        assertThat(named(liveness, "heartbeat").status()).isEqualTo(HealthStatus.UP);

        time.advanceSeconds(1);
        assertThat(named(liveness, "heartbeat").status()).isEqualTo(HealthStatus.DOWN);
        assertThat(named(liveness, "heartbeat").detail()).isEqualTo("the scheduler has not run anything for 16 s");
        assertThat(liveness.problems()).hasSize(1);
    }

    @Test
    void threadsThatAreSeenTwiceWaitingForEachOtherAreADeadlock() {
        AtomicReference<Set<String>> waiting = new AtomicReference<>(Set.of("a", "b"));
        Liveness liveness = new Liveness(time, time, waiting::get);
        time.advanceSeconds(10);
        assertThat(named(liveness, "deadlock").status()).isEqualTo(HealthStatus.UP);

        time.advanceSeconds(10);
        assertThat(named(liveness, "deadlock").detail()).isEqualTo("threads wait for each other: a, b");

        waiting.set(Set.of("c"));
        time.advanceSeconds(10);
        assertThat(named(liveness, "deadlock").status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void aRealDeadlockIsFound() throws Exception {
        ReentrantLock one = new ReentrantLock();
        ReentrantLock other = new ReentrantLock();
        CountDownLatch both = new CountDownLatch(2);
        Thread first = locking("deadlocked-1", one, other, both);
        Thread second = locking("deadlocked-2", other, one, both);
        try {
            await().until(() -> ManagementFactory.getThreadMXBean().findDeadlockedThreads() != null);
            Liveness liveness = new Liveness(time, time);
            time.advanceSeconds(20);

            assertThat(named(liveness, "deadlock").detail()).contains("deadlocked-1, deadlocked-2");
        } finally {
            first.interrupt();
            second.interrupt();
            first.join();
            second.join();
        }
    }

    private static Thread locking(String name, ReentrantLock mine, ReentrantLock others, CountDownLatch both) {
        Thread thread = new Thread(
                () -> {
                    mine.lock();
                    try {
                        both.countDown();
                        both.await();
                        others.lockInterruptibly();
                        others.unlock();
                    } catch (InterruptedException e) {
                        // the end of the test
                    } finally {
                        mine.unlock();
                    }
                },
                name);
        thread.start();
        return thread;
    }

    @Test
    void theMachinesClockIsTheOneThatCounts() {
        assertThat(new Liveness(HyperionClock.system(), new Stuck(), Set::of).problems())
                .isEmpty();
    }
}
