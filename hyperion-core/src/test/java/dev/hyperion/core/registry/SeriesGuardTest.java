// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Tags whose values never end: nothing is dropped, and memory is bounded. */
class SeriesGuardTest {
    private static final int MOST = 100;

    private final HyperionMeterRegistry registry = registry(MOST);

    private static HyperionMeterRegistry registry(int most) {
        return new HyperionMeterRegistry(
                new MockClock(), RegistrySettings.defaults().withMaxSeries(most));
    }

    private double sum(String name) {
        return registry.find(name).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void theExcessIsRecordedIntoOneSeriesAndTheSumOverAllStaysExact() {
        for (int i = 0; i < 1_000; i++) {
            registry.counter("orders", "user", "u" + i).increment(i);
        }

        assertThat(registry.named("orders")).hasSize(MOST + 1);
        assertThat(sum("orders")).isEqualTo(499_500);
        Counter excess = registry.get("orders").tag("overflow", "true").counter();
        assertThat(excess.getId().getTags())
                .isEqualTo(Tags.of("overflow", "true").stream().toList());
        assertThat(excess.count()).isEqualTo(499_500 - 4_950);
    }

    @Test
    void theExcessIsCountedByName() {
        for (int i = 0; i < 150; i++) {
            registry.counter("orders", "user", "u" + i).increment();
        }

        assertThat(registry.get("hyperion.series.overflow")
                        .tag("meter", "orders")
                        .counter()
                        .count())
                .isEqualTo(50);
        assertThat(registry.find("hyperion.series.overflow").counters()).hasSize(1);
    }

    @Test
    void timersSummariesAndLongTasksFoldAsCountersDo() {
        for (int i = 0; i < 300; i++) {
            registry.timer("latency", "user", "u" + i).record(i, TimeUnit.MILLISECONDS);
            registry.summary("size", "user", "u" + i).record(i);
            LongTaskTimer.builder("jobs")
                    .tag("user", "u" + i)
                    .register(registry)
                    .start();
        }

        assertThat(registry.find("latency").timers().stream()
                        .mapToLong(Timer::count)
                        .sum())
                .isEqualTo(300);
        assertThat(registry.find("latency").timers().stream()
                        .mapToDouble(t -> t.totalTime(TimeUnit.MILLISECONDS))
                        .sum())
                .isEqualTo(44_850);
        assertThat(registry.find("size").summaries().stream()
                        .mapToDouble(DistributionSummary::totalAmount)
                        .sum())
                .isEqualTo(44_850);
        assertThat(registry.find("jobs").longTaskTimers().stream()
                        .mapToInt(LongTaskTimer::activeTasks)
                        .sum())
                .isEqualTo(300);
        assertThat(registry.named("latency")).hasSize(MOST + 1);
    }

    @Test
    void eachNameHasRoomOfItsOwn() {
        for (int i = 0; i < 90; i++) {
            registry.counter("a", "k", "v" + i).increment();
            registry.counter("b", "k", "v" + i).increment();
        }

        assertThat(registry.find("a").tag("overflow", "true").counter()).isNull();
        assertThat(registry.find("b").tag("overflow", "true").counter()).isNull();
    }

    @Test
    void aRemovedSeriesGivesItsPlaceBack() {
        for (int i = 0; i < 150; i++) {
            registry.counter("orders", "user", "u" + i).increment();
        }
        Counter first = registry.get("orders").tag("user", "u0").counter();

        registry.remove(first);

        assertThat(registry.counter("orders", "user", "u149").getId().getTag("user"))
                .isEqualTo("u149");
        assertThat(registry.counter("orders", "user", "u148").getId().getTag("overflow"))
                .isEqualTo("true");
    }

    @Test
    void noFilterOfTheApplicationGetsAroundTheGuard() {
        registry.config().meterFilter(MeterFilter.renameTag("orders", "customer", "user"));
        registry.counter("orders", "customer", "first").increment();
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.getName().equals("orders")
                        ? id.replaceTags(id.getTags()).withTag(io.micrometer.core.instrument.Tag.of("late", "1"))
                        : id;
            }
        });

        for (int i = 0; i < 500; i++) {
            registry.counter("orders", "customer", "u" + i).increment();
            Counter.builder("orders")
                    .tag("customer", "u" + i)
                    .register(registry)
                    .increment();
            Counter.builder("orders")
                    .withRegistry(registry)
                    .withTag("customer", "u" + i)
                    .increment();
        }

        assertThat(registry.named("orders")).hasSize(MOST + 1);
        assertThat(sum("orders")).isEqualTo(1_501);
    }

    @Test
    void aSeriesThatAFilterDeniesTakesNoPlace() {
        registry.config().meterFilter(MeterFilter.deny(id -> "bot".equals(id.getTag("kind"))));
        for (int i = 0; i < 1_000; i++) {
            registry.counter("hits", "kind", "bot", "user", "u" + i).increment();
        }

        registry.counter("hits", "kind", "human").increment();

        assertThat(registry.get("hits").counter().getId().getTag("kind")).isEqualTo("human");
    }

    @Test
    void theExcessIsNotDeniedByAFilterThatWantsTheTagsItHasLost() {
        registry.config()
                .meterFilter(MeterFilter.denyUnless(id -> !id.getName().equals("orders") || id.getTag("user") != null));

        for (int i = 0; i < 150; i++) {
            registry.counter("orders", "user", "u" + i).increment();
        }

        assertThat(sum("orders")).isEqualTo(150);
    }

    @Test
    void aNameOfTwoTypesOverflowsIntoOneSeriesOfEach() {
        for (int i = 0; i < 150; i++) {
            registry.counter("mixed", "counted", "u" + i).increment();
        }
        for (int i = 0; i < 10; i++) {
            registry.timer("mixed", "timed", "u" + i).record(1, TimeUnit.SECONDS);
        }

        assertThat(registry.get("mixed").tag("overflow", "true").counter().count())
                .isEqualTo(50);
        assertThat(registry.get("mixed").tag("overflow", "true").timer().count())
                .isEqualTo(10);
    }

    @Test
    void metersOverFunctionsCannotBeFoldedAndAreCountedInstead() {
        AtomicLong value = new AtomicLong(1);
        for (int i = 0; i < 150; i++) {
            Gauge.builder("queue", value, AtomicLong::get).tag("q", "q" + i).register(registry);
            FunctionCounter.builder("hits", value, AtomicLong::get)
                    .tag("q", "q" + i)
                    .register(registry);
        }

        assertThat(registry.named("queue")).hasSize(MOST);
        assertThat(registry.named("hits")).hasSize(MOST);
        assertThat(registry.get("hyperion.series.overflow")
                        .tag("meter", "queue")
                        .counter()
                        .count())
                .isEqualTo(50);
        assertThat(registry.get("hyperion.series.overflow")
                        .tag("meter", "hits")
                        .counter()
                        .count())
                .isEqualTo(50);
        registry.remove(registry.get("queue").tag("q", "q0").gauge());
        assertThat(Gauge.builder("queue", value, AtomicLong::get)
                        .tag("q", "new")
                        .register(registry)
                        .value())
                .isEqualTo(1);
    }

    @Test
    void manyThreadsNeverMakeMoreSeriesThanThereIsRoomForAndLoseNothing() throws Exception {
        int each = 2_000;
        CountDownLatch start = new CountDownLatch(1);
        Thread[] threads = new Thread[4];
        for (int t = 0; t < threads.length; t++) {
            int offset = t;
            threads[t] = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                for (int i = 0; i < each; i++) {
                    registry.counter("orders", "user", "u" + (i * 3 + offset * 7) % 1_500)
                            .increment();
                }
            });
            threads[t].start();
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(registry.named("orders")).hasSize(MOST + 1);
        assertThat(sum("orders")).isEqualTo(4.0 * each);
    }

    @Test
    void tenMillionTagValuesKeepTheSumAndTheMemory() {
        HyperionMeterRegistry large = registry(10_000);
        long before = usedAfterCollection();

        int values = 10_000_000;
        for (int i = 0; i < values; i++) {
            large.counter("requests", "path", Integer.toString(i)).increment();
        }

        assertThat(large.find("requests").counters().stream()
                        .mapToDouble(Counter::count)
                        .sum())
                .isEqualTo(values);
        assertThat(large.named("requests")).hasSize(10_001);
        long grown = usedAfterCollection() - before;
        assertThat(grown).as("bytes for 10,001 series and the lookup cache").isLessThan(30_000_000);
        assertThat(large.getMeters()).hasSizeLessThan(10_010); // keeps it reachable until it was measured
    }

    private static long usedAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
