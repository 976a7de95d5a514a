// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.HyperionException;
import dev.hyperion.core.registry.HyperionMeterRegistry;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.HealthFinding;
import dev.hyperion.monitoring.HealthReport;
import dev.hyperion.monitoring.HealthStatus;
import io.micrometer.core.instrument.MockClock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class HealthMonitorTest {
    private final ManualTime time = new ManualTime();
    private final HealthMonitor direct = new HealthMonitor(time, time, Runnable::run, Duration.ofSeconds(2));

    @Test
    void theWholeIsAsWellAsItsWorstCheck() {
        AtomicReference<HealthFinding> store = new AtomicReference<>(HealthFinding.up());
        direct.add("queue", d -> HealthFinding.degraded("900 waiting"));
        direct.add("store", d -> store.get());

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
        direct.add("store", d -> HealthFinding.down("never asked"));

        assertThat(direct.report().status()).isEqualTo(HealthStatus.UP);
    }

    @Test
    void aCheckThatThrowsIsDownWithItsMessage() {
        direct.add("store", d -> {
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
            HealthMonitor monitor = new HealthMonitor(time, time, pool, Duration.ofSeconds(2));
            CountDownLatch hanging = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            CountDownLatch other = new CountDownLatch(1);
            monitor.add("a hanging one", d -> {
                hanging.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                }
                return HealthFinding.up();
            });
            monitor.add("another", d -> {
                other.countDown();
                return HealthFinding.up();
            });

            monitor.tick();
            assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(other.await(10, TimeUnit.SECONDS)).isTrue();
            time.advanceSeconds(2);

            assertThat(monitor.report().checks().get(0).detail()).isEqualTo("no answer within 2000 ms");
            assertThat(monitor.report().status()).isEqualTo(HealthStatus.DOWN);
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void theStatusIsAGaugePerWordOfWhichOneIsOne() {
        HyperionMeterRegistry registry = new HyperionMeterRegistry(new MockClock());
        direct.bindTo(registry);
        direct.add("queue", d -> HealthFinding.degraded("900 waiting"));
        direct.tick();

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
        direct.add("store", d -> HealthFinding.up());

        assertThatThrownBy(() -> direct.add("store", d -> HealthFinding.up())).isInstanceOf(HyperionException.class);
    }
}
