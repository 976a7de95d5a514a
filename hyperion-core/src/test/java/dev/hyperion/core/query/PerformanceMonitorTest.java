// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.assertj.core.api.InstanceOfAssertFactories.DOUBLE;

import dev.hyperion.ConfigException;
import dev.hyperion.HyperionException;
import dev.hyperion.core.Hyperion;
import dev.hyperion.core.registry.ProcessStats;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.core.timeline.Resolution;
import dev.hyperion.core.timeline.TimelineSettings;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.Timeline;
import dev.hyperion.tck.VirtualTime;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerformanceMonitorTest {
    private final ManualTime time = new ManualTime();
    private final HyperionMonitoringCenter center = TestCenters.center(MonitoringSettings.defaults(), time, Map.of());

    private List<Double> course(String address, Duration span) {
        return center.timeline(center.query(address), span).points().stream()
                .map(Timeline.Point::value)
                .toList();
    }

    @Test
    void eachSecondHasTheP95OfItsOwnRecords() {
        Timer latency = center.meters().timer("latency");
        time.advanceSeconds(1);
        for (int millis = 100; millis <= 500; millis += 100) {
            latency.record(millis, TimeUnit.MILLISECONDS);
            time.advanceSeconds(1);
        }
        time.advanceSeconds(1);

        List<Double> course = course("latency.p95", Duration.ofMinutes(1));

        assertThat(course).hasSize(5);
        for (int i = 0; i < 5; i++) {
            assertThat(course.get(i)).isCloseTo((i + 1) * 0.1, withinPercentage(1));
        }
    }

    @Test
    void coarserSlotsMergeDistributionsAndDoNotAveragePercentiles() {
        Timer latency = center.meters().timer("latency");
        time.advanceSeconds(10);
        for (int second = 0; second < 10; second++) {
            for (int i = 0; i < 10; i++) {
                latency.record(second == 9 ? 2_000 : 10, TimeUnit.MILLISECONDS); // a tenth of all is slow
            }
            time.advanceSeconds(1);
        }
        time.advanceSeconds(11);

        List<Double> course = course("latency.p95", Duration.ofHours(1));

        assertThat(course).hasSize(1);
        assertThat(course.get(0)).isCloseTo(2, withinPercentage(1)); // the mean of the ten p95 would be 0.21
    }

    @Test
    void aSecondWithoutRecordsHasNoPoint() {
        Timer latency = center.meters().timer("latency");
        time.advanceSeconds(1);
        latency.record(1, TimeUnit.MILLISECONDS);
        time.advanceSeconds(5);
        latency.record(1, TimeUnit.MILLISECONDS);
        time.advanceSeconds(5);

        assertThat(course("latency.p95", Duration.ofMinutes(1))).hasSize(2);
        assertThat(course("latency.rate", Duration.ofMinutes(1))).contains(0.0, 1.0);
    }

    @Test
    void whatIsNotKeptIsRefusedWithTheListOfWhatIs() {
        assertThatThrownBy(() -> course("disk.usage", Duration.ofMinutes(1)))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("latency.p95")
                .hasMessageContaining("monitoring.timeline");
    }

    @Test
    void anyStatisticOfAKeptTimerCanBeToldSinceItsHistogramIsKept() {
        Timer latency = center.meters().timer("latency");
        time.advanceSeconds(1);
        for (int i = 1; i <= 100; i++) {
            latency.record(i, TimeUnit.MILLISECONDS);
        }
        time.advanceSeconds(2);

        Duration minute = Duration.ofMinutes(1);
        assertThat(course("latency.p99", minute)).singleElement(DOUBLE).isCloseTo(0.099, withinPercentage(1));
        assertThat(course("latency.p50", minute)).singleElement(DOUBLE).isCloseTo(0.050, withinPercentage(1));
        assertThat(course("latency", minute)).singleElement(DOUBLE).isCloseTo(0.0505, withinPercentage(1e-6));
        assertThat(course("latency.sum", minute)).contains(5.05);
        assertThat(course("latency.count", minute)).contains(100.0);
        assertThatThrownBy(() -> course("latency.last", minute)).hasMessageContaining("use");
    }

    @Test
    void stepsTellThePercentileOfAllTheirRecords() {
        Timer latency = center.meters().timer("latency");
        time.advanceSeconds(10);
        for (int second = 0; second < 10; second++) {
            for (int i = 0; i < 10; i++) {
                latency.record(second == 9 ? 2_000 : 10, TimeUnit.MILLISECONDS);
            }
            time.advanceSeconds(1);
        }

        Timeline steps = center.timeline(center.query("latency.p95"), Duration.ofMinutes(1), Duration.ofMillis(9_001));

        assertThat(steps.resolution()).isEqualTo(Duration.ofSeconds(10));
        assertThat(steps.points()).singleElement().satisfies(point -> {
            assertThat(point.value()).isCloseTo(2, withinPercentage(1));
            assertThat(point.at()).isEqualTo(time.now());
        });
    }

    @Test
    void severalSeriesOfANameAreMergedAndNotAveraged() {
        Timer fast = center.meters().timer("latency", "version", "1");
        Timer slow = center.meters().timer("latency", "version", "2");
        time.advanceSeconds(1);
        for (int i = 0; i < 94; i++) {
            fast.record(10, TimeUnit.MILLISECONDS);
        }
        for (int i = 0; i < 6; i++) {
            slow.record(1_000, TimeUnit.MILLISECONDS);
        }
        time.advanceSeconds(2);

        assertThat(course("latency.p95", Duration.ofMinutes(1)))
                .singleElement(DOUBLE)
                .isCloseTo(1, withinPercentage(1));
        assertThatThrownBy(
                        () -> center.timeline(center.query("latency.p95").by(Set.of("version")), Duration.ofMinutes(1)))
                .hasMessageContaining("latency.p95 by version is not kept");
    }

    @Test
    void aGaugeTellsMeanMinMaxAndLastOfASlot() {
        HyperionMonitoringCenter ofGauges =
                TestCenters.center(TestCenters.withTimeline("depth", "pool.sum"), time, Map.of());
        AtomicInteger depth = new AtomicInteger();
        Gauge.builder("depth", depth, AtomicInteger::get).register(ofGauges.meters());
        Gauge.builder("pool", depth, AtomicInteger::get).tag("n", "1").register(ofGauges.meters());
        Gauge.builder("pool", depth, AtomicInteger::get).tag("n", "2").register(ofGauges.meters());
        for (int value : new int[] {4, 1, 9, 2, 2, 2, 2, 2, 2, 3}) {
            depth.set(value);
            time.advanceSeconds(1);
        }

        Duration hour = Duration.ofHours(1);
        assertThat(of(ofGauges, "depth", hour)).containsExactly(2.9);
        assertThat(of(ofGauges, "depth.mean", hour)).containsExactly(2.9);
        assertThat(of(ofGauges, "depth.min", hour)).containsExactly(1.0);
        assertThat(of(ofGauges, "depth.max", hour)).containsExactly(9.0);
        assertThat(of(ofGauges, "depth.last", hour)).containsExactly(3.0);
        assertThat(of(ofGauges, "pool.sum", hour)).containsExactly(5.8);
        assertThatThrownBy(() -> of(ofGauges, "depth.p95", hour)).isInstanceOf(HyperionException.class);
        assertThatThrownBy(() -> of(ofGauges, "depth.rate", hour)).hasMessageContaining("is of a gauge");
        assertThatThrownBy(() -> of(ofGauges, "pool.max", hour)).hasMessageContaining("pool.sum");
    }

    private static List<Double> of(HyperionMonitoringCenter center, String address, Duration span) {
        return center.timeline(center.query(address), span).points().stream()
                .map(Timeline.Point::value)
                .toList();
    }

    @Test
    void aCounterTellsWhatItGainedPerSlotAndItsRate() {
        Counter error = center.meters().counter("error");
        for (int i = 1; i <= 10; i++) {
            error.increment(i);
            time.advanceSeconds(1);
        }

        assertThat(course("error.count", Duration.ofHours(1))).containsExactly(55.0);
        assertThat(course("error.rate", Duration.ofHours(1))).containsExactly(5.5);
        assertThat(course("error.rate", Duration.ofMinutes(1))).endsWith(9.0, 10.0);
        assertThatThrownBy(() -> course("error.last", Duration.ofMinutes(1))).hasMessageContaining("what it gained");
    }

    @Test
    void aResetOfTheWindowsLosesNothingOfTheCourse() {
        Counter error = center.meters().counter("error");
        for (int i = 1; i <= 20; i++) {
            error.increment(10);
            time.advance(Duration.ofMillis(500));
            error.increment(5);
            if (i == 7) {
                center.reset();
            }
            time.advance(Duration.ofMillis(500));
        }

        assertThat(course("error.count", Duration.ofMinutes(1))).hasSize(20).containsOnly(15.0);
        assertThat(course("error.rate", Duration.ofHours(1))).containsExactly(15.0, 15.0);
    }

    @Test
    void aSeriesThatGoesMakesAGapAndNoSpike() {
        Counter stays = center.meters().counter("error", "replica", "1");
        Counter goes = center.meters().counter("error", "replica", "2");
        for (int i = 0; i < 5; i++) {
            stays.increment(100);
            goes.increment(1_000);
            time.advanceSeconds(1);
        }
        center.meters().remove(goes);
        for (int i = 0; i < 5; i++) {
            stays.increment(100);
            time.advanceSeconds(1);
        }

        List<Double> course = course("error.count", Duration.ofMinutes(1));
        assertThat(course).containsExactly(1_100.0, 1_100.0, 1_100.0, 1_100.0, 1_100.0, 100.0, 100.0, 100.0, 100.0);
    }

    @Test
    void theClockSetForOrBackDoesNotMakeRatesWrong() {
        VirtualTime jumping = new VirtualTime();
        HyperionMonitoringCenter other = TestCenters.center(
                MonitoringSettings.defaults(), jumping, jumping, ProcessStats.ofThisJvm(), TimelineSettings.inMemory());
        Counter error = other.meters().counter("error");
        for (int i = 0; i < 30; i++) {
            error.increment(4);
            if (i == 10) {
                jumping.jump(Duration.ofHours(-1));
            } else if (i == 20) {
                jumping.jump(Duration.ofHours(3));
            }
            jumping.advance(Duration.ofSeconds(1));
        }

        assertThat(of(other, "error.rate", Duration.ofMinutes(1))).hasSize(10).containsOnly(4.0);
        assertThat(of(other, "error.rate", Duration.ofHours(6))).contains(4.0).containsOnly(4.0);
    }

    @Test
    void theCourseIsThereAgainAfterARestart(@TempDir Path folder) {
        HyperionMonitoringCenter first = TestCenters.center(MonitoringSettings.defaults(), time, folder);
        Timer latency = first.meters().timer("latency");
        for (int i = 1; i <= 700; i++) {
            latency.record(i, TimeUnit.MILLISECONDS);
            time.advanceSeconds(1);
        }
        List<List<Double>> before = courses(first);
        first.close();

        HyperionMonitoringCenter second = TestCenters.center(MonitoringSettings.defaults(), time, folder);

        for (int i = 0; i < before.size(); i++) {
            assertThat(courses(second).get(i))
                    .as("course " + i)
                    .hasSameSizeAs(before.get(i))
                    .isEqualTo(before.get(i));
        }
        assertThat(second.read("hyperion.timeline.failures").orElseThrow().value())
                .isZero();
        second.close();
    }

    private static List<List<Double>> courses(HyperionMonitoringCenter center) {
        return List.of(
                of(center, "latency.p95", Duration.ofMinutes(5)),
                of(center, "latency.p95", Duration.ofHours(2)),
                of(center, "latency.rate", Duration.ofDays(2)),
                of(center, "memory.usage{area=\"heap\"}.max", Duration.ofHours(2)));
    }

    @Test
    void resolutionsComeFromTheConfiguration() {
        assertThat(Resolution.read(List.of())).isEqualTo(Resolution.defaults());
        try (Hyperion hyperion = Hyperion.builder()
                .config(Map.of(
                        "monitoring",
                        Map.of(
                                "timeline_keep",
                                List.of(Map.of("every", "2s", "for", "5m"), Map.of("every", "1m", "for", "1d")))))
                .start()) {
            MetricQuery query = MetricQuery.parse("latency.p95", Duration.ofSeconds(60));
            assertThat(hyperion.monitoring()
                            .timeline(query, Duration.ofMinutes(5))
                            .resolution())
                    .isEqualTo(Duration.ofSeconds(2));
            assertThat(hyperion.monitoring()
                            .timeline(query, Duration.ofMinutes(6))
                            .resolution())
                    .isEqualTo(Duration.ofMinutes(1));
        }
    }

    @Test
    void resolutionsThatDoNotFitTogetherAreRefusedAtTheirPlace(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("h.yaml"),
                "monitoring:\n  timeline_keep:\n  - {every: 1s, for: 1m}\n  - {every: 5m, for: 14d}\n");

        assertThatThrownBy(() -> Hyperion.start(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("h.yaml:4:")
                .hasMessageContaining("keep that at least as long");
    }
}
