// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.HyperionException;
import dev.hyperion.core.alert.Readings;
import dev.hyperion.core.registry.HyperionMeterRegistry;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.monitoring.SampleValue;
import dev.hyperion.monitoring.Statistic;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SharedReadingsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ManualTime time = new ManualTime();
    private final HyperionMeterRegistry registry = new HyperionMeterRegistry(Clock.SYSTEM);
    private final QueryEngine engine =
            new QueryEngine(new LocalQueries(new LocalSeries(registry, time, MINUTE), time), Map.of());
    private final Readings readings = engine.readings();
    private final Timer timer = registry.timer("latency", "route", "/pay");

    private static MetricQuery query(String address) {
        return MetricQuery.parse(address, MINUTE);
    }

    private static double value(MetricResult result) {
        Sample first = ((MetricResult.Samples) result).all().get(0);
        return ((SampleValue.Scalar) first.value()).value();
    }

    @Test
    void questionsAboutOneWindowThatFollowEachOtherAreAnsweredFromOneRead() {
        timer.record(10, TimeUnit.MILLISECONDS);
        time.advanceSeconds(1);

        double p95 = value(readings.read(query("latency.p95"), true));
        timer.record(500, TimeUnit.MILLISECONDS);
        double max = value(readings.read(query("latency.max"), true));
        double count = value(readings.read(query("latency.count"), false));

        assertThat(p95).isEqualTo(0.01);
        assertThat(max).isEqualTo(0.01);
        assertThat(count).isEqualTo(1);
        assertThat(value(engine.readings().read(query("latency.max"), false))).isEqualTo(0.5);
    }

    @Test
    void everyStatisticIsTheSameAsWhenItIsAskedAlone() {
        for (int millis = 1; millis <= 300; millis++) {
            timer.record(millis, TimeUnit.MILLISECONDS);
        }
        time.advanceSeconds(10);

        for (Statistic statistic : Statistic.values()) {
            MetricQuery query = query("latency").as(statistic);
            if (statistic == Statistic.LAST) {
                assertThatThrownBy(() -> readings.read(query, true))
                        .isInstanceOf(HyperionException.class)
                        .hasMessageContaining("latency is a timer or summary and has no .last");
            } else {
                assertThat(readings.read(query, true)).isEqualTo(engine.query(query));
            }
        }
        assertThat(readings.read(query("latency"), true)).isEqualTo(engine.query(query("latency")));
    }

    @Test
    void anotherWindowIsReadAnew() {
        registry.timer("latency", "route", "/search").record(70, TimeUnit.MILLISECONDS);
        timer.record(10, TimeUnit.MILLISECONDS);
        time.advanceSeconds(1);

        assertThat(value(readings.read(query("latency{route=\"/pay\"}.max"), true)))
                .isEqualTo(0.01);
        assertThat(value(readings.read(query("latency{route=\"/search\"}.max"), true)))
                .isEqualTo(0.07);
        assertThat(value(readings.read(query("latency.count"), true))).isEqualTo(2);
        MetricQuery byRoute = query("latency.max").by(Set.of("route"));
        assertThat(readings.read(byRoute, true)).isEqualTo(engine.query(byRoute));
        assertThat(((MetricResult.Samples) readings.read(byRoute.as(Statistic.COUNT), false)).all())
                .hasSize(2);
    }

    @Test
    void countersGaugesAndNothingAreAnsweredAsEver() {
        registry.counter("orders").increment(3);
        registry.gauge("depth", 7);
        time.advanceSeconds(1);

        for (String address : new String[] {"orders.count", "orders.rate", "depth", "depth.max", "nobody.p95"}) {
            assertThat(readings.read(query(address), true)).as(address).isEqualTo(engine.query(query(address)));
        }
        assertThatThrownBy(() -> readings.read(query("orders.p95"), true)).isInstanceOf(HyperionException.class);
    }

    @Test
    void aMeterThatIsNamedLikeAStatisticIsAskedItself() {
        registry.gauge("latency.p95", 42);
        timer.record(10, TimeUnit.MILLISECONDS);
        time.advanceSeconds(1);

        assertThat(value(readings.read(query("latency.max"), true))).isEqualTo(0.01);
        assertThat(value(readings.read(query("latency.p95"), true))).isEqualTo(42);
    }
}
