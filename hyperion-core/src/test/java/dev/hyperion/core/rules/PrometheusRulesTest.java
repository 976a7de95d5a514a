// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.monitoring.AlertAction;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.OnMissing;
import dev.hyperion.monitoring.Severity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrometheusRulesTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final PrometheusRules rules = new PrometheusRules(
            name -> meters.getMeters().stream()
                    .filter(meter -> meter.getId().getName().equals(name))
                    .toList(),
            UnaryOperator.identity(),
            rule -> rule.threshold().baseValue(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60));

    private String of(AlertRule... all) {
        return rules.yaml(List.of(all));
    }

    private String expression(AlertRule rule) {
        return of(rule).lines()
                .filter(line -> line.startsWith("        expr: "))
                .map(line -> line.substring("        expr: \"".length(), line.length() - 1)
                        .replace("\\\"", "\""))
                .findFirst()
                .orElse("left out");
    }

    private static AlertRule.Builder rule(String metric, String threshold) {
        return AlertRule.when("r", metric, Comparison.GT, threshold).onMissing(OnMissing.RESOLVE);
    }

    @Test
    void theRulesOfThePlaybookAreWhatSomebodyWouldHaveWrittenByHand() {
        meters.timer("latency");
        meters.counter("error");
        meters.counter("security.unauthorized", "client", "10.0.0.1");

        assertThat(of(
                        AlertRule.when("latency", "latency.p95", Comparison.GT, "250 ms")
                                .hits(3)
                                .severity(Severity.CRITICAL)
                                .labels(Map.of("team", "shop"))
                                .annotations(Map.of("runbook_url", "https://runbooks/slow"))
                                .description("Pages after 3 consecutive hits.")
                                .onMissing(OnMissing.RESOLVE)
                                .build(),
                        AlertRule.when("error-rate", "error.rate", Comparison.GT, "6 errors/min")
                                .keepFiringFor(Duration.ofMinutes(5))
                                .onMissing(OnMissing.RESOLVE)
                                .build(),
                        AlertRule.when("unauthorized", "security.unauthorized", Comparison.GT, "60 requests/min")
                                .by(Set.of("client"))
                                .action(AlertAction.BLOCK_IP)
                                .build()))
                .isEqualTo("""
                        # Alert rules of Hyperion for Prometheus. Where an alert goes is said in the Alertmanager.
                        # N hits at the interval are "for" of N - 1 intervals; absent series end an alert.
                        groups:
                          - name: hyperion
                            interval: 10s
                            rules:
                              # latency: quantiles of several series cannot be merged there: the largest of them is compared
                              - alert: "latency"
                                expr: "max(latency_seconds{quantile=\\"0.95\\"}) > 0.25"
                                for: 20s
                                labels:
                                  severity: "critical"
                                  team: "shop"
                                annotations:
                                  summary: "latency.p95 gt 250 ms"
                                  description: "Pages after 3 consecutive hits."
                                  runbook_url: "https://runbooks/slow"
                              - alert: "error-rate"
                                expr: "sum(rate(error_total[60s])) > 0.1"
                                keep_firing_for: 300s
                                labels:
                                  severity: "warning"
                                annotations:
                                  summary: "error.rate gt 6 errors/min"
                              # unauthorized: on_missing: keep has no counterpart: missing data ends the alert there
                              # unauthorized: action: block-ip is carried out by Hyperion alone
                              - alert: "unauthorized"
                                expr: "sum by (client) (rate(security_unauthorized_total[60s])) > 1"
                                labels:
                                  severity: "warning"
                                annotations:
                                  summary: "security.unauthorized gt 60 requests/min"
                        """);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            queue.length                        | 10    | sum(queue_length) > 10
            queue.length{pool="a\\"b"}.max      | 10    | max(queue_length{pool="a\\\\"b"}) > 10
            queue.length.mean                   | 10    | avg(queue_length) > 10
            queue.length.count                  | 10    | count(queue_length) > 10
            queue.length.p95                    | 10    | left out
            memory.used                         | 1 MiB | sum(memory_used_bytes) > 1048576
            orders                              | 10    | sum(increase(orders_total[60s])) > 10
            orders.last                         | 10    | sum(orders_total) > 10
            orders.p95                          | 10    | left out
            latency                             | 1 s   | sum(rate(latency_seconds_sum[60s])) / (sum(rate(latency_seconds_count[60s])) != 0) > 1
            latency.count                       | 10    | sum(increase(latency_seconds_count[60s])) > 10
            latency.max                         | 1 s   | max(latency_seconds_max) > 1
            latency.p999                        | 1 s   | max(latency_seconds{quantile="0.999"}) > 1
            latency.min                         | 1 s   | left out
            upload.size.p50                     | 5     | max(upload_size_bytes{quantile="0.5"}) > 5
            orders.rate / latency.rate          | 0.5   | (sum(rate(orders_total[60s]))) / ((sum(rate(latency_seconds_count[60s]))) != 0) > 0.5
            orders.p95 / latency.rate           | 0.5   | left out
            """)
    void everyStatisticHasItsExpressionOrNone(String metric, String threshold, String expression) {
        meters.gauge("queue.length", 3);
        io.micrometer.core.instrument.Gauge.builder("memory.used", () -> 3)
                .baseUnit("bytes")
                .register(meters);
        meters.counter("orders");
        meters.timer("latency");
        io.micrometer.core.instrument.DistributionSummary.builder("upload.size")
                .baseUnit("bytes")
                .register(meters);

        assertThat(expression(rule(metric, threshold).build())).isEqualTo(expression);
    }

    @Test
    void aMeterThatIsNotThereYetIsTakenForWhatTheQuestionSaysAndThatIsTold() {
        assertThat(of(rule("orders.rate", "5 orders/min").build()))
                .contains("sum(rate(orders_total[60s]))")
                .contains("# r: no meter is named orders yet; it is taken for a counter");
        assertThat(expression(rule("checkout.p99", "1 s").build())).startsWith("max(checkout_seconds{quantile");
        assertThat(expression(rule("depth", "5").build())).isEqualTo("sum(depth) > 5");
    }

    @Test
    void missingDataThatFiresIsSaidWithAbsent() {
        assertThat(expression(rule("depth", "5").onMissing(OnMissing.FIRE).build()))
                .isEqualTo("sum(depth) > 5 or absent(sum(depth))");
        assertThat(of(rule("depth", "5")
                        .onMissing(OnMissing.FIRE)
                        .by(Set.of("pool"))
                        .build()))
                .contains("on_missing: fire has no counterpart for label sets")
                .doesNotContain("absent(");
    }

    @Test
    void whatHasNoCounterpartIsTold() {
        meters.timer("latency");
        assertThat(of(rule("latency.p95", "250 ms")
                        .clearThreshold("200 ms")
                        .window(Duration.ofMinutes(5))
                        .notifiers(List.of("slack", "log"))
                        .build()))
                .contains(
                        "# r: clear_threshold: 200 ms has no counterpart",
                        "# r: the window of 300s has no counterpart: the exposition's is 60s",
                        "# r: notify: slack, log is a route of the Alertmanager there");
        assertThat(of(rule("latency.min", "250 ms").build()))
                .contains("# r: the exposition has no series for min of latency", "# r: so this rule is left out")
                .contains("    rules: []")
                .doesNotContain("alert:");
    }

    @Test
    void hitsAndTimeBothHold() {
        assertThat(of(rule("depth", "5").hits(4).lasting(Duration.ofSeconds(25)).build()))
                .contains("for: 30s");
        assertThat(of(rule("depth", "5")
                        .hits(2)
                        .lasting(Duration.ofMillis(25_500))
                        .build()))
                .contains("for: 25500ms");
        assertThat(of(rule("depth", "5").build())).doesNotContain("for:");
    }

    @Test
    void noRulesAreAFileAllTheSame() {
        assertThat(of()).endsWith("    rules: []\n");
    }
}
