// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.monitoring.AlertStatus;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.monitoring.LogQuery;
import dev.hyperion.monitoring.MonitoringCenter;
import io.micrometer.core.instrument.Timer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedServiceTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    private EmbeddedService start(String... settings) throws Exception {
        Map<String, String> environment = new HashMap<>(Map.of(
                "PORT", "0",
                "WORK_MILLIS", "30",
                "DATA_FOLDER", folder.toString(),
                "HYPERION_CONFIG", "src/main/config/hyperion.yaml",
                "HYPERION_VERSION", "1.4.0",
                "HYPERION_INSTANCE_ID", "i-7"));
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        return new EmbeddedService(environment);
    }

    private HttpResponse<String> get(EmbeddedService service, String path, String... headers) throws Exception {
        return get(URI.create("http://127.0.0.1:" + service.port() + path), headers);
    }

    private HttpResponse<String> get(URI uri, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI hyperion(EmbeddedService service, String path) {
        return service.hyperion().address().orElseThrow().resolve(path);
    }

    @Test
    void answersAreMeasuredByTheHyperionInside() throws Exception {
        try (EmbeddedService service = start()) {
            for (int i = 0; i < 5; i++) {
                assertThat(get(service, "/quote").body()).contains("\"version\":\"1.4.0\"");
            }
            MonitoringCenter monitoring = service.hyperion().monitoring();

            // a request is measured to its very end, which the client does not wait for
            Timer latency =
                    monitoring.meters().get("latency").tag("route", "/quote").timer();
            while (latency.count() < 5) {
                Thread.onSpinWait();
            }
            assertThat(latency.count()).isEqualTo(5);
            assertThat(monitoring.read("latency.p95").orElseThrow().value()).isBetween(0.03, 5.0);
            assertThat(monitoring.read("quote.length.max").orElseThrow().value())
                    .isBetween(10.0, 40.0);
            assertThat(monitoring.alerts().stream().map(AlertStatus::rule))
                    .extracting(rule -> rule.name())
                    .containsExactly("failing", "slow");
        }
    }

    @Test
    void whatItLogsCanBeReadThroughHyperion() throws Exception {
        try (EmbeddedService service = start()) {
            assertThat(service.hyperion().monitoring().logs(new LogQuery(100, LogLevel.INFO)))
                    .extracting(LogEntry::message)
                    .anyMatch(message -> message.startsWith("serving version 1.4.0 on port " + service.port()));
        }
    }

    @Test
    void itsHealthTellsWhichInstanceAnswers() throws Exception {
        try (EmbeddedService service = start()) {
            HttpResponse<String> health = get(service, "/api/health");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.headers().firstValue("X-Hyperion-Instance")).contains("i-7");
            assertThat(get(hyperion(service, "/api/health/live")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aScrapeLinksARequestToItsTrace() throws Exception {
        try (EmbeddedService service = start()) {
            String scraped = "";
            for (int i = 0; i < 200 && !scraped.contains(TRACE); i++) { // exemplars are wanted anew each second
                get(service, "/quote", "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
                scraped = get(hyperion(service, "/metrics"), "Accept", "application/openmetrics-text; version=1.0.0")
                        .body();
            }
            assertThat(scraped)
                    .containsPattern(
                            "latency_seconds_bucket\\{.*route=\"/quote\".*} \\d+ # \\{.*trace_id=\"" + TRACE + "\"");
        }
    }

    @Test
    void theTimelineIsThereAgainAfterARestart() throws Exception {
        try (EmbeddedService service = start()) {
            for (int i = 0; i < 100; i++) {
                get(service, "/quote");
            }
        }
        try (EmbeddedService again = start()) {
            String key = Files.readString(folder.resolve("api-key")).strip();
            assertThat(get(hyperion(again, "/api/timeline?metric=latency.p95&seconds=600"), "X-API-Key", key)
                            .body())
                    .containsPattern("\"v\":0\\.0\\d+");
        }
    }
}
