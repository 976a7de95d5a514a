// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.process;

import dev.hyperion.deploy.local.os.ProcessIdentity;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Asks replicas whether they are ready. An open port is not enough: the answer must come from the replica itself, known by its
 * instance id in the header {@code X-Hyperion-Instance}, or by the socket that it listens on.
 *
 * <p>Thread-safety: thread-safe.
 */
final class Prober {
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final Duration timeout;

    Prober(Duration timeout) {
        this.timeout = timeout;
    }

    /** Asks once; completes with why it is not ready, empty if it is; never exceptionally. */
    CompletableFuture<Optional<String>> ask(String id, int port, String path, ProcessIdentity shim) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(timeout)
                .GET()
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                .handle((response, failure) -> {
                    if (failure != null) {
                        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                        return Optional.of(request.uri() + " does not answer ("
                                + cause.getClass().getSimpleName() + ")");
                    }
                    return judge(id, port, request, response, shim);
                })
                .exceptionally(e -> Optional.of("its answer could not be checked: " + e.getMessage()));
    }

    private static Optional<String> judge(
            String id, int port, HttpRequest request, HttpResponse<Void> response, ProcessIdentity shim) {
        Optional<String> instance = response.headers().firstValue("X-Hyperion-Instance");
        if (instance.isPresent() && !instance.get().equals(id)) {
            return Optional.of("port " + port + " is answered by instance " + instance.get() + ", not by this replica");
        }
        if (instance.isEmpty() && !ProcTable.read().listens(shim.pid(), port)) {
            return Optional.of("port " + port + " is answered by another process, not by this replica");
        }
        return response.statusCode() / 100 == 2
                ? Optional.empty()
                : Optional.of(request.uri() + " answers " + response.statusCode());
    }
}
