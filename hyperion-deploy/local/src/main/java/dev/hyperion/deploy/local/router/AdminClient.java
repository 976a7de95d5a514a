// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.router;

import dev.hyperion.Deadline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Talks to admin ports.
 *
 * <p>Thread-safety: thread-safe.
 */
final class AdminClient {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    /**
     * What a router said.
     *
     * @param status the HTTP status
     * @param body the answer
     */
    record Answer(int status, JsonTree body) {}

    /**
     * Asks and waits for the answer.
     *
     * @throws IOException if there is none in time, or it is no JSON
     * @throws InterruptedException if the caller is no longer waited for
     */
    Answer ask(FoundRouter router, String token, String method, String path, String body, Deadline deadline)
            throws IOException, InterruptedException {
        Duration left = deadline.remaining();
        if (left.isZero()) {
            throw new IOException("no time is left to ask the router");
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + router.adminPort() + path))
                .header("Authorization", "Bearer " + token)
                .timeout(left.compareTo(LONGEST) < 0 ? left : LONGEST)
                .method(method, BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        return new Answer(response.statusCode(), JsonTree.parse(response.body()));
    }
}
