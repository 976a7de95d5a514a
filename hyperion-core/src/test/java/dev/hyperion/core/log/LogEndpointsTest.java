// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ConfigException;
import dev.hyperion.core.Hyperion;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogEndpointsTest {
    private static final Logger SHOP = Logger.getLogger("log.endpoints.test");

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    private Hyperion start(List<String> capture) {
        return Hyperion.builder()
                .dataFolder(folder)
                .config(Map.of(
                        "http",
                                Map.of(
                                        "port",
                                        0,
                                        "keys",
                                        Map.of(
                                                "eve", Map.of("key", "only-looking", "role", "viewer"),
                                                "op", Map.of("key", "may-change", "role", "operator"))),
                        "logs", Map.of("capture", capture)))
                .start();
    }

    private HttpResponse<String> send(Hyperion hyperion, String method, String path, String body, String key)
            throws Exception {
        return client.send(
                HttpRequest.newBuilder(hyperion.address().orElseThrow().resolve(path))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .header("X-API-Key", key)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> send(Hyperion hyperion, String method, String path, String body) throws Exception {
        return send(hyperion, method, path, body, "may-change");
    }

    @Test
    void aLevelIsRaisedForAWhileSeenInTheLogAndSetBack() throws Exception {
        try (Hyperion hyperion = start(List.of("jul"))) {
            SHOP.fine("not seen");
            HttpResponse<String> set =
                    send(hyperion, "PUT", "/api/loggers/log.endpoints.test", "{\"level\":\"debug\",\"for\":\"10m\"}");
            assertThat(set.statusCode()).isEqualTo(200);
            assertThat(set.body())
                    .contains("\"name\":\"log.endpoints.test\",\"changed\":true,\"until\":\"20")
                    .contains("{\"backend\":\"jul\",\"level\":\"debug\",\"own\":\"debug\"}");
            SHOP.fine("seen");

            HttpResponse<String> logs = send(hyperion, "GET", "/api/logs?after=0&limit=1000", "");
            assertThat(logs.body()).contains("\"message\":\"seen\"").doesNotContain("not seen");
            assertThat(logs.body()).contains("\"missed\":0,\"written\":");

            assertThat(send(hyperion, "DELETE", "/api/loggers/log.endpoints.test", "")
                            .body())
                    .contains("\"changed\":false,\"until\":null", "\"own\":null");
            assertThat(SHOP.getLevel()).isNull();
        }
    }

    @Test
    void theEndOfTheInstanceSetsLevelsBack() throws Exception {
        SHOP.setLevel(Level.WARNING);
        try (Hyperion hyperion = start(List.of("jul"))) {
            send(hyperion, "PUT", "/api/loggers/log.endpoints.test", "{\"level\":\"trace\"}");
            assertThat(SHOP.getLevel()).isEqualTo(Level.FINEST);
        }
        assertThat(SHOP.getLevel()).isEqualTo(Level.WARNING);
        SHOP.setLevel(null);
    }

    @Test
    void aViewerMayLookAtALevelAndNotSetIt() throws Exception {
        try (Hyperion hyperion = start(List.of("jul"))) {
            assertThat(send(hyperion, "GET", "/api/loggers/ROOT", "", "only-looking")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(send(hyperion, "PUT", "/api/loggers/ROOT", "{\"level\":\"debug\"}", "only-looking")
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void wrongLevelsAndDurationsAreTold() throws Exception {
        try (Hyperion hyperion = start(List.of("jul"))) {
            assertThat(send(hyperion, "PUT", "/api/loggers/a", "{\"level\":\"loud\"}")
                            .body())
                    .contains("level is 'loud'; expected one of trace, debug, info, warn, error");
            assertThat(send(hyperion, "PUT", "/api/loggers/a", "{}").body()).contains("'level' is missing");
            assertThat(send(hyperion, "PUT", "/api/loggers/a", "{\"level\":\"info\",\"for\":\"soon\"}")
                            .body())
                    .contains("'for' is 'soon'; expected a duration such as 90s or 10m");
            assertThat(send(hyperion, "GET", "/api/logs?after=-1", "").statusCode())
                    .isEqualTo(400);
            assertThat(send(hyperion, "GET", "/api/logs?after=x", "").body()).contains("expected a whole number");
        }
    }

    @Test
    void withoutABackendALevelIsRefused() throws Exception {
        try (Hyperion hyperion = start(List.of())) {
            HttpResponse<String> refused = send(hyperion, "PUT", "/api/loggers/a", "{\"level\":\"debug\"}");
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body()).contains("set logs.capture to [logback] or [jul]");
        }
    }

    @Test
    void aBackendThatIsNotThereNamesTheArtifactThatAddsIt() {
        assertThatThrownBy(() -> start(List.of("logback")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no LogBridge plugin is named 'logback': there are jul")
                .hasMessageContaining("add dev.hyperion:hyperion-logback to the class path");
    }

    @Test
    void whatNoJsonCanCarryIsReplacedAndTheRestIsTold() throws Exception {
        try (Hyperion hyperion = start(List.of())) {
            hyperion.monitoring()
                    .log(new LogEntry(
                            LogEntries.START,
                            LogLevel.INFO,
                            "shop",
                            "half \ud83d of a pair \"quoted\" \u0000",
                            Map.of()));
            assertThat(send(hyperion, "GET", "/api/logs", "").body())
                    .contains("half ? of a pair \\\"quoted\\\" \\u0000");
        }
    }
}
