// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hyperion.core.time.ManualTime;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Gauges of real threads that hang, on a deadline that only this test lets pass. */
class GaugeReaderTest {
    private static final Duration DEADLINE = Duration.ofSeconds(1);

    private final ManualTime time = new ManualTime();
    private final ExecutorService threads = GaugeReader.threads();
    private final WatchedWorkers workers = new WatchedWorkers(threads);
    private final HyperionMeterRegistry registry = new HyperionMeterRegistry(new MockClock());
    private final CountDownLatch stuck = new CountDownLatch(1);

    GaugeReaderTest() {
        registry.readFunctionsThrough(new GaugeReader(time, time, workers, DEADLINE));
    }

    @AfterEach
    void letGo() {
        stuck.countDown();
        threads.shutdownNow();
    }

    /** Takes no notice of its interrupt, as a thread within a socket's read does not. */
    private double hang() {
        boolean interrupted = false;
        while (true) {
            try {
                stuck.await();
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                return 1;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    private Gauge gauge(String name, Supplier<Number> value) {
        return Gauge.builder(name, value).register(registry);
    }

    private double failures(String meter) {
        return registry.get("hyperion.gauge.failures")
                .tag("meter", meter)
                .counter()
                .count();
    }

    /** Reads on another thread while time passes here, unless somebody is still getting somewhere. */
    private <R> R whileTimePasses(Supplier<R> reading) {
        CompletableFuture<R> read = CompletableFuture.supplyAsync(reading, task -> new Thread(task).start());
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    if (workers.allWait()) {
                        time.advance(DEADLINE.dividedBy(10));
                    }
                    return read.isDone();
                });
        return read.join();
    }

    @Test
    void aGaugeIsReadOnAnotherThread() {
        Thread here = Thread.currentThread();
        AtomicInteger elsewhere = new AtomicInteger();
        Gauge gauge = gauge("g", () -> {
            if (Thread.currentThread() != here) {
                elsewhere.incrementAndGet();
            }
            return 5;
        });

        assertThat(gauge.value()).isEqualTo(5);
        assertThat(elsewhere).hasValue(1);
    }

    @Test
    void aNumberOfTheJdkIsReadOnThisThread() {
        AtomicLong queue = new AtomicLong(5);
        registry.gauge("queue", queue);
        registry.gauge("fixed", Tags.of("of", "config"), 0.5);
        Gauge function = gauge("function", () -> 5);
        threads.shutdownNow(); // who needs a thread has no answer

        assertThat(registry.get("queue").gauge().value()).isEqualTo(5);
        queue.set(6);
        assertThat(registry.sampled(
                        registry.getMeters(),
                        () -> registry.get("queue").gauge().value()))
                .isEqualTo(6);
        assertThat(registry.get("fixed").gauge().value()).isEqualTo(0.5);
        assertThat(function.value()).isNaN();
    }

    @Test
    @SuppressWarnings("serial") // it is never written
    void aNumberOfTheApplicationMayHangLikeAnyFunction() {
        registry.gauge("own", new AtomicLong(5) {
            @Override
            public double doubleValue() {
                return hang();
            }
        });

        assertThat(whileTimePasses(() -> registry.get("own").gauge().value())).isNaN();
        assertThat(failures("own")).isEqualTo(1);
    }

    @Test
    void aGaugeThatHangsHasNoValueAndTheOthersHaveTheirs() {
        List<Gauge> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            int value = i;
            all.add(gauge("g" + i, i == 7 ? this::hang : () -> value));
        }

        List<Double> values = whileTimePasses(() -> registry.sampled(
                registry.getMeters(), () -> all.stream().map(Gauge::value).toList()));

        for (int i = 0; i < 50; i++) {
            if (i == 7) {
                assertThat(values.get(i)).isNaN();
            } else {
                assertThat(values.get(i)).isEqualTo(i);
            }
        }
        assertThat(failures("g7")).isEqualTo(1);
    }

    @Test
    void whileItHangsItCostsReadersNothing() {
        Gauge gauge = gauge("stuck", this::hang);
        whileTimePasses(gauge::value);

        assertThat(gauge.value()).isNaN(); // without time passing: nobody waits for it
        assertThat(registry.sampled(registry.getMeters(), gauge::value)).isNaN();
        assertThat(failures("stuck")).isEqualTo(1);
    }

    @Test
    void onceItHasAnsweredAndRestedItIsReadAgain() {
        Gauge gauge = gauge("stuck", this::hang);
        whileTimePasses(gauge::value);
        stuck.countDown();

        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> {
                    time.advance(Duration.ofSeconds(10));
                    return gauge.value() == 1;
                });
    }

    @Test
    void afterItsAnswerItRestsBeforeItIsAskedAgain() {
        AtomicInteger calls = new AtomicInteger();
        CountDownLatch interrupted = new CountDownLatch(1);
        Gauge gauge = gauge("slow", () -> {
            calls.incrementAndGet();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return 1;
        });
        whileTimePasses(gauge::value);
        await().atMost(Duration.ofSeconds(20)).until(() -> interrupted.getCount() == 0);

        for (int i = 0; i < 20; i++) {
            assertThat(gauge.value()).isNaN();
        }

        assertThat(calls).hasValue(1);
    }

    @Test
    void whenEveryThreadIsHeldReadersStillDoNotWait() {
        List<Gauge> all = new ArrayList<>();
        for (int i = 0; i < 3 * GaugeReader.MOST_WORKERS; i++) {
            all.add(gauge("g" + i, this::hang));
        }
        Gauge good = gauge("good", () -> 1);
        for (int i = 0; i < 4; i++) {
            whileTimePasses(() ->
                    registry.sampled(registry.getMeters(), () -> all.get(0).value()));
        }

        whileTimePasses(good::value);
        stuck.countDown();

        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> good.value() == 1);
    }

    @Test
    void aFunctionCounterThatHangsKeepsItsCount() {
        AtomicLong source = new AtomicLong(10);
        FunctionCounter counter = FunctionCounter.builder("hits", source, s -> s.get() < 0 ? hang() : s.get())
                .register(registry);
        assertThat(counter.count()).isEqualTo(10);
        source.set(-1);

        assertThat(whileTimePasses(counter::count)).isEqualTo(10);
    }

    @Test
    void anAnswerAfterTheDeadlineIsDropped() throws InterruptedException {
        AtomicLong source = new AtomicLong(10);
        FunctionCounter counter = FunctionCounter.builder("hits", source, s -> {
                    try {
                        if (s.get() > 10) {
                            new CountDownLatch(1).await();
                        }
                    } catch (InterruptedException e) {
                        return 1_000_000; // gives up on its interrupt with whatever it has
                    }
                    return s.get();
                })
                .register(registry);
        assertThat(counter.count()).isEqualTo(10);
        source.set(11);
        whileTimePasses(counter::count);

        threads.shutdown(); // the worker has ended with its late answer
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();

        assertThat(counter.count()).isEqualTo(10);
    }

    @Test
    void functionTimersAndCustomMetersAreReadTheSameWay() {
        AtomicLong source = new AtomicLong(3);
        FunctionTimer timer = FunctionTimer.builder(
                        "calls", source, AtomicLong::get, s -> s.get() * 2.0, TimeUnit.SECONDS)
                .register(registry);
        Meter custom = Meter.builder(
                        "custom",
                        Meter.Type.OTHER,
                        List.of(
                                new Measurement(() -> (double) source.get(), Statistic.VALUE),
                                new Measurement(this::hang, Statistic.TOTAL)))
                .register(registry);

        assertThat(timer.count()).isEqualTo(3);
        assertThat(timer.totalTime(TimeUnit.SECONDS)).isEqualTo(6);
        Iterable<Measurement> measured = whileTimePasses(custom::measure);
        assertThat(measured).isEmpty();
    }

    @Test
    void aGaugeThatThrowsIsCountedEachTimeAndHasNoValue() {
        Gauge gauge = gauge("broken", () -> {
            throw new IllegalStateException("closed");
        });
        Gauge error = gauge("error", () -> {
            throw new NoClassDefFoundError("gone");
        });

        assertThat(gauge.value()).isNaN();
        assertThat(gauge.value()).isNaN();
        assertThat(error.value()).isNaN();

        assertThat(failures("broken")).isEqualTo(2);
        assertThat(failures("error")).isEqualTo(1);
    }

    @Test
    void aFunctionThatThrowsWhileItIsRegisteredBlocksNothing() {
        registry.config().onMeterAdded(meter -> {
            if (meter instanceof FunctionCounter counter) {
                assertThat(counter.count()).isZero(); // as windows do, under the registry's lock
            }
        });

        FunctionCounter.builder("broken", this, test -> {
                    throw new IllegalStateException("not yet");
                })
                .register(registry);

        assertThat(failures("broken")).isEqualTo(1); // without time passing
    }

    @Test
    void aGaugeOverOtherGaugesIsReadWithoutWaitingForItself() {
        Gauge a = gauge("a", () -> 6);
        Gauge b = gauge("b", () -> 3);
        Gauge ratio = gauge("ratio", () -> a.value() / b.value());

        assertThat(ratio.value()).isEqualTo(2);
    }

    @Test
    void aSampledReadingSeesOneMomentAndTheNextOneTheNext() {
        AtomicInteger calls = new AtomicInteger();
        Gauge gauge = gauge("calls", calls::incrementAndGet);

        List<Double> within =
                registry.sampled(registry.getMeters(), () -> List.of(gauge.value(), gauge.value(), gauge.value()));

        assertThat(within).containsExactly(1.0, 1.0, 1.0);
        assertThat(gauge.value()).isEqualTo(2);
    }
}
