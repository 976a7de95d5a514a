// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.LongStream;

/**
 * What a registry that claims to be accurate must hold to, each claim with a name: exact counts, exact sums, quantiles beside
 * exact ones. Micrometer's own kit leaves all of this open. Works with any registry whose timers keep percentiles when asked.
 */
final class RegistryChecks {
    private static final double[] PERCENTILES = {0.5, 0.9, 0.95, 0.99, 0.999};

    /** A registry under test, empty, and its clock. */
    interface Subject {
        MeterRegistry registry();

        /** Lets the registry's clock advance. */
        void advance(Duration by);
    }

    /** One claim. */
    record Check(String name, Consumer<Subject> claim) {
        @Override
        public String toString() {
            return name;
        }
    }

    private RegistryChecks() {}

    static List<Check> all() {
        List<Check> all = new ArrayList<>();
        all.add(new Check("a counter counts amounts", RegistryChecks::counterCountsAmounts));
        all.add(new Check("a counter never goes back", RegistryChecks::counterNeverGoesBack));
        all.add(new Check("counts of large amounts are exact", RegistryChecks::countsOfLargeAmountsAreExact));
        all.add(new Check("total time is exact to the nanosecond", RegistryChecks::totalTimeIsExact));
        all.add(new Check("a summary's total is exact", RegistryChecks::summaryTotalIsExact));
        all.add(new Check("millions of records are all counted", RegistryChecks::noRecordOfMillionsIsLost));
        all.add(new Check("concurrent records are counted once", RegistryChecks::concurrentRecordsAreCountedOnce));
        all.add(new Check(
                "concurrent increments are counted once", RegistryChecks::concurrentIncrementsAreCountedOnce));
        all.add(new Check("quantiles of a log-normal", s -> quantiles(s, logNormal())));
        all.add(new Check("quantiles of two modes", s -> quantiles(s, bimodal())));
        all.add(new Check("quantiles of a constant", s -> quantiles(s, constant())));
        all.add(new Check("quantiles of powers of two", s -> quantiles(s, powersOfTwo())));
        all.add(new Check("quantiles from 1 us to 1 h", s -> quantiles(s, wide())));
        all.add(new Check("quantiles of a summary", RegistryChecks::quantilesOfASummary));
        all.add(new Check("the largest record is the maximum", RegistryChecks::maximum));
        all.add(new Check("quantiles and maximum forget the past", RegistryChecks::recentValues));
        all.add(new Check("counts at objectives are exact", RegistryChecks::objectives));
        all.add(new Check("counts at a summary's objectives are exact", RegistryChecks::objectivesOfASummary));
        all.add(new Check("every tag set is a series", RegistryChecks::tagSets));
        all.add(new Check("other tag keys are other series", RegistryChecks::tagKeys));
        all.add(new Check("a gauge keeps its object", RegistryChecks::gaugeKeepsItsObject));
        all.add(new Check("a gauge tells the value of now", RegistryChecks::gaugeTellsNow));
        all.add(new Check("times come in the unit asked for", RegistryChecks::units));
        all.add(new Check("functions are passed through", RegistryChecks::functions));
        all.add(new Check("active tasks are counted and timed", RegistryChecks::activeTasks));
        all.add(new Check("negative records change nothing", RegistryChecks::negatives));
        all.add(new Check("what a close finds stays readable", RegistryChecks::closing));
        return List.copyOf(all);
    }

    private static Timer timer(MeterRegistry registry, String name) {
        return Timer.builder(name).publishPercentiles(PERCENTILES).register(registry);
    }

    private static void counterCountsAmounts(Subject subject) {
        Counter counter = subject.registry().counter("orders");
        counter.increment();
        counter.increment(41);
        counter.increment(0.25);
        counter.increment(0.5);

        assertThat(counter.count()).isEqualTo(42.75);
    }

    private static void counterNeverGoesBack(Subject subject) {
        Counter counter = subject.registry().counter("orders");
        counter.increment(3);
        double before = counter.count();
        counter.increment(0);

        assertThat(counter.count()).isEqualTo(before);
    }

    private static void countsOfLargeAmountsAreExact(Subject subject) {
        Counter counter = subject.registry().counter("bytes");
        long sum = 0;
        for (long amount = 1; amount < 1L << 40; amount = amount * 3 + 1) {
            counter.increment(amount);
            sum += amount;
        }

        assertThat(counter.count()).isEqualTo((double) sum);
    }

    private static void totalTimeIsExact(Subject subject) {
        Timer timer = timer(subject.registry(), "latency");
        Random random = new Random(20_260_301);
        long sum = 0;
        for (int i = 0; i < 100_000; i++) {
            long nanos = (long) Math.exp(random.nextDouble() * 22);
            timer.record(nanos, TimeUnit.NANOSECONDS);
            sum += nanos;
        }

        assertThat((long) timer.totalTime(TimeUnit.NANOSECONDS)).isEqualTo(sum);
        assertThat(timer.count()).isEqualTo(100_000);
        assertThat((long) timer.takeSnapshot().total(TimeUnit.NANOSECONDS)).isEqualTo(sum);
    }

    private static void summaryTotalIsExact(Subject subject) {
        DistributionSummary summary =
                DistributionSummary.builder("size").scale(4).register(subject.registry());
        long sum = 0;
        for (int i = 0; i < 50_000; i++) {
            summary.record(i * 7L % 9_973);
            sum += i * 7L % 9_973 * 4;
        }

        assertThat(summary.totalAmount()).isEqualTo((double) sum);
        assertThat(summary.count()).isEqualTo(50_000);
        assertThat(summary.mean()).isCloseTo(sum / 50_000.0, within(1e-9));
    }

    private static void noRecordOfMillionsIsLost(Subject subject) {
        Timer timer = timer(subject.registry(), "latency");
        Counter counter = subject.registry().counter("calls");
        int records = 3_000_000;
        for (int i = 0; i < records; i++) {
            timer.record(i & 0xFFFF, TimeUnit.NANOSECONDS);
            counter.increment();
        }

        assertThat(timer.count()).isEqualTo(records);
        assertThat(counter.count()).isEqualTo(records);
    }

    private static void concurrentRecordsAreCountedOnce(Subject subject) {
        Timer timer = timer(subject.registry(), "latency");
        int each = 250_000;
        onThreads(4, thread -> () -> {
            for (int i = 0; i < each; i++) {
                timer.record(thread + 1, TimeUnit.MICROSECONDS);
            }
        });

        assertThat(timer.count()).isEqualTo(4L * each);
        assertThat((long) timer.totalTime(TimeUnit.NANOSECONDS)).isEqualTo(10_000L * each);
    }

    private static void concurrentIncrementsAreCountedOnce(Subject subject) {
        Counter counter = subject.registry().counter("calls");
        int each = 500_000;
        onThreads(4, thread -> () -> {
            for (int i = 0; i < each; i++) {
                counter.increment();
            }
        });

        assertThat(counter.count()).isEqualTo(4.0 * each);
    }

    private static void onThreads(int count, IntFunction<Runnable> work) {
        CountDownLatch start = new CountDownLatch(1);
        Thread[] threads = new Thread[count];
        for (int t = 0; t < count; t++) {
            Runnable run = work.apply(t);
            threads[t] = new Thread(() -> {
                try {
                    start.await();
                    run.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            threads[t].start();
        }
        start.countDown();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long[] logNormal() {
        Random random = new Random(7);
        return LongStream.generate(() -> (long) (20e6 * Math.exp(random.nextGaussian())))
                .limit(50_000)
                .toArray();
    }

    private static long[] bimodal() {
        Random random = new Random(11);
        return LongStream.generate(() -> random.nextInt(100) < 93
                        ? 2_000_000 + random.nextInt(300_000)
                        : 900_000_000L + random.nextInt(90_000_000))
                .limit(50_000)
                .toArray();
    }

    private static long[] constant() {
        return LongStream.generate(() -> 123_456_789).limit(10_000).toArray();
    }

    private static long[] powersOfTwo() {
        return LongStream.range(0, 32_000).map(i -> 1L << 10 + i % 32).toArray();
    }

    private static long[] wide() {
        Random random = new Random(13);
        double span = Math.log(3.6e12 / 1e3);
        return LongStream.generate(() -> (long) (1e3 * Math.exp(random.nextDouble() * span)))
                .limit(50_000)
                .toArray();
    }

    private static void quantiles(Subject subject, long[] nanos) {
        Timer timer = timer(subject.registry(), "latency");
        for (long each : nanos) {
            timer.record(each, TimeUnit.NANOSECONDS);
        }
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);

        HistogramSnapshot snapshot = timer.takeSnapshot();
        assertThat(snapshot.percentileValues()).hasSize(PERCENTILES.length);
        for (ValueAtPercentile value : snapshot.percentileValues()) {
            double exact = sorted[(int) Math.ceil(value.percentile() * sorted.length) - 1];
            assertThat(value.value(TimeUnit.NANOSECONDS))
                    .as("p" + value.percentile() * 100)
                    .isCloseTo(exact, withinPercentage(1));
        }
    }

    private static void quantilesOfASummary(Subject subject) {
        DistributionSummary summary = DistributionSummary.builder("size")
                .publishPercentiles(PERCENTILES)
                .register(subject.registry());
        double[] values = new double[20_000];
        Random random = new Random(17);
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.001 * Math.exp(random.nextDouble() * 20);
            summary.record(values[i]);
        }
        Arrays.sort(values);

        for (ValueAtPercentile value : summary.takeSnapshot().percentileValues()) {
            assertThat(value.value())
                    .as("p" + value.percentile() * 100)
                    .isCloseTo(values[(int) Math.ceil(value.percentile() * values.length) - 1], withinPercentage(1));
        }
    }

    private static void maximum(Subject subject) {
        Timer timer = timer(subject.registry(), "latency");
        for (int i = 1; i <= 1_000; i++) {
            timer.record(i, TimeUnit.MILLISECONDS);
        }
        timer.record(7, TimeUnit.SECONDS);

        assertThat(timer.max(TimeUnit.SECONDS)).isCloseTo(7, withinPercentage(1));
        assertThat(timer.takeSnapshot().max(TimeUnit.SECONDS)).isCloseTo(7, withinPercentage(1));
    }

    /** Read every ten seconds, as a scraper does: five minutes later nothing of a slow start is left. */
    private static void recentValues(Subject subject) {
        Timer timer = timer(subject.registry(), "latency");
        for (int i = 0; i < 1_000; i++) {
            timer.record(5, TimeUnit.SECONDS);
        }
        for (int i = 0; i < 30; i++) {
            timer.takeSnapshot();
            subject.advance(Duration.ofSeconds(10));
        }
        for (int i = 0; i < 100; i++) {
            timer.record(10, TimeUnit.MILLISECONDS);
        }

        HistogramSnapshot snapshot = timer.takeSnapshot();
        for (ValueAtPercentile value : snapshot.percentileValues()) {
            assertThat(value.value(TimeUnit.MILLISECONDS))
                    .as("p" + value.percentile() * 100)
                    .isCloseTo(10, withinPercentage(1));
        }
        assertThat(snapshot.max(TimeUnit.MILLISECONDS)).isCloseTo(10, withinPercentage(1));
        assertThat(snapshot.count()).as("the count is of all time").isEqualTo(1_100);
    }

    private static void objectives(Subject subject) {
        Duration[] bounds = {Duration.ofMillis(1), Duration.ofMillis(100), Duration.ofNanos(250_000_001)};
        Timer timer = Timer.builder("latency").serviceLevelObjectives(bounds).register(subject.registry());
        long[] counts = new long[bounds.length];
        for (Duration bound : bounds) {
            for (long offset : new long[] {-1_000_000, -1_000, -1, 0, 1, 2, 1_000, 900_000}) {
                long nanos = bound.toNanos() + offset;
                timer.record(nanos, TimeUnit.NANOSECONDS);
                for (int i = 0; i < bounds.length; i++) {
                    counts[i] += nanos >= 0 && nanos <= bounds[i].toNanos() ? 1 : 0;
                }
            }
        }

        assertThat(timer.takeSnapshot().histogramCounts())
                .extracting(bucket -> (long) bucket.count())
                .containsExactly(counts[0], counts[1], counts[2]);
    }

    private static void objectivesOfASummary(Subject subject) {
        DistributionSummary summary = DistributionSummary.builder("size")
                .serviceLevelObjectives(10, 1_000)
                .register(subject.registry());
        for (double value : new double[] {1, 9.999, 10, 10.001, 10.1, 999, 1_000, 1_000.5, 1_010, 5_000}) {
            summary.record(value);
        }

        assertThat(summary.takeSnapshot().histogramCounts())
                .extracting(bucket -> (long) bucket.count())
                .containsExactly(3L, 7L);
    }

    private static void tagSets(Subject subject) {
        for (int i = 0; i < 50; i++) {
            subject.registry()
                    .counter("orders", "country", "c" + i % 10, "kind", "k" + i % 5)
                    .increment();
        }

        assertThat(subject.registry().find("orders").counters())
                .hasSize(10)
                .allSatisfy(counter -> assertThat(counter.count()).isEqualTo(5));
    }

    private static void tagKeys(Subject subject) {
        subject.registry().counter("hits", "path", "/").increment();
        subject.registry().counter("hits", "path", "/", "method", "GET").increment(2);
        subject.registry().counter("hits").increment(4);

        assertThat(subject.registry().find("hits").counters())
                .extracting(Counter::count)
                .containsExactlyInAnyOrder(1.0, 2.0, 4.0);
        assertThat(subject.registry().get("hits").tag("method", "GET").counter().count())
                .isEqualTo(2);
    }

    private static void gaugeKeepsItsObject(Subject subject) {
        Gauge gauge = subject.registry().get(registerGauge(subject.registry())).gauge();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }

        assertThat(gauge.value()).isEqualTo(7);
    }

    private static String registerGauge(MeterRegistry registry) {
        registry.gauge("queue", new AtomicLong(7));
        return "queue";
    }

    private static void gaugeTellsNow(Subject subject) {
        AtomicLong value = new AtomicLong(1);
        subject.registry().gauge("queue", value);
        Gauge gauge = subject.registry().get("queue").gauge();
        assertThat(gauge.value()).isEqualTo(1);

        value.set(-3);

        assertThat(gauge.value()).isEqualTo(-3);
    }

    private static void units(Subject subject) {
        Timer timer = timer(subject.registry(), "latency");
        timer.record(1_500, TimeUnit.MICROSECONDS);
        TimeGauge age = TimeGauge.builder("age", () -> 90, TimeUnit.SECONDS).register(subject.registry());

        assertThat(timer.totalTime(TimeUnit.MICROSECONDS)).isEqualTo(1_500);
        assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(1.5);
        assertThat(age.value(TimeUnit.MINUTES)).isEqualTo(1.5);
    }

    private static void functions(Subject subject) {
        AtomicLong source = new AtomicLong(5);
        FunctionCounter counter =
                FunctionCounter.builder("hits", source, AtomicLong::get).register(subject.registry());
        FunctionTimer timer = FunctionTimer.builder(
                        "calls", source, AtomicLong::get, s -> s.get() * 3.0, TimeUnit.MILLISECONDS)
                .register(subject.registry());
        source.set(8);

        assertThat(counter.count()).isEqualTo(8);
        assertThat(timer.count()).isEqualTo(8);
        assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isCloseTo(24, within(1e-9));
    }

    private static void activeTasks(Subject subject) {
        LongTaskTimer tasks = LongTaskTimer.builder("jobs").register(subject.registry());
        LongTaskTimer.Sample first = tasks.start();
        subject.advance(Duration.ofSeconds(30));
        tasks.start();
        subject.advance(Duration.ofSeconds(10));

        assertThat(tasks.activeTasks()).isEqualTo(2);
        assertThat(tasks.duration(TimeUnit.SECONDS)).isCloseTo(50, within(1e-9));
        assertThat(tasks.max(TimeUnit.SECONDS)).isCloseTo(40, within(1e-9));
        first.stop();
        assertThat(tasks.activeTasks()).isEqualTo(1);
    }

    private static void negatives(Subject subject) {
        Timer timer = timer(subject.registry(), "latency");
        DistributionSummary summary = subject.registry().summary("size");
        timer.record(-1, TimeUnit.SECONDS);
        summary.record(-1);
        timer.record(1, TimeUnit.SECONDS);
        summary.record(1);

        assertThat(timer.count()).isEqualTo(1);
        assertThat(timer.totalTime(TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(summary.totalAmount()).isEqualTo(1);
    }

    private static void closing(Subject subject) {
        Timer timer = timer(subject.registry(), "latency");
        Counter counter = subject.registry().counter("orders");
        timer.record(40, TimeUnit.MILLISECONDS);
        counter.increment(3);

        subject.registry().close();

        assertThat(counter.count()).isEqualTo(3);
        assertThat(timer.count()).isEqualTo(1);
        assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(40);
        assertThat(subject.registry().getMeters()).hasSize(2);
    }
}
