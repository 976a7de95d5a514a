// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command of the operations playbook, as written there, against one live instance; each asserts a value that a test has
 * caused.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PlaybookIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private static Path home;

    private static Serving serving;

    @BeforeAll
    static void serve() throws IOException {
        String config = Files.readString(Cli.EXAMPLES.resolve("configs/hyperion.yaml"))
                .replace("port: 8086", "port: 0")
                .replace("min_replicas: 4", "min_replicas: 2");
        Path file = Files.writeString(home.resolve("hyperion.yaml"), config);
        serving = Serving.start(home, file);
    }

    @AfterAll
    static void end() throws IOException {
        serving.close();
    }

    private static Cli.Result cli(String... args) throws Exception {
        return serving.cli().run(args);
    }

    private static String done(String... args) throws Exception {
        Cli.Result result = cli(args);
        assertThat(result.exitCode()).as(result.all()).isZero();
        return result.out();
    }

    private static HttpResponse<String> get(String path, String key) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(serving.found().url() + path))
                        .header("X-API-Key", key)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(serving.found().url() + path))
                        .header("X-API-Key", serving.found().key())
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The plan of the shipped file, with a version and a bake of its own. */
    private static Path plan(String version, String rest) throws IOException {
        String text = "application: embedded-service\nversion: " + version + "\nartifact_path: "
                + Cli.EXAMPLES.resolve("embedded-service/target/embedded-service")
                + "\nhealth_interval: 200ms\nstop_grace: 5s\n" + rest;
        return Files.writeString(home.resolve("plan-" + version + ".yaml"), text);
    }

    @Test
    @Order(1)
    void theReadinessChecklistIsOpenBeforeAnythingIsDeployed() throws Exception {
        Cli.Result result = cli("readiness");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).contains("[x] monitoring center", "[ ] something is deployed");
    }

    @Test
    @Order(2)
    void deployApplyBringsTheFirstVersionIntoService() throws Exception {
        Path plan = plan("1.3.5", "desired_replicas: 2\nmax_parallel: 2\n");
        assertThat(done("deploy", "apply", plan.toString(), "--notes", "the first one"))
                .contains("for the first time", "succeeded");
        JsonNode health = JSON.readTree(get("/api/health", "").body());
        await().atMost(Duration.ofSeconds(60))
                .until(() -> JSON.readTree(get("/api/health", "").body())
                                .get("active_replicas")
                                .asInt()
                        == 2);
        assertThat(health.get("success_rate").asDouble()).isEqualTo(1.0);
    }

    @Test
    @Order(3)
    void deployStatusShowsReplicasTrafficAndTheAutoscaler() throws Exception {
        assertThat(done("deploy", "status"))
                .contains("stable:      1.3.5, 2 of 2 replicas ready", "autoscaler:", "100.0%");
    }

    @Test
    @Order(4)
    void deployPlanOfTheShippedFileWorksAsThePlaybookWritesIt() throws Exception {
        String plan = done("deploy", "plan", "configs/prod.yaml");
        assertThat(plan)
                .contains("embedded-service 1.4.0, in place of 1.3.5")
                .contains("10.0 % of the traffic to 1.4.0")
                .contains("watch 1.4.0 for 1800 s")
                .contains("rollback target: 1.3.5")
                .contains("Release manager", "SRE lead", "Product owner")
                .contains("autoscaler:");
    }

    @Test
    @Order(5)
    void latencyThatClientsCauseShowsInTheStatusAndInTheExport() throws Exception {
        URI address = URI.create(
                JSON.readTree(done("deploy", "status", "--json")).get("address").asText());
        for (int i = 0; i < 40; i++) {
            HttpResponse<String> answer = CLIENT.send(
                    HttpRequest.newBuilder(address.resolve("/quote")).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("X-Hyperion-Version")).contains("1.3.5");
        }
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode export = JSON.readTree(done("monitor", "status"));
            JsonNode course = find(export.get("performance_monitor"), "metric", "latency.p95");
            assertThat(course.get("series")).isNotEmpty();
            double p95 = course.get("series")
                    .get(course.get("series").size() - 1)
                    .get("v")
                    .asDouble();
            assertThat(p95).isBetween(0.015, 2.0);
        });
        HttpResponse<String> withKey = get("/api/monitoring", serving.found().key());
        assertThat(withKey.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(withKey.body()).has("alerts")).isTrue();
    }

    private static JsonNode find(JsonNode array, String field, String value) {
        for (JsonNode each : array) {
            if (each.get(field).asText().equals(value)) {
                return each;
            }
        }
        throw new AssertionError("no " + field + " " + value + " in " + array);
    }

    @Test
    @Order(6)
    void monitorLogsTellWhatWasDone() throws Exception {
        assertThat(done("monitor", "logs", "--limit", "20")).contains("succeeded");
        assertThat(done("monitor", "logs", "--limit", "1").lines()).hasSize(1);
    }

    @Test
    @Order(7)
    void alertsAreAddedListedAndRemoved() throws Exception {
        done("monitor", "alert", "add", "latency.p95", "gt", "1 ms", "1", "--name", "touchy");
        URI address = URI.create(
                JSON.readTree(done("deploy", "status", "--json")).get("address").asText());
        await().atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> {
                    CLIENT.send(
                            HttpRequest.newBuilder(address.resolve("/quote")).build(),
                            HttpResponse.BodyHandlers.discarding());
                    JsonNode alert = find(
                            JSON.readTree(done("monitor", "alert", "list", "--json"))
                                    .get("alerts"),
                            "name",
                            "touchy");
                    assertThat(alert.get("state").asText()).isEqualTo("firing");
                    assertThat(alert.get("origin").asText()).isEqualTo("cli");
                    assertThat(alert.get("current_hits").asInt()).isPositive();
                });
        assertThat(done("monitor", "alert", "list")).contains("latency", "gt 250 ms", "error-rate", "gt 5 errors/min");
        assertThat(done("monitor", "alert", "export"))
                .contains("expr: \"max(latency_seconds{quantile=\\\"0.95\\\"}) > 0.25\"", "- alert: \"error-rate\"");
        done("monitor", "alert", "remove", "touchy");
        assertThat(done("monitor", "alert", "list")).doesNotContain("touchy");

        done("monitor", "alert", "add", "error.rate / latency.rate", "ge", "5 %", "--for", "2m", "--by", "version");
        assertThat(done("monitor", "alert", "list")).contains("error.rate / latency.rate-ge", "ge 5 %", "no data");
        done("monitor", "alert", "remove", "error.rate / latency.rate-ge");

        done("monitor", "alert", "silence", "latency", "--for", "2h", "--who", "ada", "--why", "load test");
        assertThat(done("monitor", "alert", "silences")).contains("latency", "ada", "load test");
        assertThat(done("monitor", "alert", "list")).contains("silenced");
        String silence = JSON.readTree(done("monitor", "alert", "silences", "--json"))
                .get("silences")
                .get(0)
                .get("id")
                .asText();
        done("monitor", "alert", "unsilence", silence);
        assertThat(done("monitor", "alert", "silences")).doesNotContain("ada");
    }

    @Test
    @Order(8)
    void theAutoscalePolicyIsThatOfThePlaybook() throws Exception {
        assertThat(done("autoscale", "policy"))
                .contains(
                        "metric: cpu.utilization",
                        "scale_up_threshold: 75.0",
                        "scale_down_threshold: 25.0",
                        "scale_step: 2",
                        "max_replicas: 16",
                        "scale_up_cooldown_seconds: 120",
                        "scale_down_cooldown_seconds: 300",
                        "reviewed_on: 2025-10-10",
                        "approved_by: capacity_planning_team");
    }

    @Test
    @Order(9)
    void autoscalePlanExplainsItselfAndChangesNothing() throws Exception {
        assertThat(done("autoscale", "plan", "--replicas", "20"))
                .contains("decision:  scale-down", "replicas:  20 -> 16", "max_replicas");
        assertThat(done("autoscale", "plan")).contains("rationale:");
        assertThat(done("deploy", "status")).contains("of 2 replicas ready");
    }

    @Test
    @Order(9)
    void theWholeRecordOfAPlanIsJsonThatNamesWhatItRestsOn() throws Exception {
        JsonNode answer = JSON.readTree(done("autoscale", "plan", "--replicas", "20", "--json"));
        assertThat(answer.get("target").asInt()).isEqualTo(16);
        assertThat(answer.get("clamps").get(0).get("code").asText()).isEqualTo("above_max_replicas");
        JsonNode record = answer.get("record");
        assertThat(record.get("policy").get("kind").asText()).isEqualTo("threshold");
        assertThat(record.get("decision").get("target").asInt()).isEqualTo(16);
        assertThat(post("/api/autoscale/plan", "{\"replicas\": -1}").body())
                .contains("'replicas' is -1; expected 0 or more", "\"status\":400");
    }

    @Test
    @Order(9)
    void thePolicyInForceIsToldWithWhereEachValueStandsAndLintFindsNothing() throws Exception {
        assertThat(done("autoscale", "policy")).containsPattern("scale_step: 2 +# .*hyperion.yaml:46:15\n");
        JsonNode policy = JSON.readTree(
                get("/api/autoscale/policy", serving.found().key()).body());
        assertThat(policy.get("approved_by").asText()).isEqualTo("capacity_planning_team");
        assertThat(find(policy.get("settings"), "key", "interval").get("origin").asText())
                .isEqualTo("default");
        assertThat(policy.get("findings")).isEmpty();
        assertThat(done("autoscale", "lint")).isEqualTo("1 policy: 0 errors, 0 warnings\n");
    }

    @Test
    @Order(9)
    void thePolicyInForceIsTriedOnATraceAndOnWhatTheInstanceHasKept() throws Exception {
        Path trace = Files.writeString(
                home.resolve("load.csv"), "timestamp,value\n2026-01-01 00:00:00,30\n2026-01-01 00:30:00,90\n");
        assertThat(done("autoscale", "simulate", trace.toString(), "--capacity-per-replica", "10", "--initial", "4"))
                .contains("(of the running instance)", "replicas:  4 to 12");
        JsonNode answer = JSON.readTree(post(
                        "/api/autoscale/simulate",
                        "{\"trace\": " + JSON.writeValueAsString(Files.readString(trace))
                                + ", \"capacity_per_replica\": 10, \"initial_replicas\": 4, \"chart\": true}")
                .body());
        assertThat(answer.get("simulation").get("most_replicas").asInt()).isEqualTo(12);
        assertThat(answer.get("policy").get("scale_step").asInt()).isEqualTo(2);
        assertThat(answer.get("chart").asText()).startsWith("<svg ");

        // the replicas of this test have been watched for some seconds by now
        await().atMost(Duration.ofSeconds(60))
                .until(() -> cli("autoscale", "simulate", "--live", "cpu.utilization")
                                .exitCode()
                        == 0);
        assertThat(done("autoscale", "simulate", "--live", "cpu.utilization", "--seconds", "60"))
                .contains("trace:     cpu.utilization");
        JsonNode kept = JSON.readTree(post("/api/autoscale/simulate", "{\"metric\": \"cpu.utilization\"}")
                .body());
        assertThat(kept.get("simulation").get("decisions").asInt()).isPositive();
    }

    @Test
    @Order(9)
    void whatCannotBeTriedIsRefusedWithTheRow() throws Exception {
        HttpResponse<String> text =
                post("/api/autoscale/simulate", "{\"trace\": \"timestamp,value\\n2026-01-01 00:00:00,many\\n\"}");
        assertThat(text.statusCode()).isEqualTo(400);
        assertThat(text.body()).contains("trace:2: value 'many' is no number");
        assertThat(post("/api/autoscale/simulate", "{}").body()).contains("neither 'trace' nor 'metric'");
        assertThat(post("/api/autoscale/simulate", "{\"metric\": \"disk.usage\"}")
                        .body())
                .contains("monitoring.timeline");
        assertThat(post("/api/autoscale/simulate", "{\"trace\": \"" + "x".repeat(1 << 20) + "\"}")
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    @Order(10)
    void deployRollbackGoesBackAndIsCounted() throws Exception {
        done("deploy", "apply", plan("1.4.0", "max_parallel: 2\n").toString(), "--notes", "a change");
        assertThat(done("deploy", "status")).contains("stable:      1.4.0", "would give all traffic to 1.3.5");
        assertThat(done("deploy", "rollback", "1.3.5")).contains("succeeded");
        assertThat(done("deploy", "status")).contains("stable:      1.3.5");
        assertThat(done("deploy", "history")).contains("rollback", "\"a change\"");
        String metrics = get("/metrics", "").body();
        assertThat(metrics)
                .containsPattern("deploy_apply_success_total\\{application=\"embedded-service\"} 2(\\.0)?")
                .containsPattern("deploy_rollback_success_total\\{application=\"embedded-service\"} 1(\\.0)?")
                .contains("hyperion_health_status{status=\"up\"} 1");
    }

    @Test
    @Order(11)
    void theReadinessChecklistIsDoneOnceSomethingServes() throws Exception {
        assertThat(done("readiness")).doesNotContain("[ ]");
    }

    @Test
    @Order(12)
    void monitorResetSetsANewBaselineAndScrapersNeverSeeCountersGoBack() throws Exception {
        String before = get("/metrics", "").body();
        done("monitor", "reset");
        String after = get("/metrics", "").body();
        String counter = "deploy_apply_success_total{application=\"embedded-service\"}";
        assertThat(line(after, counter)).isEqualTo(line(before, counter));
    }

    private static String line(String metrics, String name) {
        return metrics.lines().filter(line -> line.startsWith(name)).findFirst().orElseThrow();
    }

    @Test
    @Order(13)
    void aWrongKeyIsRefusedAndCounted() throws Exception {
        Cli.Result result =
                serving.cli().run(serving.cli().process(Map.of("HYPERION_API_KEY", "wrong"), "monitor", "status"));
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("the API key is wrong").hasLineCount(1);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(get("/metrics", "").body())
                        .containsPattern("security_unauthorized_total\\{client=\"127.0.0.1\"} [1-9]"));
    }

    @Test
    @Order(14)
    void pluginsAreListed() throws Exception {
        assertThat(done("plugins")
                        .lines()
                        .map(line -> line.split("\\s+", -1)[1])
                        .toList())
                .containsAll(List.of("process", "embedded", "sqlite", "memory", "file", "log"));
    }

    @Test
    @Order(15)
    void aSecondOperatorOnTheSameDataFolderIsToldWhoLeads() throws Exception {
        Cli.Result result = cli("serve", "--data-dir", serving.dataFolder().toString(), "--port", "0");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("is led by pid", "use another data folder");
    }
}
