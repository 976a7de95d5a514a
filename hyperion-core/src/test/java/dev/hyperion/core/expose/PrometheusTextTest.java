// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.registry.DistributionMeter;
import dev.hyperion.core.registry.HyperionMeterRegistry;
import dev.hyperion.core.registry.RecentWindow;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {
    private final HyperionMeterRegistry registry = new HyperionMeterRegistry(new MockClock());

    @Test
    void aTimerIsASummaryInSecondsWithItsMaximumBesideIt() throws IOException {
        Timer timer = Timer.builder("latency")
                .description("Time per request.")
                .tag("version", "1.4.0")
                .register(registry);
        timer.record(250, TimeUnit.MILLISECONDS);

        assertThat(text())
                .containsSubsequence(
                        "# HELP latency_seconds Time per request.",
                        "# TYPE latency_seconds summary",
                        "latency_seconds{version=\"1.4.0\",quantile=\"0.95\"} 0.25",
                        "latency_seconds_sum{version=\"1.4.0\"} 0.25",
                        "latency_seconds_count{version=\"1.4.0\"} 1",
                        "# TYPE latency_seconds_max gauge",
                        "latency_seconds_max{version=\"1.4.0\"} 0.25");
    }

    @Test
    void aCounterEndsInTotalAndAGaugeInItsUnit() throws IOException {
        registry.counter("deploy.apply_success").increment(3);
        Gauge.builder("memory.usage", () -> 42)
                .tag("area", "heap")
                .baseUnit("bytes")
                .register(registry);

        assertThat(text())
                .contains(
                        "# TYPE deploy_apply_success_total counter",
                        "deploy_apply_success_total 3",
                        "# TYPE memory_usage_bytes gauge",
                        "memory_usage_bytes{area=\"heap\"} 42");
    }

    @Test
    void openMetricsNamesTheFamilyWithoutTotalAndEndsWithEof() throws IOException {
        registry.counter("orders.total").increment();

        assertThat(text(ExpositionFormat.OPENMETRICS_1_0_0))
                .containsSubsequence("# TYPE orders counter", "orders_total 1", "# EOF");
    }

    @Test
    void labelValuesAndHelpAreEscaped() throws IOException {
        registry.counter("odd", "path", "a\"b\\c\nd").increment();

        assertThat(text()).contains("odd_total{path=\"a\\\"b\\\\c\\nd\"} 1");
    }

    @Test
    void namesThatPrometheusForbidsAreMadeLegal() throws IOException {
        registry.counter("9lives.http-requestCount", "client.id", "7", "client-id", "8")
                .increment();

        assertThat(text()).contains("_9lives_http_request_count_total{client_id=\"8\",client_id_=\"7\"} 1");
    }

    @Test
    void helpAndTypeAppearOnceHoweverManyTagKeysAFamilyHas() throws IOException {
        registry.counter("hits", "a", "1").increment();
        registry.counter("hits", "b", "2", "c", "3").increment();
        registry.counter("hits").increment();

        List<String> lines = text();
        assertThat(lines.stream().filter(l -> l.startsWith("# TYPE hits_total")))
                .hasSize(1);
        assertThat(lines).contains("hits_total{a=\"1\"} 1", "hits_total{b=\"2\",c=\"3\"} 1", "hits_total 1");
    }

    @Test
    void metersWhoseNamesBecomeTheSameStayApart() throws IOException {
        registry.counter("a.b").increment(1);
        registry.counter("a_b").increment(2);

        assertThat(text()).contains("a_b_total 1", "a_b_total{meter=\"a_b\"} 2");
    }

    @Test
    void whatHasNoValueIsAbsentAndNeverZeroOrNotANumber() throws IOException {
        registry.timer("latency");
        Gauge.builder("broken", () -> Double.NaN).register(registry);

        assertThat(text())
                .contains("latency_seconds_count 0")
                .noneMatch(l -> l.contains("quantile") || l.contains("broken"));
    }

    /** A window that began when the meter was created. */
    static HistogramCopy creation(DistributionMeter meter) {
        return HistogramCopy.empty(meter.copy().scale());
    }

    private List<String> text() throws IOException {
        return text(ExpositionFormat.PROMETHEUS_0_0_4);
    }

    private List<String> text(ExpositionFormat format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new PrometheusText(registry, RecentWindow.since(PrometheusTextTest::creation)).write(format, out);
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
