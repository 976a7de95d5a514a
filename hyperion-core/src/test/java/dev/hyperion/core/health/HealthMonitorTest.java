// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.HyperionException;
import dev.hyperion.core.registry.HyperionMeterRegistry;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.HealthCheck;
import dev.hyperion.monitoring.HealthCheckOptions;
import dev.hyperion.monitoring.HealthFinding;
import dev.hyperion.monitoring.HealthGroup;
import dev.hyperion.monitoring.HealthReport;
import dev.hyperion.monitoring.HealthStatus;
import io.micrometer.core.instrument.MockClock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HealthMonitorTest {
    private final ManualTime time = new ManualTime();
    private final HyperionMeterRegistry registry = new HyperionMeterRegistry(new MockClock());
    private final HealthMonitor direct = monitor(Runnable::run);

    private HealthMonitor monitor(Executor executor) {
        return new HealthMonitor(
                time,
                time,
                executor,
                new HyperionMeterRegistry(new MockClock()),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2));
    }

    private static void add(HealthMonitor monitor, String name, HealthCheck check) {
        monitor.add(name, HealthCheckOptions.usual(), check);
    }

    private static HealthReport.Check only(HealthMonitor monitor) {
        assertThat(monitor.report().checks()).hasSize(1);
        return monitor.report().checks().get(0);
    }

    @Test
    void theWholeIsAsWellAsItsWorstCheck() {
        AtomicReference<HealthFinding> store = new AtomicReference<>(HealthFinding.up());
        add(direct, "queue", d -> HealthFinding.degraded("900 waiting"));
        add(direct, "store", d -> store.get());

        direct.tick();
        assertThat(direct.report().status()).isEqualTo(HealthStatus.DEGRADED);

        store.set(HealthFinding.down("disk full"));
        assertThat(direct.report().status()).isEqualTo(HealthStatus.DEGRADED); // as found last
        direct.tick();
        assertThat(direct.report().status()).isEqualTo(HealthStatus.DOWN);
        assertThat(direct.report().checks())
                .extracting(HealthReport.Check::detail)
                .containsExactly("900 waiting", "disk full");
    }

    @Test
    void aServiceThatHasJustStartedIsNotDown() {
        add(direct, "store", d -> HealthFinding.down("never asked"));

        assertThat(direct.report().status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void aCheckThatThrowsIsDownWithItsMessage() {
        add(direct, "store", d -> {
            throw new java.io.IOException("no such file");
        });

        direct.tick();

        assertThat(direct.report().checks().get(0).status()).isEqualTo(HealthStatus.DOWN);
        assertThat(direct.report().checks().get(0).detail()).isEqualTo("no such file");
    }

    @Test
    void aHangingCheckIsInterruptedAtItsDeadlineAndDelaysNoOther() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            HealthMonitor monitor = monitor(pool);
            CountDownLatch hanging = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            CountDownLatch other = new CountDownLatch(1);
            add(monitor, "a hanging one", d -> {
                hanging.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                }
                return HealthFinding.up();
            });
            add(monitor, "another", d -> {
                other.countDown();
                return HealthFinding.up();
            });

            monitor.tick();
            assertThat(hanging.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(other.await(60, TimeUnit.SECONDS)).isTrue();
            time.advanceSeconds(2);

            assertThat(monitor.report().checks().get(0).detail()).isEqualTo("no answer within 2000 ms");
            assertThat(monitor.report().status()).isEqualTo(HealthStatus.DOWN);
            assertThat(interrupted.await(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void theStatusIsAGaugePerWordOfWhichOneIsOne() {
        HealthMonitor measured =
                new HealthMonitor(time, time, Runnable::run, registry, Duration.ofSeconds(5), Duration.ofSeconds(2));
        add(measured, "queue", d -> HealthFinding.degraded("900 waiting"));
        assertThat(check("queue", "up") + check("queue", "degraded") + check("queue", "down"))
                .isZero(); // not looked at yet
        measured.tick();

        assertThat(check("queue", "up")).isZero();
        assertThat(check("queue", "degraded")).isEqualTo(1);
        assertThat(check("queue", "down")).isZero();

        assertThat(registry.get("hyperion.health.status")
                        .tag("status", "up")
                        .gauge()
                        .value())
                .isZero();
        assertThat(registry.get("hyperion.health.status")
                        .tag("status", "degraded")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(registry.get("hyperion.health.status")
                        .tag("status", "down")
                        .gauge()
                        .value())
                .isZero();
    }

    @Test
    void twoChecksOfOneNameAreRefused() {
        add(direct, "store", d -> HealthFinding.up());

        assertThatThrownBy(() -> add(direct, "store", d -> HealthFinding.up())).isInstanceOf(HyperionException.class);
    }

    private double check(String name, String status) {
        return registry.get("hyperion.health.check.status")
                .tag("check", name)
                .tag("status", status)
                .gauge()
                .value();
    }

    @Test
    void namesOfWhatTheMonitorTellsItselfAreTaken() {
        assertThatThrownBy(() -> add(direct, "heartbeat", d -> HealthFinding.up()))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("heartbeat exists already");
    }

    @Test
    void aCheckThatAnswersNullIsDown() {
        add(direct, "store", d -> null);
        direct.tick();

        assertThat(only(direct).status()).isEqualTo(HealthStatus.DOWN);
        assertThat(only(direct).detail()).isEqualTo("the check answered null");
    }

    @Test
    void aCheckWhoseClassesAreMissingIsDownAndRunsAgain() {
        AtomicReference<Boolean> missing = new AtomicReference<>(true);
        add(direct, "store", d -> {
            if (missing.get()) {
                throw new NoClassDefFoundError("org/postgresql/Driver");
            }
            return HealthFinding.up();
        });
        direct.tick();
        assertThat(only(direct).detail()).isEqualTo("org/postgresql/Driver");

        missing.set(false);
        direct.tick();
        assertThat(only(direct).status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void aCheckThatFindsUnknownIsDown() {
        add(direct, "store", d -> new HealthFinding(HealthStatus.UNKNOWN, ""));
        direct.tick();

        assertThat(only(direct).status()).isEqualTo(HealthStatus.DOWN);
        assertThat(only(direct).detail()).contains("expected up, degraded or down");
    }

    @Test
    void anExecutorWithoutRoomMakesTheCheckDown() {
        HealthMonitor full = monitor(task -> {
            throw new java.util.concurrent.RejectedExecutionException("full");
        });
        add(full, "store", d -> HealthFinding.up());
        full.tick();

        assertThat(only(full).detail()).isEqualTo("not run: the executor has no room");
    }

    @Test
    void aCheckThatWaitsForAThreadPastItsDeadlineIsDownAndNotStartedAgain() {
        java.util.List<Runnable> waiting = new java.util.ArrayList<>();
        HealthMonitor busy = monitor(waiting::add);
        add(busy, "store", d -> HealthFinding.up());
        busy.tick();
        time.advanceSeconds(2);
        busy.tick();

        assertThat(only(busy).detail()).isEqualTo("no answer within 2000 ms");
        assertThat(waiting).hasSize(1);

        waiting.remove(0).run(); // too late for its own round
        assertThat(only(busy).status()).isEqualTo(HealthStatus.DOWN);
        busy.tick();
        waiting.remove(0).run();
        assertThat(only(busy).status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void aCheckThatIsSlowAndInTimeIsUp() {
        add(direct, "store", d -> {
            time.advance(Duration.ofMillis(1_900));
            return HealthFinding.up();
        });
        direct.tick();

        assertThat(only(direct).status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void whatWasFoundTooLongAgoIsDown() {
        add(direct, "store", d -> HealthFinding.up("12 ms"));
        direct.tick();
        time.advanceSeconds(15);
        assertThat(only(direct).status()).isEqualTo(HealthStatus.UP);

        time.advance(Duration.ofMillis(1));
        assertThat(only(direct).status()).isEqualTo(HealthStatus.DOWN);
        assertThat(only(direct).detail()).isEqualTo("stale: checked 15 s ago, when it was up 12 ms");
        direct.tick();
        assertThat(only(direct).status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void aCheckThatIsNotCriticalDegradesTheWhole() {
        direct.add("mail", HealthCheckOptions.usual().notCritical(), d -> HealthFinding.down("no route"));
        direct.started();
        direct.tick();

        assertThat(only(direct).status()).isEqualTo(HealthStatus.DOWN);
        assertThat(direct.report().status()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(direct.report(HealthGroup.READY).status()).isEqualTo(HealthStatus.DEGRADED);
    }

    @Test
    void readyIsDownUntilTheStartIsOverAndEveryCriticalCheckHasRun() {
        add(direct, "store", d -> HealthFinding.up());
        direct.tick();
        assertThat(direct.report(HealthGroup.READY).status()).isEqualTo(HealthStatus.DOWN);
        assertThat(direct.report(HealthGroup.STARTUP).status()).isEqualTo(HealthStatus.DOWN);

        direct.started();
        assertThat(direct.report(HealthGroup.READY).status()).isEqualTo(HealthStatus.UP);
        assertThat(direct.report(HealthGroup.STARTUP).status()).isEqualTo(HealthStatus.UP);

        add(direct, "a late one", d -> HealthFinding.up());
        assertThat(direct.report(HealthGroup.READY).status()).isEqualTo(HealthStatus.DOWN);
        assertThat(direct.report(HealthGroup.READY).checks().get(0).status()).isEqualTo(HealthStatus.UNKNOWN);
        direct.tick();
        assertThat(direct.report(HealthGroup.READY).status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void theStartIsOverOnceItsChecksAreUpAndStaysOver() {
        AtomicReference<HealthFinding> cache = new AtomicReference<>(HealthFinding.down("warming"));
        direct.add("cache", HealthCheckOptions.usual().in(HealthGroup.STARTUP), d -> cache.get());
        direct.started();
        direct.tick();
        assertThat(direct.report(HealthGroup.STARTUP).status()).isEqualTo(HealthStatus.DOWN);
        assertThat(direct.report(HealthGroup.READY).status()).isEqualTo(HealthStatus.DOWN);

        cache.set(HealthFinding.up());
        direct.tick();
        assertThat(direct.report(HealthGroup.STARTUP).status()).isEqualTo(HealthStatus.UP);
        assertThat(direct.report(HealthGroup.READY).status()).isEqualTo(HealthStatus.UP);

        cache.set(HealthFinding.down("lost"));
        direct.tick();
        assertThat(direct.report(HealthGroup.STARTUP).status()).isEqualTo(HealthStatus.UP);
        assertThat(direct.report(HealthGroup.READY).status()).isEqualTo(HealthStatus.UP); // in the other group alone
    }

    @Test
    void liveDependsOnNoCheck() {
        add(direct, "store", d -> HealthFinding.down("gone"));
        direct.tick();

        HealthReport live = direct.report(HealthGroup.LIVE);
        assertThat(live.status()).isEqualTo(HealthStatus.UP);
        assertThat(live.checks()).extracting(HealthReport.Check::name).containsExactly("deadlock", "heartbeat");
        assertThatThrownBy(() -> HealthCheckOptions.usual().in(HealthGroup.LIVE, HealthGroup.READY))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("depends on nothing outside of the process; use ready or startup");
    }
}
