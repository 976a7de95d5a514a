// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target policy on real replicas: it reads each of them, and every face tells it as it tells the other kind. */
class TargetPolicyIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path home;

    private static Serving serving;

    @BeforeAll
    static void deploy() throws Exception {
        Path config = Files.writeString(home.resolve("hyperion.yaml"), """
                store: sqlite
                http: {port: 0}
                autoscale:
                  policy: target
                  metrics:
                    - {type: utilization, metric: cpu.utilization, target: 90}
                    - {type: average, metric: cpu.utilisation, target: 5}
                  min_replicas: 2
                  max_replicas: 4
                  interval: 1h
                deploy: {backend: process, router: embedded, interval: 200ms}
                """);
        serving = Serving.start(home, config);
        serving.deploy("embedded-service", 2);
    }

    @AfterAll
    static void end() throws IOException {
        serving.close();
    }

    private static String done(String... args) throws Exception {
        Cli.Result result = serving.cli().run(args);
        assertThat(result.exitCode()).as(result.all()).isZero();
        return result.out();
    }

    @Test
    void aPlanReadsEveryReplicaAndSaysWhichMetricNobodyRecords() throws Exception {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(done("autoscale", "plan"))
                        .containsPattern("reading:   cpu.utilization = [0-9.]+ \\(2 of 2 replicas, ")
                        .contains("reading:   cpu.utilisation = none (no metric source knows cpu.utilisation"));
        // a metric that cannot be read never removes a replica
        assertThat(done("autoscale", "plan")).contains("decision:  no-op", "replicas:  2 -> 2");
        assertThat(done("autoscale", "plan", "--replicas", "9")).contains("scale-down", "9 -> 4", "above_max_replicas");
    }

    @Test
    void theRecordHasAReadingForEachReplica() throws Exception {
        JsonNode record = JSON.readTree(done("autoscale", "plan", "--json")).get("record");
        assertThat(record.get("policy").get("kind").asText()).isEqualTo("target");
        assertThat(record.findValues("started_at")).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void statusPolicyAndReadinessTellIt() throws Exception {
        assertThat(done("deploy", "status")).contains("2 of 2 replicas ready", "autoscaler:  no-op, ");
        assertThat(done("autoscale", "policy"))
                .containsPattern("metrics\\[0\\].target: 90 +# .*hyperion.yaml:6:60\n")
                .containsPattern("tolerance: 0.1 +# default\n");
        assertThat(serving.cli().run("readiness").out())
                .contains("[x] autoscaler policy in force           target: cpu.utilization at 90, ");
    }
}
