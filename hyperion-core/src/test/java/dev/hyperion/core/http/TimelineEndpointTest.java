// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.core.Hyperion;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimelineEndpointTest {
    @TempDir
    private Path folder;

    private Hyperion started() {
        return Hyperion.builder()
                .dataFolder(folder)
                .config(Map.of("http", Map.of("port", 0)))
                .start();
    }

    private HttpResponse<String> get(Hyperion hyperion, String metric, String rest) throws Exception {
        URI uri = hyperion.address()
                .orElseThrow()
                .resolve("/api/timeline?metric=" + URLEncoder.encode(metric, StandardCharsets.UTF_8) + rest);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("X-API-Key", Files.readString(folder.resolve("api-key")).strip())
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void whatWasRecordedBeforeARestartIsToldAfterIt() throws Exception {
        try (Hyperion hyperion = started()) {
            hyperion.monitoring().meters().counter("error").increment(7);
        }
        try (Hyperion hyperion = started()) {
            HttpResponse<String> told = get(hyperion, "error.sum", "&seconds=600&step=600");

            assertThat(told.statusCode()).isEqualTo(200);
            assertThat(told.body())
                    .contains("\"metric\":\"error.sum\"", "\"resolution_seconds\":600.0")
                    .containsPattern("\"series\":\\[.*\"v\":7\\.0");
        }
    }

    @Test
    void aMetricThatIsNotKeptAndAStepThatIsNoneAreRefused() throws Exception {
        try (Hyperion hyperion = started()) {
            assertThat(get(hyperion, "disk.usage", "").statusCode()).isEqualTo(400);
            assertThat(get(hyperion, "disk.usage", "").body()).contains("monitoring.timeline", "latency.p95");
            assertThat(get(hyperion, "latency.p95", "&step=0").body()).contains("step is 0; expected 1 or more");
            assertThat(get(hyperion, "latency.p95", "&step=x").statusCode()).isEqualTo(400);
        }
    }
}
