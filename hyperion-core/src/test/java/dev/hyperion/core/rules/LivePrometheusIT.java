// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hyperion.core.Hyperion;
import dev.hyperion.core.realparts.DebianProgram;
import dev.hyperion.core.realparts.ServerProcess;
import dev.hyperion.monitoring.AlertState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Prometheus of the Debian package that scrapes a running instance and evaluates the rules that it exports. */
@Timeout(120)
class LivePrometheusIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void aPrometheusThatScrapesUsRaisesTheAlertsThatWeRaise() throws Exception {
        DebianProgram.PROMETHEUS.path();
        AtomicReference<Double> queue = new AtomicReference<>(3.0);
        try (Hyperion hyperion = Hyperion.builder()
                .dataFolder(folder.resolve("data"))
                .config(Map.of(
                        "http", Map.of("port", 0),
                        "monitoring", Map.of("interval", "100ms", "alert_interval", "1s"),
                        "alerts",
                                List.of(
                                        Map.of(
                                                "name", "backlog",
                                                "metric", "queue.length",
                                                "threshold", "10",
                                                "hits", 3,
                                                "by", List.of("pool"),
                                                "severity", "critical",
                                                "labels", Map.of("team", "shop")),
                                        Map.of(
                                                "name",
                                                "quiet",
                                                "metric",
                                                "orders.rate",
                                                "threshold",
                                                "1000 orders/s"))))
                .start()) {
            hyperion.monitoring()
                    .meters()
                    .gauge(
                            "queue.length",
                            List.of(io.micrometer.core.instrument.Tag.of("pool", "a")),
                            queue,
                            AtomicReference::get);
            hyperion.monitoring().meters().counter("orders").increment();
            URI address = hyperion.address().orElseThrow();
            Files.writeString(folder.resolve("rules.yml"), rules(address));

            try (ServerProcess prometheus = ServerProcess.prometheus(folder, """
                    global: {scrape_interval: 1s, evaluation_interval: 1s}
                    rule_files: [rules.yml]
                    scrape_configs:
                      - job_name: shop
                        static_configs: [{targets: ['%s']}]
                    """.formatted(address.getAuthority()))) {
                await().atMost(PATIENCE)
                        .until(() -> prometheus
                                .get("/api/v1/query?query=queue_length")
                                .body()
                                .contains("\"3\""));
                assertThat(prometheus.get("/api/v1/alerts").body()).contains("\"alerts\":[]");

                queue.set(99.0);
                await().atMost(PATIENCE)
                        .until(() -> prometheus.get("/api/v1/alerts").body().contains("\"state\":\"firing\""));
                // the very labels that the notifier for the Alertmanager sends
                assertThat(prometheus.get("/api/v1/alerts").body())
                        .contains("\"labels\":{\"alertname\":\"backlog\",\"pool\":\"a\",\"severity\":\"critical\","
                                + "\"team\":\"shop\"}")
                        .doesNotContain("quiet");
                await().atMost(PATIENCE)
                        .until(() -> hyperion.monitoring().alerts().get(0).state() == AlertState.FIRING);

                queue.set(1.0);
                await().atMost(PATIENCE)
                        .until(() -> prometheus.get("/api/v1/alerts").body().contains("\"alerts\":[]"));
                assertThat(prometheus.get("/api/v1/rules").body()).doesNotContain("\"health\":\"err\"");
            }
        }
    }

    private String rules(URI address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/api/alerts/rules.yaml"))
                .header(
                        "X-API-Key",
                        Files.readString(folder.resolve("data/api-key")).strip())
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/yaml; charset=utf-8");
        return answer.body();
    }
}
