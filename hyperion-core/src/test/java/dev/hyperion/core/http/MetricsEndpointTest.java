// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.core.expose.ExpositionFormat;
import dev.hyperion.core.expose.PrometheusText;
import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.registry.HyperionMeterRegistry;
import dev.hyperion.core.registry.RecentWindow;
import io.micrometer.core.instrument.MockClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsEndpointTest {
    private final HyperionMeterRegistry registry = new HyperionMeterRegistry(new MockClock());
    private final MetricsEndpoint endpoint = new MetricsEndpoint(new PrometheusText(
            registry,
            RecentWindow.since(meter -> HistogramCopy.empty(meter.copy().scale()))));

    @BeforeEach
    void measure() {
        registry.timer("latency").record(5, TimeUnit.MILLISECONDS);
        registry.counter("orders").increment(3);
        registry.counter("orders.refused").increment();
    }

    private ApiResponse ask(Map<String, String> query, Map<String, String> headers, String client) {
        return endpoint.answer(new ApiRequest("GET", "/metrics", query, headers, "", client, ApiRequest.NOBODY));
    }

    private static byte[] bytes(ApiResponse response) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        response.body().write(out);
        return out.toByteArray();
    }

    private static String text(ApiResponse response) throws IOException {
        return new String(bytes(response), StandardCharsets.UTF_8);
    }

    @Test
    void theFormatAndItsContentTypeAreTheOnesAskedFor() throws IOException {
        ApiResponse open = ask(Map.of(), Map.of("accept", "application/openmetrics-text;version=1.0.0"), "127.0.0.1");
        ApiResponse plain = ask(Map.of(), Map.of(), "127.0.0.1");

        assertThat(open.contentType()).isEqualTo(ExpositionFormat.OPENMETRICS_1_0_0.contentType());
        assertThat(text(open)).endsWith("# EOF\n");
        assertThat(plain.contentType()).isEqualTo(ExpositionFormat.PROMETHEUS_0_0_4.contentType());
        assertThat(text(plain)).contains("orders_total 3\n").doesNotContain("EOF");
        assertThat(plain.headers()).containsEntry("Vary", "Accept, Accept-Encoding");
    }

    @ParameterizedTest
    @CsvSource({
        "orders, orders_total 3, orders_refused",
        "orders_total, orders_total 3, latency",
        "orders.refused, orders_refused_total 1, orders_total 3",
        "latency_seconds_sum, latency_seconds_count 1, orders",
        "latency_seconds_max, latency_seconds_max 0.005, orders",
        "latency, latency_seconds_sum 0.005, orders"
    })
    void aFamilyIsPickedByItsNameASamplesOrTheMeters(String name, String there, String notThere) throws IOException {
        assertThat(text(ask(Map.of("name[]", name), Map.of(), "127.0.0.1")))
                .contains(there)
                .doesNotContain(notThere);
    }

    @Test
    void severalNamesPickSeveralFamiliesAndANameThatIsNotThereNone() throws IOException {
        assertThat(text(ask(Map.of("name[]", "orders" + ApiRequest.AND + "latency"), Map.of(), "127.0.0.1")))
                .contains("orders_total 3", "latency_seconds_count 1")
                .doesNotContain("refused");
        assertThat(text(ask(Map.of("name[]", "nothing"), Map.of(), "127.0.0.1")))
                .isEmpty();
    }

    @Test
    void aScraperOfAnotherMachineMayHaveItPacked() throws IOException {
        ApiResponse packed = ask(Map.of(), Map.of("accept-encoding", "deflate, gzip;q=0.5"), "10.1.2.3");

        assertThat(packed.headers()).containsEntry("Content-Encoding", "gzip");
        try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(bytes(packed)))) {
            assertThat(new String(unpacked.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(text(ask(Map.of(), Map.of(), "10.1.2.3")));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"gzip | 127.0.0.1", "gzip | ::1", "gzip;q=0 | 10.1.2.3", "identity | 10.1.2.3", "x-gzip | 10.1.2.3"
            })
    void whoIsOnThisMachineOrDoesNotTakeItGetsItPlain(String accepted, String client) throws IOException {
        ApiResponse plain = ask(Map.of(), Map.of("accept-encoding", accepted), client);

        assertThat(plain.headers()).doesNotContainKey("Content-Encoding");
        assertThat(text(plain)).contains("orders_total 3\n");
    }

    @Test
    void aScraperThatGoesAwayInTheMiddleHindersNobody() throws IOException {
        ApiResponse packed = ask(Map.of(), Map.of("accept-encoding", "gzip"), "10.1.2.3");
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("reset by peer");
            }
        };

        assertThatThrownBy(() -> packed.body().write(gone)).isInstanceOf(IOException.class);

        assertThat(text(ask(Map.of(), Map.of(), "127.0.0.1"))).contains("orders_total 3\n");
    }
}
