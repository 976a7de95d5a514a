// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.hyperion.TaskScheduler;
import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.record.LatencyRecorder;
import dev.hyperion.core.registry.ProcessStats;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.core.timeline.TimelineSettings;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.Distribution;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Statistic;
import io.micrometer.core.instrument.Timer;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What reading costs in bytes, which does not depend on how fast the machine is. */
@Tag("fresh-jvm")
class ReadingCostTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final List<Statistic> PERCENTILES = List.of(Statistic.P50, Statistic.P95, Statistic.P99);

    private final ManualTime time = new ManualTime();
    private final HyperionMonitoringCenter center = TestCenters.center(MonitoringSettings.defaults(), time, Map.of());
    private final Random random = new Random(11);

    private long latency() {
        return (long) (5_000_000 * Math.exp(random.nextGaussian()));
    }

    private static double bytesPerCall(int calls, Runnable call) {
        long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int i = 0; i < calls; i++) {
            call.run();
        }
        return (double) (THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before) / calls;
    }

    @Test
    void threePercentilesOfAWindowMakeLessThanAKilobyteOfGarbage() {
        Timer timer = center.meters().timer("latency");
        MetricQuery query = center.query("latency");
        center.query(query, PERCENTILES);
        for (int second = 0; second < 90; second++) {
            for (int i = 0; i < 200; i++) {
                timer.record(latency(), TimeUnit.NANOSECONDS);
            }
            time.advanceSeconds(1);
        }
        for (int i = 0; i < 30_000; i++) { // until the compiler has done away with what it can
            center.query(query, PERCENTILES);
        }

        double bytes = bytesPerCall(2_000, () -> center.query(query, PERCENTILES));

        assertThat(center.query(query, PERCENTILES)).hasOnlyElementsOfType(MetricResult.Samples.class);
        assertThat(bytes).isLessThan(1_000);
    }

    @Test
    void whatAnAlertRuleCostsDoesNotDependOnHowManySeriesItsNameHas() {
        double amongTen = bytesPerRule(10);
        double amongTwoThousand = bytesPerRule(2_000);

        assertThat(amongTwoThousand).isLessThan(amongTen * 1.5 + 100); // what is left is up to the compiler
        assertThat(amongTwoThousand).isLessThan(2_000);
    }

    /** Twenty rules that pin a series each. */
    private static double bytesPerRule(int series) {
        ManualTime time = new ManualTime();
        Evaluations evaluations = new Evaluations(time);
        HyperionMonitoringCenter center = TestCenters.center(
                MonitoringSettings.defaults(),
                time,
                evaluations,
                ProcessStats.ofThisJvm(),
                TimelineSettings.inMemory());
        for (int i = 0; i < series; i++) {
            String shop = Integer.toString(i);
            center.meters().timer("latency", "shop", shop).record(5, TimeUnit.MILLISECONDS);
            center.meters().counter("orders", "shop", shop).increment();
        }
        for (int i = 0; i < 10; i++) {
            String pinned = "{shop=\"" + i + "\"}";
            center.addAlert(AlertRule.when("slow " + i, "latency" + pinned + ".p95", Comparison.GT, "1 ms")
                    .build());
            center.addAlert(AlertRule.when("many " + i, "orders" + pinned + ".count", Comparison.GT, "0")
                    .build());
        }
        for (int i = 0; i < 2_000; i++) {
            evaluations.next();
        }

        double bytes = bytesPerCall(200, evaluations::next) / 20;

        assertThat(center.alerts()).hasSize(20).allMatch(alert -> alert.state() == AlertState.FIRING);
        center.close();
        return bytes;
    }

    /** A scheduler that runs the evaluations of alert rules, one at a time and nothing besides. */
    private static final class Evaluations implements TaskScheduler {
        private final ManualTime time;
        private Runnable evaluation = () -> {};

        Evaluations(ManualTime time) {
            this.time = time;
        }

        void next() {
            time.advanceSeconds(1);
            evaluation.run();
        }

        @Override
        public Task once(String name, Duration delay, Runnable task) {
            return time.once(name, delay, task);
        }

        @Override
        public Task every(String name, Duration initialDelay, Duration period, Runnable task) {
            if (name.equals("alert evaluation")) {
                evaluation = task;
            }
            return () -> {};
        }
    }

    @Test
    void countingWhatATimerHasRecordedMakesNoGarbage() {
        Timer timer = center.meters().timer("latency");
        for (int i = 0; i < 10_000; i++) {
            timer.record(latency(), TimeUnit.NANOSECONDS);
        }
        for (int i = 0; i < 2_000; i++) {
            timer.count();
        }

        assertThat(bytesPerCall(2_000, timer::count)).isLessThan(1);
        assertThat(timer.count()).isEqualTo(10_000);
    }

    @Test
    void theP99OfAThousandMergedReplicasIsThatOfAllTheirRecords() {
        List<HistogramCopy> copies = new ArrayList<>();
        List<Distribution> distributions = new ArrayList<>();
        long[] all = new long[1_000 * 200];
        int recorded = 0;
        for (int replica = 0; replica < 1_000; replica++) {
            LatencyRecorder recorder = new LatencyRecorder();
            double slowness = replica % 100 == 0 ? 40 : 1; // ten replicas in a bad way, which a mean of p99s would hide
            for (int i = 0; i < 200; i++) {
                all[recorded] = (long) (latency() * slowness);
                recorder.record(all[recorded++]);
            }
            HistogramCopy copy = recorder.copy();
            copies.add(copy);
            distributions.add(distribution(copy));
        }
        Arrays.sort(all);
        double exact = all[(int) Math.ceil(0.99 * all.length) - 1];

        HistogramCopy merged = HistogramCopy.merge(HistogramCopy.Scale.NANOS, copies);
        Distribution told = Distribution.merge(distributions);

        assertThat(merged.count()).isEqualTo(all.length);
        assertThat(merged.sum()).isEqualTo(Arrays.stream(all).sum());
        assertThat(merged.quantile(0.99)).isBetween(exact * 0.99, exact * 1.01);
        assertThat(told.count()).isEqualTo(all.length);
        assertThat(told.quantile(0.99)).isBetween(exact * 0.99 / 1e9, exact * 1.01 / 1e9);
    }

    private static Distribution distribution(HistogramCopy copy) {
        double[] lower = new double[copy.size()];
        double[] upper = new double[copy.size()];
        long[] counts = new long[copy.size()];
        int[] next = {0};
        copy.forEachBucket((from, to, count) -> {
            lower[next[0]] = from / 1e9;
            upper[next[0]] = to / 1e9;
            counts[next[0]++] = count;
        });
        return Distribution.of(lower, upper, counts, copy.sum() / 1e9);
    }
}
