// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.hyperion.HyperionException;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.Timeline;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

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
                .hasMessageContaining("metrics.timeline");
    }
}
