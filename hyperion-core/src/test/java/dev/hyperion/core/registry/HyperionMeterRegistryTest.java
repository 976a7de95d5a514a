// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HyperionMeterRegistryTest {
    private final MockClock clock = new MockClock();
    private final HyperionMeterRegistry registry = new HyperionMeterRegistry(clock);

    @Test
    void everyTimerHasPercentilesWithoutAskingForThem() {
        Timer timer = registry.timer("latency");
        for (int i = 1; i <= 1_000; i++) {
            timer.record(i, TimeUnit.MILLISECONDS);
        }

        assertThat(timer.takeSnapshot().percentileValues()).anySatisfy(p -> {
            assertThat(p.percentile()).isEqualTo(0.95);
            assertThat(p.value(TimeUnit.MILLISECONDS)).isCloseTo(950, withinPercentage(1));
        });
        assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(500_500);
        assertThat(timer.max(TimeUnit.MILLISECONDS)).isCloseTo(1_000, withinPercentage(1));
    }

    @Test
    void aTimedBlockIsMeasuredOnTheInjectedClock() {
        Timer timer = registry.timer("work");

        timer.record(() -> clock.add(125, TimeUnit.MILLISECONDS));

        assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(125);
    }

    @Test
    void aTimedBlockThatThrowsIsRecordedToo() {
        Timer timer = registry.timer("work");

        assertThatThrownBy(() -> timer.recordCallable(() -> {
                    clock.add(1, TimeUnit.SECONDS);
                    throw new java.io.IOException("gone");
                }))
                .hasMessage("gone");

        assertThat(timer.totalTime(TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void aSummaryAppliesItsScale() {
        DistributionSummary summary =
                DistributionSummary.builder("ratio").scale(100).register(registry);

        summary.record(0.25);

        assertThat(summary.totalAmount()).isEqualTo(25);
    }

    @Test
    void serviceLevelBucketsCountWhatLiesBelowThem() {
        Timer timer = Timer.builder("latency")
                .serviceLevelObjectives(java.time.Duration.ofMillis(100), java.time.Duration.ofMillis(500))
                .register(registry);
        timer.record(50, TimeUnit.MILLISECONDS);
        timer.record(300, TimeUnit.MILLISECONDS);
        timer.record(2, TimeUnit.SECONDS);

        assertThat(timer.takeSnapshot().histogramCounts())
                .extracting(c -> c.count())
                .containsExactly(1.0, 2.0);
    }

    @Test
    void aGaugeKeepsItsObjectAlive() {
        Gauge gauge = Gauge.builder("queue", new AtomicLong(7), AtomicLong::get).register(registry);

        System.gc();

        assertThat(gauge.value()).isEqualTo(7);
    }

    @Test
    void aGaugeThatThrowsReadsAsNotANumberAndSparesTheOthers() {
        Gauge gauge = Gauge.builder("broken", () -> {
                    throw new IllegalStateException("closed");
                })
                .register(registry);

        assertThat(gauge.value()).isNaN();
    }

    @Test
    void aTimeGaugeIsToldInSeconds() {
        TimeGauge gauge =
                TimeGauge.builder("age", () -> 1_500, TimeUnit.MILLISECONDS).register(registry);

        assertThat(gauge.value(TimeUnit.SECONDS)).isEqualTo(1.5);
    }

    @Test
    void aCounterAddsWholeAmountsAndFractionsAndNeverGoesBack() {
        Counter counter = registry.counter("orders");

        counter.increment();
        counter.increment(41);
        counter.increment(0.5);
        counter.increment(-10);
        counter.increment(Double.NaN);
        counter.increment(Double.POSITIVE_INFINITY);

        assertThat(counter.count()).isEqualTo(42.5);
    }

    @Test
    void aFunctionCounterNeverGoesBackEvenIfItsFunctionDoes() {
        AtomicLong source = new AtomicLong(10);
        FunctionCounter counter =
                FunctionCounter.builder("hits", source, AtomicLong::get).register(registry);
        assertThat(counter.count()).isEqualTo(10);

        source.set(3);

        assertThat(counter.count()).isEqualTo(10);
    }

    @Test
    void metersAreFoundByNameUntilTheyAreRemoved() {
        Timer one = registry.timer("latency", "version", "1");
        Timer two = registry.timer("latency", "version", "2");
        assertThat(registry.named("latency")).containsExactly(one, two);

        registry.remove(one);

        assertThat(registry.named("latency")).containsExactly(two);
        registry.remove(two);
        assertThat(registry.names()).isEmpty();
    }

    @Test
    void recordingThroughThePublicCallAllocatesNothing() {
        Timer timer = registry.timer("latency", "version", "1");
        DistributionSummary summary = registry.summary("size");
        Counter counter = registry.counter("orders");

        long perRound = Allocations.leastOf(() -> {
            for (int i = 0; i < 100_000; i++) {
                timer.record(1_000_000L + i, TimeUnit.NANOSECONDS);
                summary.record(i);
                counter.increment();
            }
        });

        assertThat(perRound).as("bytes for 300,000 records").isLessThan(Allocations.MEASURING);
    }

    @Test
    void lookingUpATimerWithoutTagsAndRecordingAllocatesNoPerRecordState() {
        MeterRegistry meters = registry;
        Timer timer = meters.timer("latency");

        long perRound = Allocations.leastOf(() -> {
            for (int i = 0; i < 100_000; i++) {
                timer.record(i, TimeUnit.MICROSECONDS);
            }
        });

        assertThat(perRound).isLessThan(Allocations.MEASURING);
    }
}
