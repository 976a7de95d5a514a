// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

/** Every meter type of Micrometer's, in the ways that its users use them. */
class MeterTypesTest {
    private final MockClock clock = new MockClock();
    private final HyperionMeterRegistry registry = new HyperionMeterRegistry(clock);

    private double rejected(String meter) {
        return registry.get("hyperion.records.rejected")
                .tag("meter", meter)
                .counter()
                .count();
    }

    @Test
    void aSampleIsStoppedIntoTheTimerThatIsKnownAtTheEnd() {
        Timer.Sample sample = Timer.start(registry);
        clock.add(40, TimeUnit.MILLISECONDS);

        sample.stop(registry.timer("latency", "status", "200"));

        assertThat(registry.get("latency").tag("status", "200").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(40);
    }

    @Test
    void aResourceTimesItsBlock() {
        try (Timer.ResourceSample sample = Timer.resource(registry, "block").tag("kind", "a")) {
            clock.add(15, TimeUnit.MILLISECONDS);
            sample.tag("outcome", "ok");
        }

        assertThat(registry.get("block").tag("outcome", "ok").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(15);
    }

    @Test
    void suppliersCallablesAndWrappersAreTimed() throws Exception {
        Timer timer = registry.timer("work");

        String supplied = timer.record(() -> {
            clock.add(1, TimeUnit.MILLISECONDS);
            return "s";
        });
        String called = timer.recordCallable(() -> {
            clock.add(2, TimeUnit.MILLISECONDS);
            return "c";
        });
        Runnable four = () -> clock.add(4, TimeUnit.MILLISECONDS);
        timer.wrap(four).run();
        timer.record(Duration.ofMillis(8));
        boolean yes = timer.record(() -> true);

        assertThat(supplied + called + yes).isEqualTo("sctrue");
        assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(15);
        assertThat(timer.count()).isEqualTo(5);
    }

    @Test
    void aMultiGaugeFollowsItsRows() {
        MultiGauge rows = MultiGauge.builder("stock").register(registry);
        rows.register(List.of(MultiGauge.Row.of(Tags.of("item", "a"), 1), MultiGauge.Row.of(Tags.of("item", "b"), 2)));
        assertThat(registry.get("stock").tag("item", "b").gauge().value()).isEqualTo(2);

        rows.register(List.of(MultiGauge.Row.of(Tags.of("item", "b"), 5)), true);

        assertThat(registry.named("stock")).hasSize(1);
        assertThat(registry.get("stock").tag("item", "b").gauge().value()).isEqualTo(5);
    }

    @Test
    void longTasksHavePercentilesAndBucketsOfThoseUnderWay() {
        LongTaskTimer tasks = LongTaskTimer.builder("jobs")
                .publishPercentiles(0.5)
                .serviceLevelObjectives(Duration.ofMinutes(2), Duration.ofHours(1))
                .register(registry);
        for (int i = 0; i < 10; i++) {
            tasks.start();
            clock.add(1, TimeUnit.MINUTES);
        }

        HistogramSnapshot snapshot = tasks.takeSnapshot();
        assertThat(snapshot.percentileValues()[0].value(TimeUnit.MINUTES)).isCloseTo(5.5, within(1.0));
        assertThat(snapshot.histogramCounts()).extracting(c -> c.count()).containsExactly(2.0, 10.0);
    }

    @Test
    void aCustomMeterTellsWhatItsMeasurementsSay() {
        AtomicLong value = new AtomicLong(3);
        DoubleSupplier broken = () -> {
            throw new IllegalStateException("one of them fails");
        };
        Meter meter = Meter.builder(
                        "custom",
                        Meter.Type.OTHER,
                        List.of(
                                new Measurement(() -> (double) value.get(), Statistic.VALUE),
                                new Measurement(broken, Statistic.MAX)))
                .register(registry);
        value.set(9);

        assertThat(meter.measure()).extracting(Measurement::getValue).containsExactly(9.0, Double.NaN);
    }

    @Test
    void aHistogramShowsBucketsBetweenTheExpectedValues() {
        Timer timer = Timer.builder("latency")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(1))
                .register(registry);
        timer.record(30, TimeUnit.MILLISECONDS);
        timer.record(20, TimeUnit.SECONDS); // outside of what was expected, and counted all the same

        HistogramSnapshot snapshot = timer.takeSnapshot();
        assertThat(snapshot.histogramCounts()).hasSizeGreaterThan(20);
        double[] bounds = Arrays.stream(snapshot.histogramCounts())
                .mapToDouble(c -> c.bucket(TimeUnit.MILLISECONDS))
                .toArray();
        assertThat(bounds[0]).isCloseTo(1, withinPercentage(30));
        assertThat(bounds[bounds.length - 1]).isCloseTo(1_000, withinPercentage(30));
        assertThat(snapshot.histogramCounts()[bounds.length - 1].count()).isEqualTo(1);
        assertThat(snapshot.count()).isEqualTo(2);
    }

    @Test
    void theFiltersOfMicrometerWorkAsInAnyRegistry() {
        registry.config()
                .meterFilter(MeterFilter.denyNameStartsWith("jvm"))
                .meterFilter(MeterFilter.ignoreTags("noise"))
                .meterFilter(MeterFilter.maximumAllowableTags(
                        "hits", "path", 2, MeterFilter.deny(id -> id.getName().equals("hits"))))
                .meterFilter(new MeterFilter() {
                    @Override
                    public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                        return DistributionStatisticConfig.builder()
                                .percentiles(0.75)
                                .build()
                                .merge(config);
                    }
                });

        registry.counter("jvm.classes").increment();
        registry.counter("a", "noise", "1", "kind", "x").increment();
        registry.counter("a", "noise", "2", "kind", "x").increment();
        for (int i = 0; i < 5; i++) {
            registry.counter("hits", "path", "p" + i).increment();
        }
        Timer timer = registry.timer("latency");
        timer.record(4, TimeUnit.SECONDS);

        assertThat(registry.find("jvm.classes").counter()).isNull();
        assertThat(registry.get("a").counter().count()).isEqualTo(2);
        assertThat(registry.named("hits")).hasSize(2);
        assertThat(timer.takeSnapshot().percentileValues())
                .hasSize(1)
                .allSatisfy(p -> assertThat(p.percentile()).isEqualTo(0.75));
    }

    @Test
    void aLimitOnAllMetricsOfTheApplicationsOwnHolds() {
        registry.config().meterFilter(MeterFilter.maximumAllowableMetrics(3));

        for (int i = 0; i < 10; i++) {
            registry.counter("c" + i).increment();
        }

        assertThat(registry.getMeters()).hasSize(3);
    }

    @Test
    void aProviderResolvesTagsAtTheCall() {
        Meter.MeterProvider<Timer> latency =
                Timer.builder("latency").tag("app", "a").withRegistry(registry);
        Meter.MeterProvider<Counter> orders = Counter.builder("orders").withRegistry(registry);

        latency.withTags("status", "200").record(1, TimeUnit.SECONDS);
        latency.withTag("status", "500").record(2, TimeUnit.SECONDS);
        orders.withTags(Tags.of("kind", "x")).increment(3);

        assertThat(registry.get("latency")
                        .tags("app", "a", "status", "500")
                        .timer()
                        .totalTime(TimeUnit.SECONDS))
                .isEqualTo(2);
        assertThat(registry.get("orders").tag("kind", "x").counter().count()).isEqualTo(3);
    }

    @Test
    void withinACompositeItRecordsWhatTheOthersRecord() {
        SimpleMeterRegistry other = new SimpleMeterRegistry();
        CompositeMeterRegistry composite = new CompositeMeterRegistry();
        composite.add(other);
        Timer early = composite.timer("latency", "k", "v");
        composite.add(registry);
        AtomicLong queue = new AtomicLong(4);
        composite.gauge("queue", queue);

        early.record(30, TimeUnit.MILLISECONDS);
        composite.counter("orders", "k", "v").increment(2);
        composite.summary("size").record(7);

        for (var each : List.of(other, registry)) {
            assertThat(each.get("latency").timer().totalTime(TimeUnit.MILLISECONDS))
                    .isEqualTo(30);
            assertThat(each.get("orders").counter().count()).isEqualTo(2);
            assertThat(each.get("size").summary().totalAmount()).isEqualTo(7);
            assertThat(each.get("queue").gauge().value()).isEqualTo(4);
        }
        composite.close();
        assertThat(registry.get("orders").counter().count()).isEqualTo(2);
    }

    @Test
    void afterACloseEverythingIsReadableAndKnownMetersRecordOn() {
        Timer timer = registry.timer("latency", "k", "v");
        Gauge gauge = Gauge.builder("queue", () -> 3).register(registry);
        timer.record(10, TimeUnit.MILLISECONDS);

        registry.close();
        timer.record(20, TimeUnit.MILLISECONDS);
        registry.timer("latency", "k", "v").record(30, TimeUnit.MILLISECONDS);
        registry.timer("latency", "k", "new").record(40, TimeUnit.MILLISECONDS);

        assertThat(registry.get("latency").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(60);
        assertThat(timer.takeSnapshot().percentileValues()[0].value(TimeUnit.MILLISECONDS))
                .isCloseTo(20, withinPercentage(1));
        assertThat(gauge.value()).isEqualTo(3);
        assertThat(registry.named("latency")).hasSize(1);
    }

    @Test
    void recordsThatSayNothingAreIgnoredAndCounted() {
        Timer timer = registry.timer("latency");
        DistributionSummary summary = registry.summary("size");
        DistributionSummary scaled =
                DistributionSummary.builder("scaled").scale(1e300).register(registry);
        Counter counter = registry.counter("orders");

        timer.record(-1, TimeUnit.NANOSECONDS);
        timer.record(Duration.ofSeconds(-5));
        for (double amount : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1}) {
            summary.record(amount);
            counter.increment(amount);
        }
        scaled.record(1e200);
        summary.record(2);

        assertThat(timer.count()).isZero();
        assertThat(summary.count()).isEqualTo(1);
        assertThat(summary.totalAmount()).isEqualTo(2);
        assertThat(counter.count()).isZero();
        assertThat(scaled.count()).isZero();
        assertThat(rejected("latency")).isEqualTo(2);
        assertThat(rejected("size")).isEqualTo(4);
        assertThat(rejected("orders")).isEqualTo(4);
        assertThat(rejected("scaled")).isEqualTo(1);
    }

    @Test
    void aDurationAboveTheRangeIsCountedAndSummed() {
        Timer timer = registry.timer("latency");

        timer.record(30, TimeUnit.DAYS);
        timer.record(1, TimeUnit.SECONDS);

        assertThat(timer.count()).isEqualTo(2);
        assertThat(timer.totalTime(TimeUnit.SECONDS)).isEqualTo(30 * 86_400.0 + 1);
    }

    @Test
    void namesThatNoFormatCanCarryAreKeptAsTheyAre() {
        List<String> names = List.of("", " ", "%%%", "9lives", "größe.in.ζ", "a b{c}", "new\nline", "x".repeat(1_000));
        for (String name : names) {
            registry.counter(name, "schlüssel", "wert").increment(2);
        }
        registry.counter("a.b").increment(3);
        registry.timer("a_b").record(1, TimeUnit.SECONDS); // one name to some formats, two types here
        Gauge.builder("a-b", () -> 5).register(registry);

        for (String name : names) {
            assertThat(registry.named(name)).hasSize(1);
            assertThat(((Counter) registry.named(name).iterator().next()).count())
                    .isEqualTo(2);
        }
        assertThat(registry.names()).hasSize(names.size() + 3);
        assertThat(registry.get("a.b").counter().count()).isEqualTo(3);
        assertThat(registry.get("a_b").timer().count()).isEqualTo(1);
        assertThat(registry.get("a-b").gauge().value()).isEqualTo(5);
    }

    @Test
    void aTimeGaugeOfAnObjectIsHeldAndConverted() {
        TimeGauge gauge = TimeGauge.builder("age", new AtomicLong(2_500), TimeUnit.MILLISECONDS, AtomicLong::get)
                .register(registry);

        System.gc();

        assertThat(gauge.value(TimeUnit.SECONDS)).isEqualTo(2.5);
        assertThat(gauge.getId().getBaseUnit()).isEqualTo("seconds");
    }
}
