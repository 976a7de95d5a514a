// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.SampleValue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What recording allocates: nothing. A gate that does not depend on time. */
@Tag("fresh-jvm")
class RecordingCostTest {
    private static final int CALLS = 200_000;
    private static final int RUNS = 30;
    private static final long ARRAY_OF_TWO = 24;
    /** What a compiler thread, a class load or a resize of somebody's table may add to a whole run of calls. */
    private static final long SLACK_BYTES = 4_096;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final ManualTime time = new ManualTime();
    private final HyperionMonitoringCenter center = TestCenters.center(MonitoringSettings.defaults(), time, Map.of());
    private final MeterRegistry meters = center.meters();
    private final long[] latencies =
            new Random(5).longs(4_096, 100_000, 200_000_000).toArray();

    private static long allocatedByThisThread() {
        return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** The least of some runs: the first touch new octaves, and run before the compiler has done its work. */
    private static long bytesOf(Runnable calls) {
        long least = Long.MAX_VALUE;
        for (int run = 0; run < RUNS && least > SLACK_BYTES; run++) {
            long before = allocatedByThisThread();
            calls.run();
            least = Math.min(least, allocatedByThisThread() - before);
        }
        return least;
    }

    @Test
    void recordingAllocatesNothing() {
        Timer timer = meters.timer("gate.timer");
        Counter counter = meters.counter("gate.counter");
        DistributionSummary summary = meters.summary("gate.summary");

        long bytes = bytesOf(() -> {
            for (int i = 0; i < CALLS; i++) {
                timer.record(latencies[i & 4_095], TimeUnit.NANOSECONDS);
                summary.record(latencies[i & 4_095] * 0.25);
                counter.increment();
                counter.increment(0.5);
            }
        });

        assertThat(bytes).as("bytes for %d records each", CALLS).isLessThan(SLACK_BYTES);
        assertThat(timer.count()).isGreaterThanOrEqualTo(CALLS);
    }

    @Test
    void lookingATimerUpForEachRecordAllocatesNothing() {
        long bytes = bytesOf(() -> {
            for (int i = 0; i < CALLS; i++) {
                meters.timer("gate.looked.up").record(latencies[i & 4_095], TimeUnit.NANOSECONDS);
            }
        });

        assertThat(bytes).as("bytes for %d lookups", CALLS).isLessThan(SLACK_BYTES);
    }

    /** The array of tags is made by the caller, as the language has it; the compiler often does away with it. */
    @Test
    void lookingATimerUpByATagValueForEachRecordAllocatesNothingButTheCallersArray() {
        String[] methods = {"get", "put", "post", "delete"};

        long bytes = bytesOf(() -> {
            for (int i = 0; i < CALLS; i++) {
                recordTagged(methods[i & 3], latencies[i & 4_095]);
            }
        });

        assertThat(bytes).as("bytes for %d lookups", CALLS).isLessThan(CALLS * ARRAY_OF_TWO + SLACK_BYTES);
    }

    /** As applications write it. */
    private void recordTagged(String method, long nanos) {
        meters.timer("gate.tagged", "method", method).record(nanos, TimeUnit.NANOSECONDS);
    }

    /** The gate can fail: the least garbage there is, one small object per call, is far above it. */
    @Test
    void theGateSeesASingleObjectPerCall() {
        Object[] escaped = new Object[1];

        assertThat(bytesOf(() -> {
                    for (int i = 0; i < CALLS; i++) {
                        escaped[0] = new int[] {i};
                    }
                }))
                .isGreaterThan(CALLS * 16L - 1);
    }

    @Test
    void durationsAboveTheRangeAreCountedByTheCenter() {
        Timer timer = meters.timer("slow");
        timer.record(2, TimeUnit.HOURS);
        timer.record(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        timer.record(1, TimeUnit.SECONDS);
        time.advanceSeconds(1);

        assertThat(value("hyperion.records.clamped.count")).isEqualTo(2);
        meters.remove(timer);
        assertThat(value("hyperion.records.clamped.count")).isEqualTo(2); // a counter never goes back
        assertThat(timer.totalTime(TimeUnit.NANOSECONDS)).isEqualTo(0x1p63 + 7.201e12);
    }

    private double value(String address) {
        MetricResult.Samples samples = (MetricResult.Samples) center.query(center.query(address));
        return ((SampleValue.Scalar) samples.all().get(0).value()).value();
    }
}
