// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.examples.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import dev.hyperion.core.Hyperion;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is recorded once arrives in both: as real protobuf at a receiver, and in Hyperion's windows. */
class OtlpPushTest {
    private final Queue<Metric> received = new ConcurrentLinkedQueue<>();
    private HttpServer collector;

    @BeforeEach
    void receive() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/metrics", exchange -> {
            try (exchange) {
                ExportMetricsServiceRequest request = ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody());
                request.getResourceMetricsList().stream()
                        .flatMap(resource -> resource.getScopeMetricsList().stream())
                        .flatMap(scope -> scope.getMetricsList().stream())
                        .forEach(received::add);
                exchange.sendResponseHeaders(200, -1);
            }
        });
        collector.start();
    }

    @AfterEach
    void end() {
        collector.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/metrics";
    }

    @Test
    void whatIsRecordedOnceIsPushedAndIsInTheWindowsOfHyperion() {
        try (Hyperion hyperion = Hyperion.start()) {
            CompositeMeterRegistry meters = OtlpPush.meters(hyperion, url());
            for (int i = 1; i <= 100; i++) {
                meters.timer("latency", "version", "1").record(i, TimeUnit.MILLISECONDS);
            }
            meters.counter("orders").increment(3);
            meters.summary("response.size").record(12.5);

            assertThat(hyperion.monitoring().read("latency.p95").orElseThrow().value())
                    .isCloseTo(0.095, within(0.001));
            meters.getRegistries().forEach(registry -> {
                if (registry != hyperion.monitoring().meters()) {
                    registry.close(); // pushes what there is
                }
            });
        }

        Map<String, Metric> byName =
                received.stream().collect(Collectors.toMap(Metric::getName, Function.identity(), (a, b) -> b));
        assertThat(byName.get("orders").getSum().getDataPoints(0).getAsDouble()).isEqualTo(3);
        assertThat(byName.get("response.size").getHistogram().getDataPoints(0).getSum())
                .isEqualTo(12.5);
        ExponentialHistogramDataPoint latency =
                byName.get("latency").getExponentialHistogram().getDataPoints(0);
        assertThat(latency.getCount()).isEqualTo(100);
        assertThat(latency.getSum()).isCloseTo(5_050, within(1e-6)); // Micrometer pushes milliseconds by default
        assertThat(latency.getAttributes(0).getKey()).isEqualTo("version");
        assertThat(latency.getPositive().getBucketCountsList().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(100);
        assertThat(byName).doesNotContainKey("cpu.utilization"); // Hyperion's own meters are in its own registry only
    }

    @Test
    void thePageShowsTheCodeThatIsTested() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/hyperion/examples/service/OtlpPush.java"));
        String example = source.substring(
                source.indexOf("// begin of the example\n") + 24, source.indexOf("// end of the example"));

        assertThat(plain(Files.readString(Path.of("../../docs/otlp.md")))).contains(plain(example));
    }

    /** The formatter may break lines where the page does not. */
    private static String plain(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining()).replace(" ", "");
    }
}
