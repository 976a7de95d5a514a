// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionException;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.Coverage;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.monitoring.SampleValue;
import dev.hyperion.monitoring.Window;
import dev.hyperion.spi.MetricSource;
import io.micrometer.core.instrument.Gauge;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceReadingsTest {
    private final ManualTime time = new ManualTime();
    private final ToldSource router = new ToldSource("hits", "cpu.utilization");
    private final HyperionMonitoringCenter center =
            TestCenters.center(MonitoringSettings.defaults(), time, Map.of("router", router));

    private MetricResult ask(String address) {
        return center.query(center.query(address));
    }

    private double value(String address) {
        MetricResult result = ask(address);
        assertThat(result).as(address).isInstanceOf(MetricResult.Samples.class);
        return ((SampleValue.Scalar)
                        ((MetricResult.Samples) result).all().get(0).value())
                .value();
    }

    @Test
    void aRateOverASourceIsTheDifferenceOfItsCumulativeCounts() {
        router.count(Map.of("version", "1"), 1_000, "a");
        assertThat(ask("hits.rate")).isInstanceOf(MetricResult.NoData.class); // one reading makes no window

        for (int second = 1; second <= 120; second++) {
            router.count(Map.of("version", "1"), 1_000 + second * 7, "a");
            time.advanceSeconds(1);
        }

        assertThat(value("hits.rate")).isCloseTo(7, within(1e-9));
    }

    @Test
    void aSourceThatStartsAnewNeverMakesARateNegative() {
        for (int second = 0; second < 30; second++) {
            router.count(Map.of(), 5_000 + second * 10, "a");
            ask("hits.rate");
            time.advanceSeconds(1);
        }
        double before = value("hits.count");

        router.count(Map.of(), 4, "b");
        time.advanceSeconds(1);

        assertThat(value("hits.count")).isEqualTo(before + 4);
        router.count(Map.of(), 9, "b");
        time.advanceSeconds(1);
        assertThat(value("hits.count")).isEqualTo(before + 9);
    }

    @Test
    void aSeriesThatTurnsUpLaterBeganAtZero() {
        router.count(Map.of("version", "1"), 100, "a");
        ask("hits.count");
        time.advanceSeconds(10);

        router.count(Map.of("version", "2"), 6, "a");
        time.advanceSeconds(1);

        assertThat(value("hits.count")).isEqualTo(6);
    }

    @Test
    void gaugesOfReplicasAreAveragedAndWinOverThisProcess() {
        time.advanceSeconds(2);
        router.level(Map.of("replica", "1"), 20);
        router.level(Map.of("replica", "2"), 60);
        time.advanceSeconds(1);

        assertThat(value("cpu.utilization")).isEqualTo(40);
        assertThat(value("cpu.utilization.max")).isEqualTo(60);
    }

    @Test
    void whatNoSourceKnowsIsAnsweredByThisProcess() {
        Gauge.builder("queue", () -> 3).register(center.meters());

        assertThat(value("queue")).isEqualTo(3);
    }

    @Test
    void aSourceThatKnowsTheMetricAndFailsIsNotReplacedByAnother() {
        router.failure = "connection refused";

        MetricResult result = ask("cpu.utilization");

        assertThat(result).isInstanceOf(MetricResult.Failed.class);
        assertThat(((MetricResult.Failed) result).why()).contains("'router'").contains("connection refused");
    }

    @Test
    void figuresOfASourceThatStoppedAnsweringAreNotToldAsOfNow() {
        router.level(Map.of(), 20);
        assertThat(value("cpu.utilization")).isEqualTo(20);

        router.failure = "connection refused";
        time.advanceSeconds(2);
        assertThat(value("cpu.utilization")).isEqualTo(20); // two seconds old, and the result says so
        time.advanceSeconds(10);

        assertThat(ask("cpu.utilization")).isInstanceOf(MetricResult.Failed.class);
    }

    @Test
    void aQuestionNobodyAsksAnyMoreIsNotRepeatedForEver() {
        router.level(Map.of(), 20);
        ask("cpu.utilization{zone=\"x\"}");
        time.advanceSeconds(5);
        int while5 = router.asked;
        assertThat(while5).isGreaterThan(4);

        time.advanceSeconds(700);
        int later = router.asked;
        time.advanceSeconds(10);

        // only the timeline's own questions go on
        assertThat(router.asked - later).isLessThan(while5 + 10);
    }

    private static final class ToldSource implements MetricSource {
        private final List<String> names;
        private final List<Sample> samples = new ArrayList<>();
        private String failure = "";
        private int asked;

        ToldSource(String... names) {
            this.names = List.of(names);
        }

        void count(Map<String, String> labels, double value, String startId) {
            samples.removeIf(s -> s.labels().equals(labels));
            samples.add(new Sample(labels, new SampleValue.Cumulative(value, startId), java.time.Instant.EPOCH));
        }

        void level(Map<String, String> labels, double value) {
            samples.add(new Sample(labels, new SampleValue.Scalar(value), java.time.Instant.EPOCH));
        }

        @Override
        public MetricResult query(MetricQuery query, Deadline deadline) {
            asked++;
            if (!failure.isEmpty()) {
                throw new HyperionException(failure);
            }
            return samples.isEmpty()
                    ? new MetricResult.NoData("nothing yet")
                    : new MetricResult.Samples(
                            samples, new Window(java.time.Instant.EPOCH, java.time.Instant.EPOCH), Coverage.full());
        }

        @Override
        public void check(MetricQuery query) {
            if (!names.contains(query.name())) {
                throw new HyperionException("unknown metric " + query.name());
            }
        }

        @Override
        public void close() {}
    }
}
