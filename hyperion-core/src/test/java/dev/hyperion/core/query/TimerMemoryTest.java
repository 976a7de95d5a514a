// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.core.time.ManualTime;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.noop.NoopTimer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a timer takes of the heap with everything that is kept for it, measured as the heap that thousands of them take. */
@Tag("fresh-jvm")
class TimerMemoryTest {
    private static final int METERS = 9_000;

    private final ManualTime time = new ManualTime();
    private final MeterRegistry meters =
            TestCenters.center(MonitoringSettings.defaults(), time, Map.of()).meters();

    /** A registry whose timers are nothing but their identity: what Micrometer keeps of any meter. */
    private static final class NamesOnly extends SimpleMeterRegistry {
        @Override
        protected Timer newTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector pauses) {
            return new NoopTimer(id);
        }
    }

    private final long identity = bytesPerTimer(new NamesOnly(), METERS, 0);

    @Test
    void anIdleTimerTakesAtMost300BytesBesideItsIdentity() {
        assertThat(identity).as("bytes per identity").isBetween(100L, 500L);
        assertThat(bytesPerTimer(meters, METERS, 0) - identity)
                .as("bytes per idle timer, its window included")
                .isBetween(100L, 300L);
    }

    @Test
    void anActiveTimerTakesAtMost8KilobytesBesideItsIdentity() {
        assertThat(bytesPerTimer(meters, 1_000, 1_000) - identity)
                .as("bytes per active timer, its window included")
                .isBetween(4_000L, 8_000L);
    }

    /** What goes when timers are removed; the middle of three rounds. */
    private long bytesPerTimer(MeterRegistry registry, int count, int records) {
        long[] rounds = new long[3];
        for (int round = 0; round < rounds.length; round++) {
            Timer[] timers = new Timer[count];
            for (int i = 0; i < count; i++) {
                timers[i] = Timer.builder("timer").tag("i", Integer.toString(i)).register(registry);
            }
            recordFor125Seconds(timers, records / 125);
            assertThat(timers[0].count()).isEqualTo(records);
            long with = used();
            for (int i = 0; i < count; i++) {
                registry.remove(timers[i]);
                timers[i] = null;
            }
            rounds[round] = (with - used()) / count;
        }
        Arrays.sort(rounds);
        return rounds[1];
    }

    /** A log-normal body around 5 ms over ten octaves, for longer than coarse marks are kept. */
    private void recordFor125Seconds(Timer[] timers, int perSecond) {
        Random random = new Random(9);
        for (int second = 0; second < 125; second++) {
            for (int i = 0; i < timers.length * perSecond; i++) {
                timers[i % timers.length].record(
                        (long) (5_000_000 * Math.exp(random.nextGaussian())), TimeUnit.NANOSECONDS);
            }
            time.advanceSeconds(1);
        }
    }

    private static long used() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 6; i++) { // a collection may be put off while another thread is within native code
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
