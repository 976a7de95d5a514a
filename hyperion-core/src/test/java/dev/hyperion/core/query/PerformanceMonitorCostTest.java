// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.hyperion.core.registry.HyperionMeterRegistry;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.core.timeline.Resolution;
import dev.hyperion.core.timeline.TimelineSettings;
import dev.hyperion.monitoring.MetricQuery;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a tick over ten addresses costs; docs/timeline.md tells the figures logged here. */
class PerformanceMonitorCostTest {
    private static final Logger LOG = LoggerFactory.getLogger(PerformanceMonitorCostTest.class);
    private static final int TICKS = 3_000;

    @Test
    void aTickOverTenAddressesStaysBelowAFifthOfAMegabyte(@TempDir Path folder) {
        ManualTime time = new ManualTime();
        HyperionMeterRegistry registry = new HyperionMeterRegistry(new MockClock());
        QueryEngine engine = new QueryEngine(
                new LocalQueries(new LocalSeries(registry, time, Duration.ofMinutes(1)), time), Map.of());
        Map<String, MetricQuery> addresses = new LinkedHashMap<>();
        for (String address : List.of("t1.p95", "t2.p95", "t3.p95", "t4.p95", "c1", "c2", "c3", "g1", "g2", "g3")) {
            addresses.put(address, MetricQuery.parse(address, Duration.ofMinutes(1)));
        }
        List<Timer> timers =
                List.of(registry.timer("t1"), registry.timer("t2"), registry.timer("t3"), registry.timer("t4"));
        List<Counter> counters = List.of(registry.counter("c1"), registry.counter("c2"), registry.counter("c3"));
        List.of("g1", "g2", "g3").forEach(name -> registry.gauge(name, time, t -> t.monotonicNanos()));
        PerformanceMonitor monitor = new PerformanceMonitor(
                engine,
                time,
                Duration.ofSeconds(1),
                addresses,
                new PerformanceMonitor.Keeping(
                        new TimelineSettings(Resolution.defaults(), Optional.of(folder)), Runnable::run, () -> {}));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long me = Thread.currentThread().getId();
        Random random = new Random(1);
        long bytes = 0;
        long cpu = 0;
        for (int tick = 0; tick < 2 * TICKS; tick++) {
            for (Timer timer : timers) {
                for (int i = 0; i < 20; i++) {
                    timer.record((long) (2e7 * Math.exp(0.4 * random.nextGaussian())), TimeUnit.NANOSECONDS);
                }
            }
            counters.forEach(Counter::increment);
            time.advanceSeconds(1);
            long bytesBefore = threads.getThreadAllocatedBytes(me);
            long cpuBefore = threads.getCurrentThreadCpuTime();
            monitor.tick();
            if (tick >= TICKS) { // what came before was interpreted
                cpu += threads.getCurrentThreadCpuTime() - cpuBefore;
                bytes += threads.getThreadAllocatedBytes(me) - bytesBefore;
            }
        }
        monitor.close();

        LOG.info("a tick over ten addresses: {} bytes, {} microseconds", bytes / TICKS, cpu / TICKS / 1_000);
        assertThat(bytes / TICKS).isLessThan(200_000);
    }
}
