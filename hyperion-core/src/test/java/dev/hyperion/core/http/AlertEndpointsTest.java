// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.core.Hyperion;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertStatus;
import dev.hyperion.monitoring.Severity;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertEndpointsTest {
    private static final String KEY = "the-operator";

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private Hyperion hyperion;

    @BeforeEach
    void serve() {
        hyperion = Hyperion.builder()
                .dataFolder(folder)
                .config(Map.of(
                        "http",
                        Map.of(
                                "port",
                                0,
                                "keys",
                                Map.of(
                                        "op",
                                        Map.of("key", KEY, "role", "operator"),
                                        "eve",
                                        Map.of("key", "only-looking"))),
                        "contacts",
                        Map.of("sre", Map.of("primary", "sre-oncall@example.com"))))
                .start();
    }

    @AfterEach
    void end() {
        hyperion.close();
    }

    private HttpResponse<String> send(String method, String path, String key, String body) throws Exception {
        URI uri = URI.create(hyperion.address().orElseThrow() + path);
        return client.send(
                HttpRequest.newBuilder(uri)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .header("X-API-Key", key)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aRuleIsAddedWithEveryKeyAndShownWithWhyItHasNoData() throws Exception {
        HttpResponse<String> added = send("POST", "/api/alerts", KEY, """
                {"metric": "jobs.failed.rate / jobs.done.rate", "comparison": "ge", "threshold": "5 %",
                 "clear_threshold": "2 %", "hits": 3, "for": "1m", "by": ["queue"], "labels": {"team": "billing"},
                 "severity": "critical", "contact": "sre", "runbook": "https://example.com/r", "origin": "cli"}
                """);

        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        assertThat(added.body())
                .contains("\"state\":\"inactive\"", "\"no_data\":true", "\"contact\":\"sre\"", "\"origin\":\"cli\"");
        List<AlertStatus> alerts = hyperion.monitoring().alerts();
        assertThat(alerts).hasSize(1);
        AlertRule rule = alerts.get(0).rule();
        assertThat(rule.name()).isEqualTo("jobs.failed.rate / jobs.done.rate-ge");
        assertThat(rule.by()).isEqualTo(Set.of("queue"));
        assertThat(rule.lasting()).isEqualTo(Duration.ofMinutes(1));
        assertThat(rule.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(rule.labels()).isEqualTo(Map.of("team", "billing"));
        assertThat(rule.annotations()).isEqualTo(Map.of(AlertRule.RUNBOOK, "https://example.com/r"));

        assertThat(send("POST", "/api/alerts", KEY, "{\"metric\": \"jobs.done\", \"threshold\": \"5\"}")
                        .body())
                .as("who does not say where from asks over HTTP")
                .contains("\"origin\":\"api\"");

        String name = "jobs.failed.rate%20%2F%20jobs.done.rate-ge";
        assertThat(send("DELETE", "/api/alerts/" + name, KEY, "").statusCode()).isEqualTo(200);
        assertThat(send("DELETE", "/api/alerts/" + name, KEY, "").statusCode()).isEqualTo(404);
    }

    @Test
    void aRuleThatMakesNoSenseIsRefusedAndSaysWhy() throws Exception {
        for (Map.Entry<String, String> each : Map.of(
                        "{\"metric\": \"latency.p95\", \"threshold\": \"5 MiB\"}", "does not fit latency.p95",
                        "{\"metric\": \"latency.p95\", \"threshold\": \"5 parsecs\"}", "'parsecs' is not known",
                        "{\"metric\": \"latency.p95\", \"threshold\": \"1 s\", \"hits\": 0}", "hits",
                        "{\"metric\": \"latency.p95\", \"threshold\": \"1 s\", \"notify\": [\"pigeon\"]}", "'pigeon'",
                        "{\"metric\": \"latency.p95\", \"threshold\": \"1 s\", \"by\": [[1]]}", "'by'",
                        "{\"threshold\": \"1 s\"}", "metric")
                .entrySet()) {
            HttpResponse<String> answer = send("POST", "/api/alerts", KEY, each.getKey());
            assertThat(answer.statusCode()).as(each.getKey()).isEqualTo(400);
            assertThat(answer.body()).contains(each.getValue());
        }
        assertThat(hyperion.monitoring().alerts()).isEmpty();
    }

    @Test
    void aSilenceIsMadeListedAndEnded() throws Exception {
        HttpResponse<String> made =
                send("POST", "/api/silences", KEY, "{\"rule\": \"*\", \"for\": \"2h\", \"who\": \"ada\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        String id = hyperion.monitoring().silences().get(0).id();
        assertThat(made.body()).contains(id, "\"who\":\"ada\"");
        assertThat(send("GET", "/api/silences", "only-looking", "").body()).contains(id);

        assertThat(send("DELETE", "/api/silences/" + id, "only-looking", "").statusCode())
                .isEqualTo(403);
        assertThat(send("DELETE", "/api/silences/" + id, KEY, "").statusCode()).isEqualTo(200);
        assertThat(send("DELETE", "/api/silences/" + id, KEY, "").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/api/silences", KEY, "").body()).isEqualTo("{\"silences\":[]}");

        HttpResponse<String> past =
                send("POST", "/api/silences", KEY, "{\"rule\": \"slow\", \"until\": \"2020-01-01T00:00:00Z\"}");
        assertThat(past.statusCode()).isEqualTo(400);
        assertThat(past.body()).contains("which has passed");
    }
}
