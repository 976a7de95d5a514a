// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.core.registry.HyperionMeterRegistry;
import dev.hyperion.core.registry.RecentWindow;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Statistic;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Meters that applications register without a thought of what a scraper takes. Everything is read back strictly. */
class HostileMetersTest {
    private final HyperionMeterRegistry registry = new HyperionMeterRegistry(new MockClock());
    private final PrometheusText exposition =
            new PrometheusText(registry, RecentWindow.since(PrometheusTextTest::creation));

    private StrictExposition read(ExpositionFormat format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        exposition.write(format, out);
        return StrictExposition.parse(out.toString(StandardCharsets.UTF_8), format);
    }

    private StrictExposition read() throws IOException {
        read(ExpositionFormat.OPENMETRICS_1_0_0); // what is counted while reading comes to be now
        StrictExposition open = read(ExpositionFormat.OPENMETRICS_1_0_0);
        StrictExposition plain = read(ExpositionFormat.PROMETHEUS_0_0_4);
        assertThat(plain.samples().keySet())
                .as("both formats tell the same series")
                .containsExactlyInAnyOrderElementsOf(open.samples().keySet());
        return plain;
    }

    private double conflicts() {
        return registry.get("hyperion.exposition.conflicts").counter().count();
    }

    @Test
    void aNameWithoutAnyLegalCharacterIsStillExported() throws IOException {
        registry.counter("日本").increment(2);
        registry.counter("...").increment(3);
        registry.counter("\uD83D\uDE00").increment(4);

        assertThat(read().value("___total{}")).isEqualTo(2);
        assertThat(read().value("____total{}")).isEqualTo(3);
        assertThat(read().value("__total{}")).isEqualTo(4);
    }

    @Test
    void aNameOfDigitsGetsSomethingLegalInFront() throws IOException {
        registry.counter("404").increment(2);

        assertThat(read().value("_404_total{}")).isEqualTo(2);
    }

    @Test
    void aNameOfAThousandCharactersIsExportedWhole() throws IOException {
        String name = "x".repeat(1_000);
        registry.counter(name).increment(7);

        assertThat(read().value(name + "_total{}")).isEqualTo(7);
    }

    @Test
    void metersOfOneFamilyAndAnotherTypeGoToAFamilyOfTheirOwnAndAreCounted() throws IOException {
        registry.counter("jobs.done").increment(3);
        read();
        Gauge.builder("jobs_done", () -> 8).register(registry);

        StrictExposition read = read();

        assertThat(read.value("jobs_done_total{}")).isEqualTo(3);
        assertThat(read.value("jobs_done_as_gauge{}")).isEqualTo(8);
        assertThat(conflicts()).isEqualTo(1);
        read();
        assertThat(conflicts()).as("counted once, however often it is scraped").isEqualTo(1);
    }

    @Test
    void samplesThatWouldHaveTheNameOfAnotherFamilysAreToldApart() throws IOException {
        registry.timer("call").record(2, TimeUnit.SECONDS);
        read();
        Gauge.builder("call.seconds.max", () -> 1).register(registry);
        Gauge.builder("call.seconds.sum", () -> 2).register(registry);
        registry.counter("call.seconds").increment(3);
        registry.timer("call.seconds.count").record(4, TimeUnit.SECONDS);

        StrictExposition read = read();

        assertThat(read.value("call_seconds_max{}")).isEqualTo(2);
        assertThat(read.value("call_seconds_sum{}")).isEqualTo(2);
        assertThat(read.value("call_seconds_max_as_gauge{}")).isEqualTo(1);
        assertThat(read.value("call_seconds_sum_as_gauge{}")).isEqualTo(2);
        assertThat(read.value("call_seconds_as_counter_total{}")).isEqualTo(3);
        assertThat(read.value("call_seconds_count_seconds_sum{}")).isEqualTo(4);
        assertThat(conflicts()).isEqualTo(3);
    }

    @Test
    void aSeriesThatSanitizingMakesAnothersIsNumberedAndWhoWasFirstKeepsItsLabels() throws IOException {
        registry.counter("hits", "client.id", "1").increment(1);
        read();
        registry.counter("hits", "client-id", "1").increment(2);
        registry.counter("hits", "clientId", "1").increment(3);

        StrictExposition read = read();

        assertThat(read.value("hits_total{client_id=1}")).isEqualTo(1);
        assertThat(List.of(
                        read.value("hits_total{client_id=1, series=2}"),
                        read.value("hits_total{client_id=1, series=3}")))
                .containsExactlyInAnyOrder(2.0, 3.0);
        assertThat(conflicts()).isEqualTo(2);
    }

    @Test
    void aTagWithoutAValueIsAsIfItWereNotThereSoTheTwoAreToldApart() throws IOException {
        registry.counter("hits", "outcome", "").increment(1);
        registry.counter("hits").increment(2);

        StrictExposition read = read();

        assertThat(read.value("hits_total{}") + read.value("hits_total{series=2}"))
                .isEqualTo(3);
    }

    @Test
    void metersOfTwoNamesInOneFamilyStayApartAndOnlyTheLaterIsMarked() throws IOException {
        registry.counter("a_b", "k", "1").increment(1);
        read();
        registry.counter("a.b", "k", "1").increment(2);

        assertThat(read().value("a_b_total{k=1}")).isEqualTo(1);
        assertThat(read().value("a_b_total{k=1, meter=a.b}")).isEqualTo(2);
    }

    @Test
    void whoeverIsRemovedGivesItsNameFree() throws IOException {
        Meter first = registry.counter("a_b");
        read();
        registry.counter("a.b").increment(2);
        assertThat(read().value("a_b_total{meter=a.b}")).isEqualTo(2);

        registry.remove(first);

        assertThat(read().value("a_b_total{}")).isEqualTo(2);
    }

    @Test
    void aMeterRegisteredAnewUnderItsNameIsTheNewOne() throws IOException {
        registry.counter("again").increment(5);
        assertThat(read().value("again_total{}")).isEqualTo(5);

        registry.remove(registry.counter("again"));
        registry.counter("again").increment(1);

        assertThat(read().value("again_total{}")).isEqualTo(1);
    }

    @Test
    void labelValuesOfAnyKindComeBackAsTheyWere() throws IOException {
        String value = "a\"b\\c\nd\re\tf\\n{}=,\u0000 日本 \uD83D\uDE00";
        registry.counter("odd", "path", value).increment();

        assertThat(read().samples().values())
                .anySatisfy(sample -> assertThat(sample.labels()).containsEntry("path", value));
    }

    @Test
    void halvesOfCharactersBecomeTheReplacementCharacter() throws IOException {
        registry.counter("odd", "path", "a\uD83Db\uDE00").increment();
        Gauge.builder("other", () -> 1).description("half \uD83D of one").register(registry);

        assertThat(read().value("odd_total{path=a\uFFFDb\uFFFD}")).isEqualTo(1);
    }

    @Test
    void labelsThatAreReservedOrBecomeTheSameAreAllKept() throws IOException {
        registry.timer("call", "quantile", "q", "le", "l").record(1, TimeUnit.SECONDS);
        Timer.builder("bucketed")
                .serviceLevelObjectives(Duration.ofSeconds(1))
                .tag("le", "l")
                .register(registry)
                .record(1, TimeUnit.SECONDS);
        registry.counter("hits", "__name__", "n", "a.b", "1", "a-b", "2", "1st", "3", "", "4")
                .increment();

        StrictExposition read = read();

        assertThat(read.value("call_seconds_count{le=l, quantile_=q}")).isEqualTo(1);
        assertThat(read.value("bucketed_seconds_bucket{le=1.0, le_=l}")).isEqualTo(1);
        assertThat(read.value("hits_total{_=4, _1st=3, a_b=2, a_b_=1, tag__name__=n}"))
                .isEqualTo(1);
    }

    @Test
    void oneNameWithDifferentTagKeysIsAllThere() throws IOException {
        registry.counter("hits", "a", "1").increment(1);
        registry.counter("hits", "b", "2", "c", "3").increment(2);
        registry.counter("hits").increment(3);

        assertThat(read().value("hits_total{a=1}")).isEqualTo(1);
        assertThat(read().value("hits_total{b=2, c=3}")).isEqualTo(2);
        assertThat(read().value("hits_total{}")).isEqualTo(3);
        assertThat(conflicts()).isZero();
    }

    @Test
    void aGaugeWithoutAValueIsAbsentAndInfinityIsTold() throws IOException {
        Gauge.builder("none", () -> Double.NaN).register(registry);
        Gauge.builder("throws", () -> {
                    throw new IllegalStateException("no");
                })
                .register(registry);
        Gauge.builder("most", () -> Double.POSITIVE_INFINITY).register(registry);
        Gauge.builder("least", () -> Double.NEGATIVE_INFINITY).register(registry);

        StrictExposition read = read();

        assertThat(read.types()).doesNotContainKeys("none", "throws");
        assertThat(read.value("most{}")).isInfinite().isPositive();
        assertThat(read.value("least{}")).isInfinite().isNegative();
    }

    @Test
    void aUnitIsToldOnlyWhereTheNameEndsInIt() throws IOException {
        Gauge.builder("size", () -> 1).baseUnit("bytes").register(registry);
        Gauge.builder("bytes", () -> 1).baseUnit("bytes").register(registry);
        Gauge.builder("odd", () -> 1).baseUnit("µ°/\n").register(registry);
        TimeGauge.builder("age", () -> 1_500, TimeUnit.MILLISECONDS).register(registry);

        StrictExposition read = read();

        assertThat(read.value("size_bytes{}")).isEqualTo(1);
        assertThat(read.value("bytes{}")).isEqualTo(1);
        assertThat(read.value("age_seconds{}")).isEqualTo(1.5);
    }

    @Test
    void aCounterWhoseNameIsTheSuffixAloneKeepsAName() throws IOException {
        registry.counter("_total").increment(1);
        registry.counter("total").increment(2);

        assertThat(read().samples()).hasSize(3);
    }

    @Test
    void customMetersWithTwoValuesOfAKindAreBothTold() throws IOException {
        Meter.builder(
                        "custom",
                        Meter.Type.OTHER,
                        List.of(
                                new Measurement(() -> 1.0, Statistic.VALUE),
                                new Measurement(() -> 2.0, Statistic.VALUE),
                                new Measurement(() -> 3.0, Statistic.MAX)))
                .register(registry);

        StrictExposition read = read();

        assertThat(read.value("custom{}")).isEqualTo(1);
        assertThat(read.value("custom{series=2}")).isEqualTo(2);
        assertThat(read.value("custom_max{}")).isEqualTo(3);
    }

    /** A few thousand registries of names and tags from a small, nasty alphabet; whatever comes out, a scraper takes it. */
    @ParameterizedTest
    @EnumSource(
            value = ExpositionFormat.class,
            names = {"PROMETHEUS_0_0_4", "OPENMETRICS_1_0_0"})
    void whateverIsRegisteredEverySeriesIsThereOnceAndLegal(ExpositionFormat format) throws IOException {
        long seed = 20261125;
        Random random = new Random(seed);
        String[] parts = {
            "a", "A", ".", "_", "total", "sum", "count", "max", "seconds", "bucket", "9", "é", "\uD83D", "\n", "\"",
            "\\", ""
        };
        for (int round = 0; round < 300; round++) {
            HyperionMeterRegistry many = new HyperionMeterRegistry(new MockClock());
            PrometheusText text = new PrometheusText(many, RecentWindow.since(PrometheusTextTest::creation));
            int expected = 1; // the counter of conflicts
            for (int i = 0; i < 12; i++) {
                String name = word(random, parts) + word(random, parts) + word(random, parts);
                Tags tags = Tags.of(word(random, parts) + word(random, parts), word(random, parts));
                int before = many.getMeters().size();
                try {
                    switch (random.nextInt(5)) {
                        case 0 -> many.counter(name, tags).increment();
                        case 1 -> many.timer(name, tags).record(1, TimeUnit.SECONDS);
                        case 2 -> Gauge.builder(name, () -> 1).tags(tags).register(many);
                        case 3 ->
                            DistributionSummary.builder(name)
                                    .tags(tags)
                                    .serviceLevelObjectives(1, 2)
                                    .register(many)
                                    .record(1);
                        default ->
                            FunctionTimer.builder(name, this, t -> 1, t -> 1, TimeUnit.SECONDS)
                                    .tags(tags)
                                    .register(many);
                    }
                } catch (IllegalArgumentException e) {
                    assertThat(e).hasMessageContaining("already"); // of another type under the very same name and tags
                }
                expected += many.getMeters().size() - before;
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            text.write(format, out);

            StrictExposition read = StrictExposition.parse(out.toString(StandardCharsets.UTF_8), format);

            long told = read.samples().values().stream()
                    .filter(sample -> switch (read.type(sample)) {
                        case "counter" -> true;
                        case "gauge" -> !read.help(sample).endsWith("(largest of the recent window)");
                        default -> sample.name().equals(sample.family() + "_count");
                    })
                    .count();
            assertThat(told).as("seed %d, round %d:%n%s", seed, round, out).isEqualTo(expected);
        }
    }

    private static String word(Random random, String[] parts) {
        return parts[random.nextInt(parts.length)];
    }

    @Test
    void everyKindOfMeterIsReadBackByTheStrictParser() throws IOException {
        registry.timer("latency", "version", "1").record(3, TimeUnit.MILLISECONDS);
        registry.summary("response.size").record(12.25);
        LongTaskTimer.builder("backup").register(registry).start();
        FunctionTimer.builder("cache.loads", this, t -> 4, t -> 2, TimeUnit.SECONDS)
                .register(registry);
        Timer.builder("slo")
                .serviceLevelObjectives(Duration.ofMillis(5), Duration.ofMillis(50))
                .register(registry)
                .record(20, TimeUnit.MILLISECONDS);

        StrictExposition read = read();

        assertThat(read.value("latency_seconds{quantile=0.99, version=1}")).isEqualTo(0.003);
        assertThat(read.value("response_size_sum{}")).isEqualTo(12.25);
        assertThat(read.value("cache_loads_seconds_count{}")).isEqualTo(4);
        assertThat(read.value("slo_seconds_bucket{le=0.005}")).isZero();
        assertThat(read.value("slo_seconds_bucket{le=0.05}")).isEqualTo(1);
        assertThat(read.value("slo_seconds_bucket{le=+Inf}")).isEqualTo(1);
        assertThat(read.value("slo_seconds_max{}")).isEqualTo(0.02);
        assertThat(read.value("backup_active{}")).isEqualTo(1);
    }
}
