// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.examples.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmbeddedServiceTest {
    private final HttpClient client = HttpClient.newHttpClient();

    private HttpResponse<String> get(EmbeddedService service, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void answersAreMeasuredByTheHyperionInside() throws Exception {
        Map<String, String> environment =
                Map.of("PORT", "0", "WORK_MILLIS", "30", "HYPERION_VERSION", "1.4.0", "HYPERION_INSTANCE_ID", "i-7");
        try (EmbeddedService service = new EmbeddedService(environment)) {
            for (int i = 0; i < 5; i++) {
                assertThat(get(service, "/quote").body()).contains("\"version\":\"1.4.0\"");
            }
            assertThat(service.hyperion()
                            .monitoring()
                            .meters()
                            .get("latency")
                            .timer()
                            .count())
                    .isEqualTo(5);
            assertThat(service.hyperion()
                            .monitoring()
                            .read("latency.p95")
                            .orElseThrow()
                            .value())
                    .isBetween(0.03, 1.0);
        }
    }

    @Test
    void itsHealthTellsWhichInstanceAnswers() throws Exception {
        try (EmbeddedService service = new EmbeddedService(Map.of("PORT", "0", "HYPERION_INSTANCE_ID", "i-7"))) {
            HttpResponse<String> health = get(service, "/api/health");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.headers().firstValue("X-Hyperion-Instance")).contains("i-7");
        }
    }
}
