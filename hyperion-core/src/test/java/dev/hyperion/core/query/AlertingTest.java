// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionException;
import dev.hyperion.core.time.ManualTime;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertOrigin;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.AlertStatus;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.OnMissing;
import dev.hyperion.monitoring.Severity;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.Delivery;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The playbook's alert catalog, on latencies and errors that the tests cause. */
class AlertingTest {
    private final ManualTime time = new ManualTime();
    private final List<AlertEvent> told = new ArrayList<>();
    private final AlertNotifier pager = new AlertNotifier() {
        @Override
        public Delivery deliver(AlertEvent event, Deadline deadline) {
            told.add(event);
            return new Delivery.Delivered();
        }

        @Override
        public void close() {}
    };
    private final HyperionMonitoringCenter center =
            TestCenters.center(MonitoringSettings.defaults(), time, Map.of(), Map.of("pager", pager));

    private static AlertRule rule(
            String name, String metric, double threshold, String unit, int hits, Set<String> by, OnMissing missing) {
        return AlertRule.when(name, metric, Comparison.GT, threshold + " " + unit)
                .hits(hits)
                .by(by)
                .onMissing(missing)
                .severity(Severity.CRITICAL)
                .notifiers(List.of("pager"))
                .origin(AlertOrigin.CONFIG)
                .build();
    }

    private AlertStatus only() {
        assertThat(center.alerts()).hasSize(1);
        return center.alerts().get(0);
    }

    private void serve(Timer latency, long millis, int seconds) {
        for (int second = 0; second < seconds; second++) {
            for (int i = 0; i < 20; i++) {
                latency.record(millis, TimeUnit.MILLISECONDS);
            }
            time.advanceSeconds(1);
        }
    }

    @Test
    void latencyP95Above250MillisecondsPagesAfterThreeHitsAndResolves() {
        center.addAlert(rule("slow", "latency.p95", 250, "ms", 3, Set.of(), OnMissing.KEEP));
        Timer latency = center.meters().timer("latency");
        serve(latency, 100, 61);
        assertThat(only().state()).isEqualTo(AlertState.INACTIVE);

        serve(latency, 400, 19); // evaluations at 70 s and 80 s
        assertThat(only().state()).isEqualTo(AlertState.PENDING);
        assertThat(only().currentHits()).isEqualTo(2);
        assertThat(told).isEmpty();

        serve(latency, 400, 10);
        assertThat(only().state()).isEqualTo(AlertState.FIRING);
        assertThat(told).hasSize(1);
        assertThat(told.get(0).state()).isEqualTo(AlertState.FIRING);

        serve(latency, 400, 30);
        assertThat(told).hasSize(1); // firing is told once

        serve(latency, 100, 80);
        assertThat(only().state()).isEqualTo(AlertState.RESOLVED);
        assertThat(told).hasSize(2);
        assertThat(told.get(1).state()).isEqualTo(AlertState.RESOLVED);
        assertThat(told.get(1).id()).isNotEqualTo(told.get(0).id());
    }

    @Test
    void errorRateAboveFivePerMinuteFiresAndFivePerMinuteDoesNot() {
        time.advanceSeconds(120);
        center.addAlert(rule("errors", "error.rate", 5, "errors/min", 1, Set.of(), OnMissing.KEEP));
        center.meters().counter("error").increment(5);
        time.advanceSeconds(10);
        assertThat(told).isEmpty();

        center.meters().counter("error").increment(1);
        time.advanceSeconds(10);

        assertThat(told).hasSize(1);
    }

    @Test
    void aRateUnitImpliesTheRateAndByKeepsOneStatePerClient() {
        time.advanceSeconds(120);
        center.addAlert(
                rule("intruders", "security.unauthorized", 10, "requests/min", 1, Set.of("client"), OnMissing.KEEP));
        center.meters().counter("security.unauthorized", "client", "10.0.0.1").increment(40);
        center.meters().counter("security.unauthorized", "client", "10.0.0.2").increment(2);

        time.advanceSeconds(10);

        assertThat(told).hasSize(1);
        assertThat(told.get(0).labels()).isEqualTo(Map.of("client", "10.0.0.1"));
        assertThat(center.alerts())
                .extracting(AlertStatus::state)
                .containsExactlyInAnyOrder(AlertState.FIRING, AlertState.INACTIVE);
    }

    @Test
    void missingDataNeitherCountsNorResetsUnlessTheRuleSaysSo() {
        center.addAlert(rule("keep", "latency.p95", 1, "ms", 1, Set.of(), OnMissing.KEEP));
        center.addAlert(rule("fire", "latency.p95", 1, "ms", 2, Set.of(), OnMissing.FIRE));

        time.advanceSeconds(20);

        assertThat(told).extracting(e -> e.rule().name()).containsExactly("fire");
    }

    @Test
    void aRuleOfTheSameNameReplacesTheFormerOneAndWhatCannotBeIsRefused() {
        center.addAlert(rule("slow", "latency.p95", 100, "ms", 1, Set.of(), OnMissing.KEEP));
        center.addAlert(rule("slow", "latency.p95", 250, "ms", 3, Set.of(), OnMissing.KEEP));

        assertThatThrownBy(() -> center.addAlert(rule("odd", "latency.p95", 1, "parsecs", 1, Set.of(), OnMissing.KEEP)))
                .hasMessageContaining("'parsecs'");
        assertThatThrownBy(() -> center.addAlert(AlertRule.when("lost", "error", Comparison.GT, "1")
                        .notifiers(List.of("carrier-pigeon"))
                        .build()))
                .hasMessageContaining("no notifier is named 'carrier-pigeon'")
                .hasMessageContaining("pager");
        assertThat(only().rule().hits()).isEqualTo(3);
    }

    @Test
    void aRemovedRuleIsNotEvaluatedAnyMore() {
        center.addAlert(rule("errors", "error.rate", 0, "/min", 1, Set.of(), OnMissing.KEEP));
        assertThat(center.removeAlert("errors")).isTrue();
        assertThat(center.removeAlert("errors")).isFalse();
        center.meters().counter("error").increment(5);

        time.advanceSeconds(60);

        assertThat(told).isEmpty();
    }

    @Test
    void aRuleByLabelsThatWereNotSeenYetIsListedAsInactive() {
        center.addAlert(
                rule("wrong keys", "security.unauthorized.rate", 0, "/min", 1, Set.of("client"), OnMissing.KEEP));

        assertThat(only().state()).isEqualTo(AlertState.INACTIVE);
        assertThat(only().labels()).isEmpty();

        center.meters().counter("security.unauthorized", "client", "192.0.2.7").increment();
        time.advanceSeconds(30);
        assertThat(only().labels()).isEqualTo(Map.of("client", "192.0.2.7"));
    }

    private void add(String metric, String threshold) {
        center.addAlert(AlertRule.when(metric + threshold, metric, Comparison.GT, threshold)
                .build());
    }

    @ParameterizedTest
    @CsvSource({
        "latency.p95, 5 MiB, in seconds",
        "latency.count, 250 ms, counts",
        "latency.rate, 250 ms, of the kind rate",
        "error, 250 ms, counts",
        "error.rate, 5 %, of the kind rate",
        "cpu.utilization, 5 ms, in percent",
        "memory.usage, 5 %, in bytes",
        "security.unauthorized, 5 MiB/s, of the kind rate",
        "anything.rate, 5 ms, rates",
        "anything.p95, 5 errors/min, no rates",
        "error.rate / latency.rate, 5 ms, a plain number or %",
    })
    void aThresholdThatDoesNotFitWhatTheMetricMeasuresIsRefused(String metric, String threshold, String why) {
        assertThatThrownBy(() -> add(metric, threshold))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("does not fit " + metric)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @CsvSource({
        "latency.p95, 0.25",
        "latency.rate, 5 requests/min",
        "cpu.utilization, 75 %",
        "memory.usage.sum, 64 MiB",
        "anything.at.all, 5 ms",
        "anything.at.all, 5 %",
        "anything.at.all.rate, 5 MiB/s",
        "error.rate / latency.rate, 5 %",
    })
    void aThresholdThatFitsOrOfWhichNobodyKnowsIsAccepted(String metric, String threshold) {
        add(metric, threshold);
        assertThat(only().state()).isEqualTo(AlertState.INACTIVE);
    }

    @Test
    void aMeterDecidesWhatItsNameMeasuresAlsoIfItComesLater() {
        center.meters().counter("traffic", Tags.empty());
        assertThatThrownBy(() -> add("traffic", "5 ms")).hasMessageContaining("counts");

        add("queue.age", "5 MiB");
        time.advanceSeconds(20);
        assertThat(only().detail()).isEqualTo("no meter is named queue.age");
        Gauge.builder("queue.age", () -> 1e9).baseUnit("milliseconds").register(center.meters());
        time.advanceSeconds(20);
        assertThat(only().noData()).isTrue();
        assertThat(only().detail()).contains("does not fit queue.age").contains("in milliseconds");
        assertThat(told).isEmpty();
    }

    @Test
    void aLimitIsConvertedIntoTheUnitOfTheGauge() {
        double[] age = {249};
        Gauge.builder("queue.age", () -> age[0]).baseUnit("milliseconds").register(center.meters());
        add("queue.age", "0.25 s");
        time.advanceSeconds(10);
        assertThat(told).isEmpty();
        age[0] = 251;
        time.advanceSeconds(10);
        assertThat(told).hasSize(1);
        assertThat(told.get(0).text()).contains("queue.age is 0.251 s, firing at gt 0.25 s");
    }

    @Test
    void aGaugeThatIsNaNHasNoDataAndOneThatIsInfiniteIsBeyondTheLimit() {
        double[] level = {Double.NaN};
        Gauge.builder("level", () -> level[0]).register(center.meters());
        add("level", "5");
        time.advanceSeconds(20);
        assertThat(only().noData()).isTrue();
        assertThat(told).isEmpty();
        level[0] = Double.POSITIVE_INFINITY;
        time.advanceSeconds(10);
        assertThat(told).hasSize(1);
    }

    @Test
    void theShareOfErrorsIsThatOfOneWindowAlsoIfTheFirstErrorIsYoungerThanIt() {
        add("error.rate / latency.rate", "5 %");
        Timer latency = center.meters().timer("latency");
        serve(latency, 100, 115); // 20 requests a second
        assertThat(only().detail()).contains("no meter is named error");

        center.meters().counter("error").increment(30); // of some 1,200 in a minute: 2.5 %
        serve(latency, 100, 5);
        assertThat(told).as("30 in 5 s are 6 a second, but not 30 %").isEmpty();
        assertThat(only().value().orElseThrow()).isBetween(0.02, 0.03);

        center.meters().counter("error").increment(60);
        serve(latency, 100, 10);
        assertThat(told).hasSize(1);
        assertThat(told.get(0).text()).matches("error.rate / latency.rate is 7\\.[0-9]+ %, firing at gt 5 %.*");
    }
}
