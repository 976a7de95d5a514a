// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hyperion.core.registry.GaugeReader;
import dev.hyperion.core.registry.WatchedWorkers;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.MetricReading;
import dev.hyperion.monitoring.MetricSnapshot;
import dev.hyperion.monitoring.MonitoringSnapshot;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One gauge of the application that hangs, and a center that goes on. */
class HangingGaugeTest {
    private final ManualTime time = new ManualTime();
    private final ExecutorService threads = GaugeReader.threads();
    private final WatchedWorkers workers = new WatchedWorkers(threads);
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final HyperionMonitoringCenter center = TestCenters.center(MonitoringSettings.defaults(), time, Map.of());

    HangingGaugeTest() {
        center.meters().readFunctionsThrough(new GaugeReader(time, time, workers, Duration.ofSeconds(1)));
        Gauge.builder("stuck", this::hang).register(center.meters());
        Gauge.builder("queue", () -> 7).register(center.meters());
        center.meters().counter("orders").increment(3);
    }

    private Number hang() {
        try {
            stuck.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 1;
    }

    @AfterEach
    void letGo() {
        stuck.countDown();
        center.close();
        threads.shutdownNow();
    }

    private <R> R whileTimePasses(Supplier<R> reading) {
        CompletableFuture<R> read = CompletableFuture.supplyAsync(reading, task -> new Thread(task).start());
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    if (workers.allWait()) {
                        time.advance(Duration.ofMillis(50));
                    }
                    return read.isDone();
                });
        return read.join();
    }

    @Test
    void theSnapshotTellsEverythingElse() {
        MonitoringSnapshot snapshot = whileTimePasses(center::snapshot);

        assertThat(value(snapshot, "queue")).isEqualTo(7);
        assertThat(value(snapshot, "orders")).isEqualTo(3);
        assertThat(metric(snapshot, "stuck").current()).isEmpty();
    }

    @Test
    void aQueryForItFindsNoDataAndOthersFindTheirs() {
        assertThat(whileTimePasses(() -> center.read("stuck"))).isEmpty();

        Optional<MetricReading> queue = center.read("queue"); // nobody waits for the stuck one
        assertThat(queue).map(MetricReading::value).contains(7.0);
    }

    @Test
    void aFunctionCounterThatHangsAtItsRegistrationStopsNoTick() {
        whileTimePasses(() -> FunctionCounter.builder("hits", this, test -> hang().doubleValue())
                .register(center.meters()));
        time.advanceSeconds(5);

        center.meters().counter("orders").increment();

        assertThat(center.read("orders.count")).map(MetricReading::value).contains(4.0);
    }

    private static double value(MonitoringSnapshot snapshot, String name) {
        return metric(snapshot, name).current().orElseThrow();
    }

    private static MetricSnapshot metric(MonitoringSnapshot snapshot, String name) {
        return snapshot.metrics().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
