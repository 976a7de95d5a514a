// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator is killed while a canary is watched: nobody notices, and the next one brings it to an end. */
class OperatorKillIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path home;

    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();

    private Path plan(String version, String rest) throws Exception {
        return Files.writeString(
                home.resolve("plan-" + version + ".yaml"),
                "application: shop\nversion: " + version + "\nartifact_path: "
                        + Cli.EXAMPLES.resolve("embedded-service/target/embedded-service")
                        + "\ndesired_replicas: 2\nmax_parallel: 2\nhealth_interval: 200ms\nstop_grace: 5s\n" + rest);
    }

    private void ask(URI address) {
        while (!over.get()) {
            try {
                HttpResponse<Void> answer = client.send(
                        HttpRequest.newBuilder(address.resolve("/quote")).build(),
                        HttpResponse.BodyHandlers.discarding());
                (answer.statusCode() == 200 ? answered : failed).incrementAndGet();
            } catch (Exception e) {
                failed.incrementAndGet();
            }
        }
    }

    /** By HTTP, as the command line asks: a JVM for each question would be slower than what is watched. */
    private JsonNode status(Serving serving) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(serving.found().url().resolve("/api/deploy/status"))
                        .header("X-API-Key", serving.found().key())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static Set<String> replicas(JsonNode status) {
        Set<String> ids = new TreeSet<>();
        status.get("versions")
                .forEach(version -> version.get("replicas")
                        .forEach(replica -> ids.add(replica.get("id").asText())));
        return ids;
    }

    @Test
    void nobodyNoticesAndTheNextOperatorEndsTheRollout() throws Exception {
        Path config = Files.writeString(home.resolve("hyperion.yaml"), """
                store: sqlite
                http: {port: 0}
                deploy: {backend: process, router: embedded, interval: 200ms}
                """);
        try (Serving serving = Serving.start(home, config)) {
            Cli.Result first =
                    serving.cli().run("deploy", "apply", plan("1.3.5", "").toString());
            assertThat(first.exitCode()).as(first.all()).isZero();
            URI address = URI.create(status(serving).get("address").asText());
            Thread asking = new Thread(() -> ask(address));
            asking.start();
            Path canary = plan("1.4.0", """
                    enable_canary: true
                    canary_traffic_percent: 10
                    canary: {bake: 8s, analysis: {interval: 1s, min_samples: 5, warm_up: 1s}}
                    """);
            assertThat(serving.cli()
                            .run("deploy", "apply", canary.toString(), "--no-wait")
                            .exitCode())
                    .isZero();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> status(serving)
                            .path("rollout")
                            .path("step_description")
                            .asText()
                            .startsWith("watch"));
            Set<String> before = replicas(status(serving));
            assertThat(before).hasSize(3);

            serving.kill();
            int answeredThen = answered.get();
            await().atMost(Duration.ofSeconds(60)).until(() -> answered.get() > answeredThen + 100);
            serving.restart();

            assertThat(replicas(status(serving)))
                    .as("adopted, not started anew")
                    .containsAll(before);
            await().atMost(Duration.ofSeconds(90))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> status(serving)
                            .get("last_rollout")
                            .get("state")
                            .asText()
                            .matches("succeeded|rolled_back|held"));
            JsonNode end = status(serving);
            assertThat(end.get("last_rollout").get("state").asText()).isEqualTo("succeeded");
            assertThat(end.get("stable").asText()).isEqualTo("1.4.0");
            assertThat(end.get("versions")).hasSize(1);
            over.set(true);
            asking.join();
            assertThat(failed.get()).as("failed of " + answered.get()).isZero();
        }
    }
}
