// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.hyperion.HyperionException;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.monitoring.SampleValue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WindowedQueriesTest {
    private final ManualTime time = new ManualTime();
    private final HyperionMonitoringCenter center = TestCenters.center(MonitoringSettings.defaults(), time, Map.of());

    private MetricResult ask(String address) {
        return center.query(center.query(address));
    }

    private double value(String address) {
        MetricResult result = ask(address);
        assertThat(result).as(address).isInstanceOf(MetricResult.Samples.class);
        MetricResult.Samples samples = (MetricResult.Samples) result;
        assertThat(samples.all()).hasSize(1);
        return ((SampleValue.Scalar) samples.all().get(0).value()).value();
    }

    @Test
    void latencyP95FollowsTheLatencyOfTheLastMinute() {
        Timer latency = center.meters().timer("latency");
        for (int second = 0; second < 120; second++) {
            for (int i = 0; i < 20; i++) {
                latency.record(100, TimeUnit.MILLISECONDS);
            }
            time.advanceSeconds(1);
        }
        assertThat(value("latency.p95")).isCloseTo(0.1, withinPercentage(1));

        for (int second = 0; second < 61; second++) {
            for (int i = 0; i < 20; i++) {
                latency.record(400, TimeUnit.MILLISECONDS);
            }
            time.advanceSeconds(1);
        }

        assertThat(value("latency.p95")).isCloseTo(0.4, withinPercentage(1));
        assertThat(value("latency.min")).isCloseTo(0.4, withinPercentage(1)); // none of the old ones is left
    }

    @Test
    void errorRateIsEventsPerSecondOfTheWindow() {
        time.advanceSeconds(300);
        Counter error = center.meters().counter("error");
        for (int second = 0; second < 60; second++) {
            error.increment(second % 10 == 0 ? 1 : 0);
            time.advanceSeconds(1);
        }

        assertThat(value("error.rate") * 60).isCloseTo(6, within(1e-9)); // 6 errors in a minute
    }

    @Test
    void theFirstErrorOfALongRunningProcessIsOnePerMinuteAndNotSixty() {
        time.advanceSeconds(300);
        center.meters().counter("error").increment();
        time.advanceSeconds(1);

        assertThat(value("error.rate") * 60).isCloseTo(1, within(1e-9));
    }

    @Test
    void whatIsNotThereIsNoDataWithAReason() {
        assertThat(ask("latency.p95")).isInstanceOf(MetricResult.NoData.class);
        center.meters().timer("latency");
        time.advanceSeconds(1);

        assertThat(ask("latency.p95")).isInstanceOf(MetricResult.NoData.class);
        assertThat(value("latency.count")).isZero(); // that nothing happened is known
        assertThat(ask("latency{version=\"9\"}.count")).isInstanceOf(MetricResult.NoData.class);
    }

    @Test
    void aResultSaysTheWindowItReallyHas() {
        Timer latency = center.meters().timer("latency");
        time.advanceSeconds(5);
        latency.record(1, TimeUnit.MILLISECONDS);

        MetricResult.Samples young = (MetricResult.Samples) ask("latency.count");
        assertThat(Duration.between(young.actual().from(), young.actual().to())).isEqualTo(Duration.ofSeconds(5));

        time.advanceSeconds(300);
        MetricResult.Samples grown = (MetricResult.Samples) ask("latency.count");
        assertThat(Duration.between(grown.actual().from(), grown.actual().to()))
                .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(61));
    }

    @Test
    void tagsMatchAsASubsetCountersSumAndDistributionsMerge() {
        center.meters().counter("hits", "version", "1", "zone", "a").increment(3);
        center.meters().counter("hits", "version", "1", "zone", "b").increment(4);
        center.meters().counter("hits", "version", "2", "zone", "a").increment(50);
        Timer one = center.meters().timer("latency", "version", "1");
        Timer two = center.meters().timer("latency", "version", "2");
        for (int i = 0; i < 90; i++) {
            one.record(10, TimeUnit.MILLISECONDS);
        }
        for (int i = 0; i < 10; i++) {
            two.record(1, TimeUnit.SECONDS);
        }

        assertThat(value("hits{version=\"1\"}")).isEqualTo(7);
        assertThat(value("hits.count")).isEqualTo(57);
        assertThat(value("latency.p90")).isCloseTo(0.010, withinPercentage(1));
        assertThat(value("latency.p95")).isCloseTo(1, withinPercentage(1)); // the mean of the two p95 would be 0.5
        assertThat(value("latency{version=\"1\"}.p95")).isCloseTo(0.010, withinPercentage(1));
    }

    @Test
    void severalGaugesNeedARuleToBecomeOne() {
        Gauge.builder("queue", () -> 3).tag("name", "a").register(center.meters());
        Gauge.builder("queue", () -> 5).tag("name", "b").register(center.meters());

        assertThatThrownBy(() -> ask("queue"))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining(".sum, .max, .min or .mean");
        assertThat(value("queue.sum")).isEqualTo(8);
        assertThat(value("queue.max")).isEqualTo(5);
        assertThat(value("queue.mean")).isEqualTo(4);
        assertThat(value("queue{name=\"a\"}")).isEqualTo(3);
    }

    @Test
    void aStatisticThatAMeterDoesNotHaveIsAnErrorThatNamesThoseItHas() {
        center.meters().counter("hits").increment();

        assertThatThrownBy(() -> ask("hits.p95"))
                .hasMessage("metric hits is a counter and has no .p95; use one of count, sum, rate, last");
    }

    @Test
    void aMeterThatIsReallyNamedLikeAStatisticWins() {
        center.meters().timer("latency").record(1, TimeUnit.SECONDS);
        Gauge.builder("latency.p95", () -> 42).register(center.meters());

        assertThat(value("latency.p95")).isEqualTo(42);
        assertThat(value("latency.p99")).isCloseTo(1, withinPercentage(1));
    }

    @Test
    void aliasesNameExistingMeters() {
        HyperionMonitoringCenter aliased =
                TestCenters.center(TestCenters.withAlias("latency", "http.server.requests"), time, Map.of());
        aliased.meters().timer("http.server.requests", "uri", "/").record(2, TimeUnit.SECONDS);

        MetricResult.Samples result = (MetricResult.Samples) aliased.query(aliased.query("latency.p95"));

        assertThat(((SampleValue.Scalar) result.all().get(0).value()).value()).isCloseTo(2, withinPercentage(1));
    }

    @Test
    void resetIsANewBaselineForWindowsAndLeavesTheMetersAlone() {
        Counter hits = center.meters().counter("hits");
        hits.increment(10);
        time.advanceSeconds(30);

        center.reset();
        hits.increment(2);
        time.advanceSeconds(1);

        assertThat(value("hits.count")).isEqualTo(2);
        assertThat(value("hits.last")).isEqualTo(2);
        assertThat(hits.count()).isEqualTo(12);
    }

    @Test
    void theLastOfACounterIsItsTotalSinceTheReset() {
        Counter hits = center.meters().counter("hits");
        hits.increment(10);
        time.advanceSeconds(600);

        assertThat(value("hits.count")).isZero();
        assertThat(value("hits.last")).isEqualTo(10);
    }

    @Test
    void whatTagsPinFollowsSeriesThatComeAndGoAndResets() {
        Counter north = center.meters().counter("orders", "shop", "north", "kind", "book");
        Counter south = center.meters().counter("orders", "shop", "south", "kind", "book");
        north.increment(3);
        south.increment(5);
        time.advanceSeconds(1);
        assertThat(value("orders{shop=\"north\"}.count")).isEqualTo(3);
        assertThat(value("orders{kind=\"book\"}.count")).isEqualTo(8);

        Counter toys = center.meters().counter("orders", "shop", "north", "kind", "toy");
        toys.increment(7);
        time.advanceSeconds(1);
        assertThat(value("orders{shop=\"north\"}.count")).isEqualTo(10);
        assertThat(value("orders{shop=\"north\",kind=\"toy\"}.count")).isEqualTo(7);
        assertThat(ask("orders{shop=\"south\",kind=\"toy\"}.count")).isInstanceOf(MetricResult.NoData.class);
        assertThat(ask("orders{town=\"north\"}.count")).isInstanceOf(MetricResult.NoData.class);

        center.meters().remove(north);
        assertThat(value("orders{shop=\"north\"}.count")).isEqualTo(7);
        assertThat(value("orders{kind=\"book\"}.count")).isEqualTo(5);
        center.reset();
        toys.increment();
        time.advanceSeconds(1);
        assertThat(value("orders{shop=\"north\"}.count")).isEqualTo(1);

        center.meters().remove(toys);
        assertThat(ask("orders{shop=\"north\"}.count")).isInstanceOf(MetricResult.NoData.class);
        center.meters().counter("orders", "shop", "north", "kind", "book").increment(2); // another one in its place
        time.advanceSeconds(1);
        assertThat(value("orders{shop=\"north\"}.count")).isEqualTo(2);

        center.meters().remove(south);
        assertThat(value("orders{shop=\"north\"}.count")).isEqualTo(2); // the only one left
        assertThat(ask("orders{shop=\"south\"}.count")).isInstanceOf(MetricResult.NoData.class);
    }

    @Test
    void aLabelThatASeriesLacksIsTheEmptyOneOfItsGroup() {
        center.meters().counter("orders", "shop", "north", "kind", "book").increment(3);
        center.meters().counter("orders", "shop", "north").increment(4);
        center.meters().counter("orders", "shop", "south", "kind", "book").increment(5);
        time.advanceSeconds(1);

        MetricResult.Samples samples = (MetricResult.Samples)
                center.query(center.query("orders{shop=\"north\"}.count").by(Set.of("kind")));

        assertThat(samples.all())
                .extracting(sample -> sample.labels().get("kind"), Sample::value)
                .containsExactlyInAnyOrder(
                        tuple("book", new SampleValue.Scalar(3)), tuple("", new SampleValue.Scalar(4)));
    }
}
