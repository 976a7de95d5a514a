// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.record.LatencyRecorder;
import dev.hyperion.tck.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What addresses take after fourteen days, all resolutions full; docs/timeline.md tells the figures logged here. */
class TimelineSizeTest {
    private static final Logger LOG = LoggerFactory.getLogger(TimelineSizeTest.class);
    private static final int PER_SECOND = 100;

    private final Random random = new Random(14);
    private final Map<Duration, List<HistogramCopy>> typical = new LinkedHashMap<>();

    @Test
    void aGaugeTakesLessThanHalfAMegabyte(@TempDir Path folder) throws IOException {
        assertThat(afterFourteenDays(folder, "gauge")).satisfies(sizes -> {
            assertThat(sizes.memory()).isLessThan(400_000);
            assertThat(sizes.disk()).isLessThan(500_000);
        });
    }

    @Test
    void aCounterTakesLessThanAThirdOfAMegabyte(@TempDir Path folder) throws IOException {
        assertThat(afterFourteenDays(folder, "counter")).satisfies(sizes -> {
            assertThat(sizes.memory()).isLessThan(200_000);
            assertThat(sizes.disk()).isLessThan(300_000);
        });
    }

    @Test
    void aTimerOfAHundredRequestsPerSecondTakesLessThanFiveMegabytes(@TempDir Path folder) throws IOException {
        assertThat(afterFourteenDays(folder, "timer")).satisfies(sizes -> {
            assertThat(sizes.memory()).isLessThan(5_000_000);
            assertThat(sizes.disk()).isLessThan(5_000_000);
        });
    }

    @Test
    void theAddressesKeptByDefaultTakeLessThanSevenMegabytes(@TempDir Path folder) throws IOException {
        assertThat(afterFourteenDays(folder, "timer", "counter", "gauge cpu", "gauge memory", "gauge replicas"))
                .satisfies(sizes -> {
                    assertThat(sizes.memory()).isLessThan(7_000_000);
                    assertThat(sizes.disk()).isLessThan(7_000_000);
                });
    }

    private record Sizes(long memory, long disk) {}

    /** Fills each resolution by ticks of its own length, the coarsest first, and so ends with all of them full. */
    private Sizes afterFourteenDays(Path folder, String... series) throws IOException {
        VirtualTime time = new VirtualTime();
        TimelineStore store = new TimelineStore(
                new TimelineSettings(Resolution.defaults(), Optional.of(folder)),
                s -> true,
                Runnable::run,
                time,
                () -> {});
        List<Resolution> coarsestFirst = new ArrayList<>(Resolution.defaults());
        Collections.reverse(coarsestFirst);
        for (Resolution resolution : coarsestFirst) {
            Duration tick = resolution.every();
            for (int i = 0; i < resolution.slots() * 5 / 4; i++) { // a quarter more: segments are deleted as a whole
                time.advance(tick);
                Map<String, Slot> parts = new LinkedHashMap<>();
                for (String each : series) {
                    parts.put(each, slot(each, tick));
                }
                store.take(time.now().minus(tick.dividedBy(2)), tick, parts);
            }
        }
        long memory = store.heldBytes();
        store.close();
        StringBuilder files = new StringBuilder();
        long disk = 0;
        for (Resolution resolution : Resolution.defaults()) {
            long bytes = bytesIn(folder, resolution.every().toMillis() + "ms-");
            disk += bytes;
            files.append(", ")
                    .append(bytes / resolution.slots())
                    .append(" a slot of ")
                    .append(resolution.every());
        }
        LOG.info("{}: {} bytes in memory, {} on disk{}", List.of(series), memory, disk, files);
        return new Sizes(memory, disk);
    }

    private Slot slot(String series, Duration tick) {
        if (series.startsWith("gauge")) {
            double value = random.nextDouble();
            return tick.toSeconds() == 1
                    ? Slot.Level.of(value)
                    : new Slot.Level(tick.toSeconds(), value * tick.toSeconds(), value / 2, value * 2, value);
        }
        if (series.startsWith("counter")) {
            return new Slot.Counted(
                    random.nextInt(PER_SECOND) * tick.toSeconds(), tick.plusNanos(random.nextInt(99_999)));
        }
        List<HistogramCopy> some = typical.computeIfAbsent(tick, this::histograms);
        return new Slot.Recorded(some.get(random.nextInt(some.size())), tick.plusNanos(random.nextInt(99_999)));
    }

    /** Log-normal around 20 ms, a hundredth of them ten times as slow. */
    private List<HistogramCopy> histograms(Duration tick) {
        List<HistogramCopy> some = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            LatencyRecorder recorder = new LatencyRecorder();
            for (long record = 0; record < PER_SECOND * tick.toSeconds(); record++) {
                double nanos = 20e6 * Math.exp(0.4 * random.nextGaussian()) * (random.nextInt(100) == 0 ? 10 : 1);
                recorder.record((long) nanos);
            }
            some.add(recorder.copy());
        }
        return some;
    }

    private static long bytesIn(Path folder, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
