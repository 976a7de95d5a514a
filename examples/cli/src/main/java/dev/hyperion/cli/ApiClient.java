// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Speaks with one instance over its HTTP endpoints. */
final class ApiClient {
    static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
    private final URI url;
    private final String key;

    ApiClient(URI url, String key) {
        this.url = url;
        this.key = key;
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20"); // in a path + is a plus
    }

    JsonNode get(String path) {
        return send(request(path).GET());
    }

    /** An answer that is no JSON, as it is; what the instance refuses is JSON all the same. */
    String text(String path) {
        HttpResponse<String> response = exchange(request(path).GET());
        if (response.statusCode() / 100 != 2) {
            read(response);
        }
        return response.body();
    }

    JsonNode delete(String path) {
        return send(request(path).DELETE());
    }

    JsonNode put(String path, ObjectNode body) {
        return send(request(path).PUT(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    JsonNode post(String path, ObjectNode body) {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body.toString())));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url.toString().replaceAll("/$", "") + path))
                .timeout(Duration.ofMinutes(3))
                .header("X-API-Key", key)
                .header("Content-Type", "application/json");
    }

    private JsonNode send(HttpRequest.Builder request) {
        return read(exchange(request));
    }

    private HttpResponse<String> exchange(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | IllegalArgumentException e) {
            throw new UnreachableException(
                    "no instance answers at " + url + " (" + e + "); start one with: hyperion_cli serve");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnreachableException("interrupted while waiting for " + url);
        }
    }

    private JsonNode read(HttpResponse<String> response) {
        try {
            JsonNode body = JSON.readTree(response.body());
            if (response.statusCode() / 100 != 2) {
                throw new RefusedByInstance(
                        body.hasNonNull("detail") ? body.get("detail").asText() : "status " + response.statusCode());
            }
            return body;
        } catch (IOException e) {
            throw new RefusedByInstance(
                    url + " answers " + response.statusCode() + " with something that is no JSON; is it Hyperion?");
        }
    }
}
