// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.registry.DistributionMeter;
import dev.hyperion.core.registry.HyperionMeterRegistry;
import dev.hyperion.core.registry.RecentWindow;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Scrapes again and again, with a window whose begin is in our hand. */
class UnchangedSeriesTest {
    private static final int TIMERS = 2_000;
    private static final HistogramCopy NOTHING = HistogramCopy.empty(HistogramCopy.Scale.NANOS);

    private final HyperionMeterRegistry registry = new HyperionMeterRegistry(new MockClock());
    private final Map<Meter, HistogramCopy> begins = new HashMap<>();
    private final PrometheusText exposition =
            new PrometheusText(registry, RecentWindow.since(meter -> begins.getOrDefault(meter, NOTHING)));

    private String scrape() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        exposition.write(ExpositionFormat.PROMETHEUS_0_0_4, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aRecordAfterAnyNumberOfIdleScrapesIsToldByTheNext() throws IOException {
        Timer timer = registry.timer("latency");
        timer.record(1, TimeUnit.SECONDS);
        String idle = scrape();
        for (int i = 0; i < 5; i++) {
            assertThat(scrape()).isEqualTo(idle);
        }

        timer.record(3, TimeUnit.SECONDS);

        assertThat(scrape())
                .contains("latency_seconds_sum 4\n", "latency_seconds_count 2\n", "latency_seconds_max 3\n");
    }

    @Test
    void quantilesLeaveWithTheWindowAlthoughNothingWasRecorded() throws IOException {
        Timer timer = registry.timer("latency");
        timer.record(1, TimeUnit.SECONDS);
        scrape();
        scrape();
        assertThat(scrape()).contains("quantile=", "_max 1\n");

        begins.put(timer, ((DistributionMeter) timer).copy());

        for (int i = 0; i < 4; i++) {
            assertThat(scrape()).contains("latency_seconds_count 1\n").doesNotContain("quantile=", "_max");
        }
    }

    @Test
    void eachFormatTellsItsOwnAlthoughTheyTakeTurns() throws IOException {
        Timer.builder("latency")
                .serviceLevelObjectives(Duration.ofSeconds(1))
                .register(registry)
                .record(1, TimeUnit.SECONDS);
        for (int i = 0; i < 4; i++) {
            assertThat(scrape()).doesNotContain("EOF");
            ByteArrayOutputStream open = new ByteArrayOutputStream();
            exposition.write(ExpositionFormat.OPENMETRICS_1_0_0, open);
            assertThat(open.toString(StandardCharsets.UTF_8)).contains("latency_seconds_count 1\n", "# EOF");
        }
    }

    /** Bytes allocated, not time: some 100 per idle series would still be a mistake. */
    @Test
    void anIdleScrapeAllocatesNextToNothing() throws IOException {
        for (int i = 0; i < TIMERS; i++) {
            Timer timer = registry.timer("latency", "series", Integer.toString(i));
            timer.record(1 + i, TimeUnit.MICROSECONDS);
            begins.put(timer, ((DistributionMeter) timer).copy());
        }
        OutputStream nowhere = OutputStream.nullOutputStream();
        for (int i = 0; i < 20; i++) {
            exposition.write(ExpositionFormat.PROMETHEUS_0_0_4, nowhere);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        long before = threads.getCurrentThreadAllocatedBytes();
        exposition.write(ExpositionFormat.PROMETHEUS_0_0_4, nowhere);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        // the buffer and the maxima of the family; 10,000 timers may cost 1 MB in all
        assertThat(allocated).isLessThan(100L * TIMERS);
    }

    @Test
    void nothingOfAMeterIsHeldOnceItIsRemovedEvenIfNobodyScrapes() throws IOException {
        WeakReference<Meter> gone = new WeakReference<>(registry.timer("latency", "series", "1"));
        scrape();
        scrape();

        registry.remove(gone.get());

        Awaitility.await("the meter is collected").until(() -> {
            System.gc();
            return gone.get() == null;
        });
    }

    @Test
    void aScraperThatStopsReadingKeepsNoOtherWaiting() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            registry.timer("latency", "series", Integer.toString(i)).record(1, TimeUnit.SECONDS);
        }
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        OutputStream stops = new OutputStream() {
            @Override
            public void write(int b) {
                throw new AssertionError("never one by one");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                assertThat(length).as("bytes at once").isLessThan(40_000);
                stuck.countDown();
                try {
                    free.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        };
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> {
            try {
                exposition.write(ExpositionFormat.PROMETHEUS_0_0_4, stops);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        stuck.await();

        registry.counter("came.meanwhile").increment();
        assertThat(scrape()).contains("came_meanwhile_total 1\n", "latency_seconds_count{series=\"999\"} 1\n");

        free.countDown();
        first.get(30, TimeUnit.SECONDS);
    }

    @Test
    void scrapesAtTheSameTimeAllReadTheSame() throws Exception {
        List<Timer> timers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            timers.add(registry.timer("latency", "series", Integer.toString(i)));
            timers.get(i).record(i, TimeUnit.MILLISECONDS);
        }
        String expected = scrape();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(CompletableFuture.runAsync(() -> {
                try {
                    for (int round = 0; round < 20; round++) {
                        assertThat(scrape()).isEqualTo(expected);
                    }
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (CompletableFuture<Void> each : all) {
            each.get(60, TimeUnit.SECONDS);
        }
    }
}
