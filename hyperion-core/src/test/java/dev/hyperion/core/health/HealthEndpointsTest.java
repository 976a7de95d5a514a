// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hyperion.core.Hyperion;
import dev.hyperion.monitoring.HealthCheckOptions;
import dev.hyperion.monitoring.HealthFinding;
import dev.hyperion.monitoring.HealthGroup;
import dev.hyperion.monitoring.HealthStatus;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HealthEndpointsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    private Hyperion start(Map<String, Object> plugins) {
        return Hyperion.builder()
                .dataFolder(folder)
                .config(Map.of(
                        "http", Map.of("port", 0),
                        "health", Map.of("interval", "500ms", "deadline", "2s"), // more than a busy machine takes
                        "plugins", plugins))
                .start();
    }

    private HttpResponse<String> get(Hyperion hyperion, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(hyperion.address().orElseThrow().resolve(path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void anInstanceBecomesReadyOnceItsOwnChecksHaveRun() throws Exception {
        try (Hyperion hyperion = start(Map.of())) {
            await().atMost(PATIENCE)
                    .until(() -> get(hyperion, "/api/health/ready").statusCode() == 200);

            assertThat(get(hyperion, "/api/health/startup").statusCode()).isEqualTo(200);
            assertThat(get(hyperion, "/api/health/live").body())
                    .contains("\"name\":\"heartbeat\",\"status\":\"up\"", "\"name\":\"deadlock\",\"status\":\"up\"");
            assertThat(get(hyperion, "/api/health").body())
                    .contains("\"name\":\"store\",\"status\":\"up\"")
                    .contains("\"name\":\"leader\",\"status\":\"up\",\"detail\":\"leads, with epoch ")
                    .contains("\"name\":\"disk\",\"status\":\"up\"")
                    .contains("\"critical\":false", "\"groups\":[\"ready\"]")
                    .contains("\"success_rate\":null", "\"rollback_count\":0", "\"active_replicas\":0");
            assertThat(get(hyperion, "/metrics").body())
                    .contains("hyperion_health_check_status{check=\"store\",status=\"up\"} 1");
        }
    }

    @Test
    void aDependencyThatIsDownTakesReadyAndNotLive() throws Exception {
        try (Hyperion hyperion = start(Map.of())) {
            hyperion.monitoring().addHealthCheck("payments", deadline -> HealthFinding.down("no route to bank"));
            await().atMost(PATIENCE)
                    .until(() -> get(hyperion, "/api/health/ready").body().contains("no route to bank"));

            assertThat(get(hyperion, "/api/health/ready").statusCode()).isEqualTo(503);
            assertThat(get(hyperion, "/api/health").statusCode()).isEqualTo(503);
            assertThat(get(hyperion, "/api/health/live").statusCode()).isEqualTo(200);
            assertThat(get(hyperion, "/api/health/startup").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aHangingCheckDelaysNeitherTheOthersNorTheAnswer() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (Hyperion hyperion = start(Map.of())) {
            hyperion.monitoring()
                    .addHealthCheck("hanging", HealthCheckOptions.usual().notCritical(), deadline -> {
                        while (end.getCount() > 0) {
                            try {
                                end.await();
                            } catch (InterruptedException e) {
                                // it does not listen, as code of strangers may not
                            }
                        }
                        return HealthFinding.up();
                    });
            await().atMost(PATIENCE)
                    .until(() -> get(hyperion, "/api/health").body().contains("no answer within 2000 ms"));
            await().atMost(PATIENCE)
                    .until(() -> hyperion.monitoring().health(HealthGroup.READY).status() == HealthStatus.DEGRADED);
            assertThat(get(hyperion, "/api/health/ready").statusCode()).isEqualTo(200);
        } finally {
            end.countDown();
        }
    }

    @Test
    void aCheckOfAPluginIsThereIfItsSectionIs() throws Exception {
        try (Hyperion hyperion = start(Map.of("well", Map.of("finds", "degraded")))) {
            await().atMost(PATIENCE)
                    .until(() -> get(hyperion, "/api/health").body().contains("as it was told"));
            assertThat(hyperion.monitoring().health().status()).isEqualTo(HealthStatus.DEGRADED);
        }
    }

    @Test
    void aCheckOfAPluginThatThrowsIsDownWithItsReasonAndCountedAsAFailure() throws Exception {
        try (Hyperion hyperion = start(Map.of("well", Map.of("finds", "throw")))) {
            await().atMost(PATIENCE)
                    .until(() -> get(hyperion, "/api/health/ready").body().contains("the well is dry"));
            assertThat(get(hyperion, "/api/health/ready").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void aCheckOfAPluginWithoutASectionIsNotMade() {
        try (Hyperion hyperion = start(Map.of())) {
            assertThat(hyperion.monitoring().health().checks())
                    .noneMatch(check -> check.name().equals("well"));
        }
    }

    @Test
    void aMistakeInTheSectionIsTold() {
        assertThatThrownBy(() -> start(Map.of("well", Map.of("finds", "gold"))))
                .hasMessageContaining("plugins.well.finds is 'gold'; expected one of up, degraded, down, throw");
    }
}
