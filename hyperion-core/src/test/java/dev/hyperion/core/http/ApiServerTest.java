// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.HyperionException;
import dev.hyperion.core.Hyperion;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiServerTest {
    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private Hyperion hyperion;
    private String key;

    @BeforeEach
    void serve() throws Exception {
        hyperion = Hyperion.builder()
                .dataFolder(folder)
                .config(Map.of(
                        "http",
                        Map.of(
                                "port",
                                0,
                                "burst",
                                30,
                                "rate_per_second",
                                1,
                                "keys",
                                Map.of("eve", Map.of("key", "only-looking", "role", "viewer")))))
                .start();
        key = Files.readString(folder.resolve("api-key")).strip();
    }

    @AfterEach
    void end() {
        hyperion.close();
    }

    private HttpResponse<String> send(String method, String path, String with, String body) throws Exception {
        URI uri = hyperion.address().orElseThrow().resolve(path);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!with.isEmpty()) {
            request.header("X-API-Key", with);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void theFirstStartMakesAKeyThatOnlyItsOwnerMayRead() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("api-key"))))
                .isEqualTo("rw-------");
        assertThat(send("GET", "/api/monitoring", key, "").statusCode()).isEqualTo(200);
    }

    @Test
    void withoutAKeyOrWithAWrongOneNothingIsToldAndItIsCounted() throws Exception {
        assertThat(send("GET", "/api/monitoring", "", "").statusCode()).isEqualTo(401);
        HttpResponse<String> wrong = send("GET", "/api/monitoring", "guess", "");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(wrong.body()).contains("the API key is wrong").doesNotContain(key);
        assertThat(hyperion.monitoring()
                        .meters()
                        .get("security.unauthorized")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void healthAndMetricsAreOpen() throws Exception {
        assertThat(send("GET", "/api/health", "", "").body()).contains("\"status\":\"up\"");
        assertThat(send("GET", "/metrics", "", "").body()).contains("hyperion_health_status{status=\"up\"} 1");
    }

    @Test
    void aBearerTokenIsAKeyToo() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        hyperion.address().orElseThrow().resolve("/api/logs"))
                .header("Authorization", "Bearer " + key)
                .build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aViewerMayLookAndNotChange() throws Exception {
        assertThat(send("GET", "/api/alerts", "only-looking", "").statusCode()).isEqualTo(200);
        assertThat(send("POST", "/api/monitoring/reset", "only-looking", "").statusCode())
                .isEqualTo(403);
    }

    @Test
    void whatIsNotThereIsNotFoundAndAWrongMethodNamesTheRightOnes() throws Exception {
        assertThat(send("GET", "/api/nothing", key, "").statusCode()).isEqualTo(404);
        HttpResponse<String> wrong = send("PUT", "/api/alerts", key, "");
        assertThat(wrong.statusCode()).isEqualTo(405);
        assertThat(wrong.headers().firstValue("Allow")).contains("GET, POST");
    }

    @Test
    void aBodyThatIsTooLargeOrNoJsonIsRefused() throws Exception {
        assertThat(send("POST", "/api/alerts", key, "x".repeat((1 << 20) + 1)).statusCode())
                .isEqualTo(413);
        assertThat(send("POST", "/api/alerts", key, "{").body()).contains("not JSON");
    }

    @Test
    void tooManyRequestsAreToldWhenToComeAgain() throws Exception {
        HttpResponse<String> last = send("GET", "/api/health/live", "", "");
        for (int i = 0; i < 100 && last.statusCode() != 429; i++) {
            last = send("GET", "/api/health/live", "", "");
        }
        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(last.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void anAnswerThatIsLongIsSentInChunksAndAShortOneWithItsLength() throws Exception {
        for (int i = 0; i < 2_000; i++) {
            hyperion.monitoring()
                    .meters()
                    .counter("orders", "shop", "number " + i)
                    .increment();
        }

        HttpResponse<String> metrics = send("GET", "/metrics", "", "");
        HttpResponse<String> health = send("GET", "/api/health", "", "");

        assertThat(metrics.headers().firstValue("Content-Length")).isEmpty();
        assertThat(metrics.body().lines().filter(line -> line.startsWith("orders_total{")))
                .hasSize(2_000);
        assertThat(health.headers().firstValueAsLong("Content-Length"))
                .hasValue(health.body().length());
    }

    @Test
    void whatIsRefusedIsCounted() throws Exception {
        send("POST", "/api/monitoring/reset", "only-looking", "");
        for (int i = 0; i < 100; i++) {
            send("GET", "/api/health", "", "");
        }

        MeterRegistry meters = hyperion.monitoring().meters();
        assertThat(meters.get("security.forbidden").counter().count()).isEqualTo(1);
        assertThat(meters.get("security.rate_limited")
                        .tag("client", "127.0.0.1")
                        .counter()
                        .count())
                .isPositive();
    }

    @Test
    void aPortInUseIsTold() {
        int taken = hyperion.address().orElseThrow().getPort();
        assertThatThrownBy(() -> Hyperion.builder().httpPort(taken).start())
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("HTTP port " + taken + " on 127.0.0.1 is in use");
    }

    @Test
    void anInstanceThatDeploysNothingSaysWhatToConfigure() throws Exception {
        HttpResponse<String> answer = send("POST", "/api/deploy/plan", key, "{\"config\":\"version: 1\"}");
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("deploy.backend");
    }
}
