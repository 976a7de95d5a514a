// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.core.registry.ProcessStats;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.core.timeline.Resolution;
import dev.hyperion.core.timeline.TimelineSettings;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.HealthFinding;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A day of recording, ticks, alerts, health and logs, second by second. */
class DayLongSoakTest {
    /** Full within six hours, so that whatever still grows after seven grows for ever. */
    private static final List<Resolution> KEPT = List.of(
            new Resolution(Duration.ofSeconds(1), Duration.ofMinutes(10)),
            new Resolution(Duration.ofSeconds(10), Duration.ofHours(6)),
            new Resolution(Duration.ofMinutes(5), Duration.ofHours(6)));

    /** The real ones open a dozen files of the kernel at each tick, which would take most of the time here. */
    private static final ProcessStats STATS = new ProcessStats() {
        @Override
        public OptionalLong cpuNanos() {
            return OptionalLong.of(1_000_000);
        }

        @Override
        public int processors() {
            return 2;
        }

        @Override
        public OptionalDouble machineLoad() {
            return OptionalDouble.of(0.5);
        }

        @Override
        public long heapBytes() {
            return 100_000_000;
        }

        @Override
        public long nonHeapBytes() {
            return 50_000_000;
        }

        @Override
        public OptionalLong residentBytes() {
            return OptionalLong.of(200_000_000);
        }
    };

    private final Random random = new Random(24);

    @Test
    void nothingGrowsFromTheSeventhHourToTheTwentyFourth(@TempDir Path folder) throws IOException {
        ManualTime time = new ManualTime();
        HyperionMonitoringCenter center = TestCenters.center(
                MonitoringSettings.defaults(), time, time, STATS, new TimelineSettings(KEPT, Optional.of(folder)));
        center.addAlert(AlertRule.when("slow", "latency.p95", Comparison.GT, "250 ms")
                .hits(3)
                .build());
        center.addAlert(AlertRule.when("errors", "error.rate", Comparison.GT, "5 errors/min")
                .build());
        center.addHealthCheck("disk", deadline -> HealthFinding.up());
        int fired = 0;
        long heapBefore = 0;
        long diskBefore = 0;
        for (int hour = 1; hour <= 24; hour++) {
            fired += hour(center, time, hour);
            if (hour == 7) {
                heapBefore = liveHeap();
                diskBefore = bytesIn(folder);
            }
        }
        long heap = liveHeap();

        assertThat(heap - heapBefore)
                .as("bytes of heap that 17 hours left behind")
                .isLessThan(1 << 20);
        assertThat(bytesIn(folder)).as("bytes on disk").isLessThan(diskBefore * 5 / 4);
        assertThat(fired).as("hours with an alert").isEqualTo(12);
        assertThat(center.timeline(center.query("latency.p99"), Duration.ofHours(6))
                        .points())
                .hasSizeBetween(2_100, 2_200);
        center.close();
    }

    /** Every other hour is slow. */
    private int hour(HyperionMonitoringCenter center, ManualTime time, int hour) {
        Timer fast = center.meters().timer("latency", "version", "1");
        Timer slow = center.meters().timer("latency", "version", "2");
        Counter errors = center.meters().counter("error");
        for (int second = 0; second < 3_600; second++) {
            for (int i = 0; i < 10; i++) {
                fast.record((long) (2e7 * Math.exp(0.4 * random.nextGaussian())), TimeUnit.NANOSECONDS);
            }
            slow.record(hour % 2 == 0 ? 900 : 30, TimeUnit.MILLISECONDS);
            if (second % 60 == 0) {
                errors.increment(hour % 2 == 0 ? 10 : 1);
                center.log(new LogEntry(time.now(), LogLevel.INFO, "soak", "minute " + second, Map.of()));
            }
            time.advanceSeconds(1);
        }
        return center.alerts().stream().anyMatch(status -> status.state() == AlertState.FIRING) ? 1 : 0;
    }

    private static long liveHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    private static long bytesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
