// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.sun.net.httpserver.HttpServer;
import dev.hyperion.core.Hyperion;
import dev.hyperion.core.realparts.DebianProgram;
import dev.hyperion.core.realparts.ServerProcess;
import dev.hyperion.core.registry.HyperionMeterRegistry;
import dev.hyperion.core.registry.RecentWindow;
import dev.hyperion.core.registry.RegistrySettings;
import dev.hyperion.monitoring.TraceContext;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Timer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real Prometheus scrapes a real instance of ours, and is asked what it has understood. */
class PrometheusScrapesTest {
    private static final int RECORDS = 5_000;
    private static final String KEY = "only-for-the-scraper";

    @TempDir
    private Path folder;

    /** Latencies as services have them: log-normal around 20 ms. */
    private static long[] latencies() {
        Random random = new Random(42);
        long[] nanos = new long[RECORDS];
        Arrays.setAll(nanos, i -> (long) (20e6 * Math.exp(0.8 * random.nextGaussian())));
        return nanos;
    }

    private static double exact(long[] nanos, double quantile) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(quantile * sorted.length) - 1] / 1e9;
    }

    private Hyperion instance(String histograms) {
        return Hyperion.builder()
                .config(Map.of(
                        "http",
                        Map.of(
                                "port",
                                0,
                                "metrics",
                                "key",
                                "histograms",
                                histograms,
                                "keys",
                                Map.of("scraper", Map.of("key", KEY, "role", "viewer")))))
                .start();
    }

    private static String scraping(int port) {
        return """
                global: {scrape_interval: 1s}
                scrape_configs:
                  - job_name: hyperion
                    authorization: {credentials: %s}
                    static_configs: [{targets: ['127.0.0.1:%d']}]
                """.formatted(KEY, port);
    }

    /** The value of a query that has one result; empty while it has none. */
    private static Optional<Double> ask(ServerProcess prometheus, String query) throws Exception {
        String body = prometheus
                .get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
                .body();
        try (JsonParser json = new JsonFactory().createParser(body)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME && "value".equals(json.currentName())) {
                    json.nextToken();
                    json.nextToken();
                    json.nextToken();
                    return Optional.of(Double.valueOf(json.getText().replace("+Inf", "Infinity")));
                }
            }
        }
        return Optional.empty();
    }

    private static double await(ServerProcess prometheus, String query) {
        return Awaitility.await(query)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> ask(prometheus, query), Optional::isPresent)
                .orElseThrow();
    }

    @Test
    void aNativeHistogramGivesItsQuantilesWithinFivePercentAndItsCountAndSumExactly() throws Exception {
        DebianProgram.PROMETHEUS.path();
        long[] nanos = latencies();
        try (Hyperion hyperion = instance("native")) {
            Timer timer = hyperion.monitoring().meters().timer("latency", "version", "1.4.0");
            Arrays.stream(nanos).forEach(each -> timer.record(each, TimeUnit.NANOSECONDS));
            try (ServerProcess prometheus = ServerProcess.prometheus(
                    folder,
                    scraping(hyperion.address().orElseThrow().getPort()),
                    "--enable-feature=native-histograms")) {

                assertThat(await(prometheus, "histogram_count(latency_seconds)"))
                        .isEqualTo(RECORDS);
                assertThat(await(prometheus, "histogram_sum(latency_seconds)"))
                        .isCloseTo(Arrays.stream(nanos).sum() / 1e9, within(1e-9));
                for (double quantile : new double[] {0.01, 0.5, 0.9, 0.95, 0.99, 0.999}) {
                    double exact = exact(nanos, quantile);
                    assertThat(await(prometheus, "histogram_quantile(" + quantile + ", latency_seconds)"))
                            .as("p%s", quantile * 100)
                            .isCloseTo(exact, within(0.05 * exact));
                }
                assertThat(await(prometheus, "latency_seconds_max{version=\"1.4.0\"}"))
                        .isCloseTo(exact(nanos, 1), within(0.01 * exact(nanos, 1)));
                assertThat(await(prometheus, "up")).isEqualTo(1);
            }
        }
    }

    @Test
    void aClassicHistogramHasItsCountsAndQuantilesWithinABucket() throws Exception {
        DebianProgram.PROMETHEUS.path();
        long[] nanos = latencies();
        try (Hyperion hyperion = instance("classic")) {
            Timer timer = hyperion.monitoring().meters().timer("latency");
            Arrays.stream(nanos).forEach(each -> timer.record(each, TimeUnit.NANOSECONDS));
            try (ServerProcess prometheus = ServerProcess.prometheus(
                    folder, scraping(hyperion.address().orElseThrow().getPort()))) {

                assertThat(await(prometheus, "latency_seconds_count")).isEqualTo(RECORDS);
                assertThat(await(prometheus, "latency_seconds_bucket{le=\"+Inf\"}"))
                        .isEqualTo(RECORDS);
                double upTo =
                        Arrays.stream(nanos).filter(each -> each <= 25_000_000).count();
                assertThat(await(prometheus, "latency_seconds_bucket{le=\"0.025\"}"))
                        .isCloseTo(upTo, within(0.02 * upTo));
                assertThat(await(prometheus, "histogram_quantile(0.95, latency_seconds_bucket)"))
                        .isBetween(0.05, 0.1);
            }
        }
    }

    @Test
    void aSummaryHasTheQuantilesThatHyperionTells() throws Exception {
        DebianProgram.PROMETHEUS.path();
        long[] nanos = latencies();
        try (Hyperion hyperion = instance("summary")) {
            Timer timer = hyperion.monitoring().meters().timer("latency");
            Arrays.stream(nanos).forEach(each -> timer.record(each, TimeUnit.NANOSECONDS));
            hyperion.monitoring()
                    .meters()
                    .counter("orders", "what", "a \"b\" \\ \n 日本")
                    .increment(3);
            try (ServerProcess prometheus = ServerProcess.prometheus(
                    folder, scraping(hyperion.address().orElseThrow().getPort()))) {

                double exact = exact(nanos, 0.95);
                assertThat(await(prometheus, "latency_seconds{quantile=\"0.95\"}"))
                        .isCloseTo(exact, within(0.01 * exact));
                assertThat(await(prometheus, "latency_seconds_sum"))
                        .isCloseTo(Arrays.stream(nanos).sum() / 1e9, within(1e-9));
                assertThat(await(prometheus, "orders_total{what=\"a \\\"b\\\" \\\\ \\n 日本\"}"))
                        .isEqualTo(3);
                assertThat(await(prometheus, "hyperion_health_status{status=\"up\"}"))
                        .isEqualTo(1);
            }
        }
    }

    /** Prometheus itself decides what it asks for: protobuf with native histograms switched on, OpenMetrics without. */
    @ParameterizedTest
    @EnumSource(
            value = ExpositionFormat.class,
            names = {"OPENMETRICS_1_0_0", "PROTOBUF"})
    void exemplarsOfTimersAndCountersReachPrometheus(ExpositionFormat format) throws Exception {
        DebianProgram.PROMETHEUS.path();
        TraceContext traces =
                () -> Optional.of(new TraceContext.Span("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"));
        HyperionMeterRegistry registry = new HyperionMeterRegistry(
                Clock.SYSTEM, RegistrySettings.defaults().withTraces(traces));
        PrometheusText exposition = new PrometheusText(
                registry,
                RecentWindow.since(PrometheusTextTest::creation),
                new ExpositionSettings(ExpositionSettings.Distributions.NATIVE));
        Timer timer = registry.timer("latency");
        Counter counter = registry.counter("orders");
        registry.armExemplars();
        timer.record(37, TimeUnit.MILLISECONDS);
        counter.increment(2);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            try (exchange) {
                ExpositionFormat asked =
                        ExpositionFormat.forAccept(exchange.getRequestHeaders().getFirst("Accept"));
                exchange.getResponseHeaders().set("Content-Type", asked.contentType());
                exchange.sendResponseHeaders(asked == format ? 200 : 406, 0);
                exposition.write(asked, exchange.getResponseBody());
            }
        });
        server.start();
        String features =
                format == ExpositionFormat.PROTOBUF ? "exemplar-storage,native-histograms" : "exemplar-storage";
        try (ServerProcess prometheus = ServerProcess.prometheus(
                folder, scraping(server.getAddress().getPort()), "--enable-feature=" + features)) {
            for (String series : new String[] {
                format == ExpositionFormat.PROTOBUF ? "latency_seconds" : "latency_seconds_bucket", "orders_total"
            }) {
                String told = Awaitility.await("exemplars of " + series)
                        .atMost(Duration.ofSeconds(30))
                        .pollInterval(Duration.ofMillis(200))
                        .until(
                                () -> prometheus
                                        .get("/api/v1/query_exemplars?start=0&end=9999999999&query=" + series)
                                        .body(),
                                body -> body.contains("trace_id"));
                assertThat(told)
                        .contains("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")
                        .contains(series.equals("orders_total") ? "\"value\":\"2\"" : "\"value\":\"0.037\"");
            }
        } finally {
            server.stop(0);
        }
    }

    /** It reads Prometheus text only; OpenMetrics and protobuf are read by Prometheus itself above. */
    @ParameterizedTest
    @EnumSource(ExpositionSettings.Distributions.class)
    void promtoolFindsNothingToComplainAbout(ExpositionSettings.Distributions distributions) throws Exception {
        Path promtool = DebianProgram.PROMTOOL.path();
        HyperionMeterRegistry registry = new HyperionMeterRegistry(Clock.SYSTEM);
        registry.timer("latency", "version", "1").record(3, TimeUnit.MILLISECONDS);
        Timer.builder("slo")
                .serviceLevelObjectives(Duration.ofMillis(5))
                .register(registry)
                .record(2, TimeUnit.MILLISECONDS);
        registry.counter("security.unauthorized", "client", "10.0.0.1").increment();
        registry.summary("response.size").record(12);
        LongTaskTimer.builder("backup").register(registry).start();
        Gauge.builder("queueDepth", () -> 5).register(registry);
        Path text = folder.resolve("metrics.txt");
        try (var out = Files.newOutputStream(text)) {
            new PrometheusText(
                            registry,
                            RecentWindow.since(PrometheusTextTest::creation),
                            new ExpositionSettings(distributions))
                    .write(ExpositionFormat.PROMETHEUS_0_0_4, out);
        }

        Process check = new ProcessBuilder(promtool.toString(), "check", "metrics")
                .redirectInput(text.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(check.waitFor()).as(said + Files.readString(text)).isZero();
        assertThat(said).isEmpty();
    }
}
