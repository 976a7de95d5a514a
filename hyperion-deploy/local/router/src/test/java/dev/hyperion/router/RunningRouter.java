// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/** A router in this process with its two clients: one for traffic, one for the admin port. */
final class RunningRouter implements AutoCloseable {
    static final String TOKEN = "0123456789abcdef0123456789abcdef";

    final Router router;
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private int steps;

    RunningRouter(Path folder) throws Exception {
        this(folder, Duration.ofSeconds(20));
    }

    RunningRouter(Path folder, Duration requestTimeout) throws Exception {
        router = Router.start(new RouterOptions(
                "127.0.0.1", 0, 0, folder, TOKEN, requestTimeout, Duration.ofSeconds(2), Duration.ZERO));
    }

    URI traffic(String path) {
        return URI.create("http://127.0.0.1:" + router.identity().trafficPort() + path);
    }

    HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(traffic(path)).timeout(Duration.ofSeconds(30));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> admin(String method, String path, String body) throws IOException, InterruptedException {
        return admin(router.identity().adminPort(), TOKEN, method, path, body);
    }

    static HttpResponse<String> admin(int port, String token, String method, String path, String body)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .header("Authorization", "Bearer " + token)
                                .timeout(Duration.ofSeconds(10))
                                .method(method, HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    /** Puts a table in force, whatever was there. */
    void route(Map<String, Share> shares) throws IOException, InterruptedException {
        HttpResponse<String> answer = admin("PUT", "/table", table(OptionalLong.empty(), 1, "step-" + ++steps, shares));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    static String table(OptionalLong expected, long epoch, String stepId, Map<String, Share> shares)
            throws IOException {
        return AdminJson.object(json -> {
            if (expected.isPresent()) {
                json.writeNumberField("generation", expected.getAsLong());
            }
            json.writeNumberField("epoch", epoch);
            json.writeStringField("planId", "plan");
            json.writeStringField("stepId", stepId);
            json.writeObjectFieldStart("versions");
            for (Map.Entry<String, Share> entry : shares.entrySet()) {
                json.writeObjectFieldStart(entry.getKey());
                json.writeNumberField("weight", entry.getValue().weight());
                json.writeArrayFieldStart("endpoints");
                for (Target target : entry.getValue().targets()) {
                    json.writeString(target.toString());
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndObject();
        });
    }

    static Share share(int weight, TestReplica... replicas) {
        return new Share(
                weight,
                java.util.Arrays.stream(replicas).map(TestReplica::target).toList());
    }

    /** A member of the metrics by its path, waited for until it is as wanted: the last count follows the last byte. */
    void awaitMetric(Object wanted, String... path) throws Exception {
        awaitTrue(
                () -> String.valueOf(metric(path)).equals(String.valueOf(wanted)),
                () -> List.of(path) + " is " + metric(path) + ", wanted " + wanted);
    }

    Object metric(String... path) {
        try {
            return member(parse(admin("GET", "/metrics.json", "").body()), path);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static Object member(Object json, String... path) {
        Object found = json;
        for (String name : path) {
            found = found instanceof Map<?, ?> map && map.containsKey(name) ? map.get(name) : "absent";
        }
        return found;
    }

    static void awaitTrue(BooleanSupplier condition, java.util.function.Supplier<String> why) throws Exception {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > 30_000_000_000L) {
                throw new AssertionError(why.get());
            }
            Thread.onSpinWait();
        }
    }

    static Object parse(String text) throws IOException {
        try (JsonParser parser = TableJson.FACTORY.createParser(text)) {
            parser.nextToken();
            return value(parser);
        }
    }

    private static Object value(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            Map<String, Object> map = new LinkedHashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                map.put(name, value(parser));
            }
            return map;
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            List<Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(value(parser));
            }
            return list;
        }
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> parser.getText();
        };
    }

    /** A port on which nobody listens. */
    static Target refusing() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return new Target("127.0.0.1", socket.getLocalPort());
        }
    }

    @Override
    public void close() {
        try {
            router.stop();
        } catch (Exception e) {
            // Jetty's life cycle throws whatever a part of it threw.
            throw new IllegalStateException("the router stopped badly", e);
        }
    }
}
