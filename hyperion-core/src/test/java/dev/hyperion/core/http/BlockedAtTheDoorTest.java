// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hyperion.core.Hyperion;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The playbook's third rule from end to end: who tries keys is counted, the rule fires, and the endpoints are closed to it. */
class BlockedAtTheDoorTest {
    private static final String KEY = "may-change-things-0123456789";

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    private Hyperion start(boolean blockLoopback) {
        return Hyperion.builder()
                .dataFolder(folder)
                .config(Map.of(
                        "store",
                        "sqlite",
                        "http",
                        Map.of("port", 0, "keys", Map.of("op", Map.of("key", KEY, "role", "operator"))),
                        "monitoring",
                        Map.of("interval", "100ms", "alert_interval", "100ms"),
                        "alerting",
                        Map.of("block_loopback", blockLoopback),
                        "alerts",
                        List.of(Map.of(
                                "metric",
                                "security.unauthorized",
                                "threshold",
                                "10 requests/min",
                                "by",
                                List.of("client"),
                                "action",
                                "block-ip",
                                "block_for",
                                "10m"))))
                .start();
    }

    private HttpResponse<String> ask(Hyperion hyperion, String key) throws Exception {
        return client.send(
                HttpRequest.newBuilder(hyperion.address().orElseThrow().resolve("/api/alerts"))
                        .header("X-API-Key", key)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void whoTriesKeysIsKeptOutWithAnyKeyAndAfterARestartToo() throws Exception {
        try (Hyperion hyperion = start(true)) {
            assertThat(ask(hyperion, KEY).statusCode()).isEqualTo(200);
            for (int i = 0; i < 11; i++) {
                assertThat(ask(hyperion, "guess " + i).statusCode()).isIn(401, 403);
            }

            await().atMost(Duration.ofSeconds(30))
                    .until(() -> ask(hyperion, KEY).statusCode() == 403);
            assertThat(ask(hyperion, KEY).body()).contains("127.0.0.1 is blocked; ask the operators");
            assertThat(hyperion.monitoring()
                            .meters()
                            .get("security.blocked")
                            .counter()
                            .count())
                    .isPositive();
        }
        try (Hyperion again = start(true)) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> ask(again, KEY).body().contains("127.0.0.1 is blocked"));
        }
    }
}
