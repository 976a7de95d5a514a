// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.SampleValue;
import dev.hyperion.monitoring.Scope;
import dev.hyperion.monitoring.Statistic;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;
import org.junit.jupiter.api.Test;

/** Windows beside an oracle that keeps every record with its time and computes the exact figures of the window told. */
class WindowOracleTest {
    private static final List<Statistic> STATISTICS = List.of(
            Statistic.COUNT,
            Statistic.SUM,
            Statistic.MEAN,
            Statistic.MAX,
            Statistic.MIN,
            Statistic.P50,
            Statistic.P95,
            Statistic.P99);
    private static final Map<Statistic, Double> QUANTILES = Map.of(
            Statistic.MIN, 0.0, Statistic.P50, 0.5, Statistic.P95, 0.95, Statistic.P99, 0.99, Statistic.MAX, 1.0);

    private record Timed(Instant at, double value) {}

    private final ManualTime time = new ManualTime();
    private final HyperionMonitoringCenter center = TestCenters.center(MonitoringSettings.defaults(), time, Map.of());

    private static MetricQuery query(String name, int seconds) {
        return new MetricQuery(name, Map.of(), Optional.empty(), Duration.ofSeconds(seconds), Scope.NONE, Set.of());
    }

    @Test
    void manyWindowsOnRandomTimersAgreeWithAnExactOracle() {
        int compared = 0;
        for (long seed = 1; seed <= 12; seed++) {
            String name = "timer." + seed;
            Timer timer = center.meters().timer(name);
            SplittableRandom random = new SplittableRandom(seed);
            // whole nanoseconds, so that the oracle's sum of seconds is as exact as a double can be
            compared += run(
                    seed, name, random, value -> timer.record(Math.round(value * 1e9), TimeUnit.NANOSECONDS), () -> {
                        double nanos = Math.exp(random.nextDouble() * 22); // 1 ns to 3.6 s
                        return (long) nanos / 1e9;
                    });
        }
        assertThat(compared).isGreaterThan(2_000);
    }

    @Test
    void manyWindowsOnRandomSummariesAgreeWithAnExactOracle() {
        int compared = 0;
        for (long seed = 101; seed <= 106; seed++) {
            String name = "summary." + seed;
            DistributionSummary summary = center.meters().summary(name);
            SplittableRandom random = new SplittableRandom(seed);
            compared += run(seed, name, random, summary::record, () -> Math.exp((random.nextDouble() - 0.5) * 24));
        }
        assertThat(compared).isGreaterThan(1_000);
    }

    private interface Source {
        double next();
    }

    private int run(long seed, String name, SplittableRandom random, DoubleConsumer record, Source source) {
        List<Timed> all = new ArrayList<>();
        int compared = 0;
        int busy = 1 + random.nextInt(200);
        for (int step = 0; step < 240; step++) {
            boolean quiet = random.nextInt(40) == 0;
            int records = quiet || step % 100 > 70 ? 0 : random.nextInt(busy);
            for (int i = 0; i < records; i++) {
                double value = source.next();
                record.accept(value);
                all.add(new Timed(time.now(), value));
            }
            // in whole seconds, so that no record lies on both sides of a mark's own time
            time.advance(Duration.ofSeconds(quiet ? 1 + random.nextInt(20) : 1));
            if (step > 5 && step % 5 == 0) {
                for (int window : new int[] {1, 3, 10, 37, 60}) {
                    compare(seed, name, window, all);
                    compared++;
                }
            }
        }
        return compared;
    }

    private void compare(long seed, String name, int window, List<Timed> all) {
        List<MetricResult> results = center.query(query(name, window), STATISTICS);
        MetricResult.Samples told = (MetricResult.Samples) results.get(0);
        Instant from = told.actual().from();
        double[] exact = all.stream()
                .filter(each -> !each.at.isBefore(from))
                .mapToDouble(Timed::value)
                .sorted()
                .toArray();
        String where = "seed " + seed + ", " + window + " s window " + told.actual();
        assertThat(told.actual().to()).as(where).isEqualTo(time.now());
        assertThat(told.actual().length()).as(where).isLessThanOrEqualTo(Duration.ofSeconds(Math.max(window + 21, 21)));
        assertThat(value(results.get(0))).as(where).isEqualTo(exact.length);
        assertThat(value(results.get(1)))
                .as(where)
                .isCloseTo(Arrays.stream(exact).sum(), withinPercentage(1e-9));
        for (int i = 2; i < STATISTICS.size(); i++) {
            Statistic statistic = STATISTICS.get(i);
            if (exact.length == 0) {
                assertThat(results.get(i)).as(where).isInstanceOf(MetricResult.NoData.class);
            } else if (QUANTILES.containsKey(statistic)) {
                int rank = Math.max(0, (int) Math.ceil(QUANTILES.get(statistic) * exact.length) - 1);
                assertThat(value(results.get(i)))
                        .as("%s of %s", statistic, where)
                        .isCloseTo(exact[rank], withinPercentage(1));
            }
        }
    }

    private static double value(MetricResult result) {
        return ((SampleValue.Scalar)
                        ((MetricResult.Samples) result).all().get(0).value())
                .value();
    }

    @Test
    void percentilesAskedTogetherNeverContradictEachOtherWhileOthersRecord() throws Exception {
        Timer timer = center.meters().timer("latency");
        timer.record(1, TimeUnit.MILLISECONDS);
        Thread writer = new Thread(() -> {
            SplittableRandom random = new SplittableRandom(3);
            while (!Thread.currentThread().isInterrupted()) {
                timer.record(random.nextLong(1_000, 1_000_000_000), TimeUnit.NANOSECONDS);
            }
        });
        time.advanceSeconds(30);
        writer.start();
        try {
            for (int i = 0; i < 2_000; i++) {
                List<MetricResult> results = center.query(
                        query("latency", 60),
                        List.of(Statistic.P50, Statistic.P95, Statistic.P99, Statistic.COUNT, Statistic.SUM));
                double p50 = value(results.get(0));
                double p95 = value(results.get(1));
                double p99 = value(results.get(2));
                assertThat(p50).isLessThanOrEqualTo(p95);
                assertThat(p95).isLessThanOrEqualTo(p99);
                assertThat(value(results.get(4)) / value(results.get(3))).isLessThanOrEqualTo(1);
            }
        } finally {
            writer.interrupt();
            writer.join();
        }
    }
}
