// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Overrides and past decisions by command line and HTTP, on real replicas and over a killed operator. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ScalingOverridesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VIEWER = "may-only-look-0123456789";

    private static final String ROBOT = "may-change-things-0123456789";

    @TempDir
    private static Path home;

    private static Serving serving;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void deploy() throws Exception {
        Path config = Files.writeString(home.resolve("hyperion.yaml"), """
                store: sqlite
                http: {port: 0, keys: {eve: {key: %s, role: viewer}, release-robot: {key: %s, role: operator}}}
                autoscale:
                  metric: memory.usage{area="heap"}.max
                  scale_up_threshold: 1000000000000
                  scale_down_threshold: 0
                  min_replicas: 1
                  max_replicas: 3
                  interval: 1s
                deploy: {backend: process, router: embedded, interval: 200ms}
                """.formatted(VIEWER, ROBOT));
        serving = Serving.start(home, config);
        serving.deploy("shop", 1);
    }

    @AfterAll
    static void end() throws IOException {
        serving.close();
    }

    private static String done(String... args) throws Exception {
        Cli.Result result = serving.cli().run(args);
        assertThat(result.exitCode()).as(result.all()).isZero();
        return result.out();
    }

    private static Cli.Result fails(int exitCode, String message, String... args) throws Exception {
        Cli.Result result = serving.cli().run(args);
        assertThat(result.exitCode()).as(result.all()).isEqualTo(exitCode);
        assertThat(result.err()).contains(message).doesNotContain("\tat ");
        return result;
    }

    private static void refused(String message, String... args) throws Exception {
        assertThat(fails(HyperionCli.REFUSED, message, args).err()).hasLineCount(1);
    }

    private HttpResponse<String> http(String method, String path, String key, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(serving.found().url().resolve(path))
                        .header("X-API-Key", key)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode http(int status, String method, String path, String body) throws Exception {
        HttpResponse<String> response = http(method, path, serving.found().key(), body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return JSON.readTree(response.body());
    }

    @Test
    @Order(1)
    void aPinIsCarriedOutAndEveryFaceTellsIt() throws Exception {
        String user = System.getProperty("user.name");
        assertThat(done("autoscale", "overrides")).isEqualTo("nothing is overridden; the policies decide\n");

        assertThat(done("autoscale", "pin", "2", "--for", "10m", "--reason", "load test"))
                .containsPattern("^scaling of shop is pinned to 2 replicas by " + user
                        + " until \\S+Z \\(load test\\); end it with: hyperion_cli autoscale resume\n$");

        assertThat(done("autoscale", "overrides")).startsWith("shop  pinned to 2 replicas by " + user);
        assertThat(done("autoscale", "policy")).contains("override:  pinned to 2 replicas by " + user);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(done("deploy", "status")).contains("2 of 2 replicas ready"));
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(done("autoscale", "history", "--changes"))
                        .containsPattern("Z +shop +1 -> 2 +applied +pinned, "));
        assertThat(done("autoscale", "plan"))
                .contains("override:  pinned to 2 replicas by " + user, "reasons:   ", ", pinned", "replicas:  2 -> 2");
    }

    @Test
    @Order(2)
    void theHistoryHasWholeRecordsTheNewestFirst() throws Exception {
        // a decision each second: the fifth since the pin comes when it comes
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode history = JSON.readTree(done("autoscale", "history", "--limit", "5", "--json"))
                    .get("history");
            assertThat(history).hasSize(5);
            List<Instant> times = new ArrayList<>();
            history.forEach(entry -> times.add(Instant.parse(entry.get("at").asText())));
            assertThat(times).isSortedAccordingTo((a, b) -> b.compareTo(a));
            assertThat(history).allSatisfy(entry -> {
                JsonNode record = entry.path("record");
                assertThat(record.path("schema").asInt()).isEqualTo(1);
                assertThat(record.path("decision").path("target")).isEqualTo(entry.get("target"));
                assertThat(record.path("settings")
                                .path("overrides")
                                .path(0)
                                .path("why")
                                .asText())
                        .isEqualTo("load test");
            });
            assertThat(http(200, "GET", "/api/autoscale/history?limit=1000&since=" + times.get(2), "")
                            .get("history")
                            .size())
                    .isGreaterThanOrEqualTo(3);
        });
        assertThat(done("autoscale", "history", "--since", "0s", "--app", "shop"))
                .isEmpty();
    }

    @Test
    @Order(3)
    void aKilledOperatorForgetsNothing() throws Exception {
        String before = done("autoscale", "overrides");
        String changes = done("autoscale", "history", "--changes");
        serving.kill();
        serving.restart();
        assertThat(done("autoscale", "overrides")).isEqualTo(before);
        assertThat(done("autoscale", "history", "--changes")).isEqualTo(changes);

        assertThat(done("autoscale", "resume", "--reason", "test is over"))
                .contains("scaling of shop is no longer pinned to 2 replicas", "\nthe policy decides\n");
        assertThat(done("monitor", "logs", "--limit", "1000"))
                .containsPattern("scaling of shop is no longer pinned .*: ended by \\S+ \\(test is over\\)");
        refused("shop has no override to end; its policy decides", "autoscale", "resume");
    }

    @Test
    @Order(4)
    void aPauseEndsByItselfWithATrace() throws Exception {
        assertThat(http(201, "POST", "/api/autoscale/overrides", """
                        {"kind":"pause","for":"2s","why":"the database moves","who":"ada"}""")
                        .get("application")
                        .asText())
                .isEqualTo("shop");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(done("monitor", "logs", "--limit", "1000"))
                        .containsPattern(
                                "no longer paused by ada until .* \\(the database moves\\): that time is over"));
        assertThat(http(200, "GET", "/api/autoscale/overrides", "").get("overrides"))
                .isEmpty();
        refused(
                "shop has no override to end; its policy decides. The last one has expired: paused by ada until ",
                "autoscale",
                "resume");
    }

    @Test
    @Order(5)
    void whatIsSaidOverHttpIsEndedOverHttp() throws Exception {
        HttpResponse<String> posted = http("POST", "/api/autoscale/overrides", ROBOT, """
                {"application":"shop","kind":"up-only","why":"sale"}""");
        assertThat(posted.statusCode()).as(posted.body()).isEqualTo(201);
        JsonNode said = JSON.readTree(posted.body());
        assertThat(said.get("who").asText()).as("who holds the key").isEqualTo("release-robot");
        Instant until = Instant.parse(said.get("until").asText());
        assertThat(Duration.between(Instant.now(), until))
                .as("an hour unless an end is given")
                .isBetween(Duration.ofMinutes(58), Duration.ofMinutes(60));
        assertThat(said.get("replicas").isNull()).isTrue();
        assertThat(said.get("origin").asText()).isEqualTo("operator");
        JsonNode listed = http(200, "GET", "/api/autoscale/overrides?application=shop", "");
        assertThat(listed.get("overrides").get(0)).isEqualTo(said);
        assertThat(http(200, "GET", "/api/autoscale/policy", "")
                        .get("overrides")
                        .get(0))
                .isEqualTo(said);
        assertThat(http(200, "POST", "/api/autoscale/plan", "{}")
                        .get("overrides")
                        .get(0))
                .isEqualTo(said);

        JsonNode ended = http(200, "DELETE", "/api/autoscale/overrides?application=shop&who=bob&why=over", "");
        assertThat(ended.get("ended")).isEqualTo(said);
        assertThat(ended.get("overrides")).isEmpty();
        assertThat(http(409, "DELETE", "/api/autoscale/overrides", "")
                        .get("title")
                        .asText())
                .isEqualTo("Refused");
    }

    @Test
    @Order(6)
    void whoMayOnlyLookLooksAndChangesNothing() throws Exception {
        String body = "{\"kind\":\"pause\",\"why\":\"x\"}";
        assertThat(http("GET", "/api/autoscale/overrides", VIEWER, "").statusCode())
                .isEqualTo(200);
        assertThat(http("GET", "/api/autoscale/history", VIEWER, "").statusCode())
                .isEqualTo(200);
        assertThat(http("POST", "/api/autoscale/overrides", VIEWER, body).statusCode())
                .isEqualTo(403);
        assertThat(http("DELETE", "/api/autoscale/overrides", VIEWER, "").statusCode())
                .isEqualTo(403);
        assertThat(http("POST", "/api/autoscale/overrides", "wrong", body).statusCode())
                .isEqualTo(401);
        assertThat(done("autoscale", "overrides")).startsWith("nothing is overridden");
    }

    @Test
    @Order(7)
    void badInputIsOneMessageThatSaysWhatWasExpected() throws Exception {
        refused(
                "there is no application shpo here; deployed are [shop], name one",
                "autoscale",
                "pause",
                "--app",
                "shpo",
                "--reason",
                "x");
        refused(
                "'for' is 'soon'; expected a duration such as 90s or 10m",
                "autoscale",
                "pause",
                "--for",
                "soon",
                "--reason",
                "x");
        refused(
                "until is 'tomorrow'; expected a time such as 2026-12-01T08:00:00Z",
                "autoscale",
                "pause",
                "--until",
                "tomorrow",
                "--reason",
                "x");
        refused(
                "the body has both 'for' and 'until'; expected one of them",
                "autoscale",
                "pause",
                "--for",
                "1h",
                "--until",
                "2026-12-01T08:00:00Z",
                "--reason",
                "x");
        refused(
                "override of shop ends at 2020-01-01T00:00:00Z, which has passed; expected a time after ",
                "autoscale",
                "up-only",
                "--until",
                "2020-01-01T00:00:00Z",
                "--reason",
                "x");
        refused(
                "or before, 7 days from now; what is to last longer",
                "autoscale",
                "down-only",
                "--for",
                "8d",
                "--reason",
                "x");
        refused(
                "override of shop pins to 9 replicas; expected 1 to 3, the bounds in force",
                "autoscale",
                "pin",
                "9",
                "--reason",
                "x");
        refused("why ' '; expected both", "autoscale", "pause", "--reason", " ");
        fails(HyperionCli.USAGE, "--reason", "autoscale", "pause");
        fails(HyperionCli.USAGE, "'many' is not an int", "autoscale", "pin", "many", "--reason", "x");
        refused(
                "no application shpo is scaled here; scaled are [shop], name one",
                "autoscale",
                "history",
                "--app",
                "shpo");
        refused(
                "no application shpo is scaled here; scaled are [shop], name one",
                "autoscale",
                "overrides",
                "--app",
                "shpo");
        refused("limit is 0; expected 1 or more", "autoscale", "history", "--limit", "0");
        refused("limit is 1001; expected 1 to 1000", "autoscale", "history", "--limit", "1001");
        refused(
                "since is 'yesterday'; expected a duration such as 2h, or a time such as 2026-12-01T08:00:00Z",
                "autoscale",
                "history",
                "--since",
                "yesterday");
        assertThat(detail("{\"kind\":\"stop\",\"why\":\"x\"}"))
                .isEqualTo("kind of the override is 'stop'; expected pause, up-only, down-only or pinned");
        assertThat(detail("{\"why\":\"x\"}")).isEqualTo("'kind' is missing in the body");
        assertThat(detail("{\"kind\":\"pause\"}")).isEqualTo("'why' is missing in the body");
        assertThat(detail("{\"kind\":\"pinned\",\"why\":\"x\"}"))
                .isEqualTo("'replicas' is missing in the body; kind is pinned, so say to how many");
        assertThat(detail("{\"kind\":\"pause\",\"replicas\":3,\"why\":\"x\"}"))
                .isEqualTo("override has replicas 3; expected none, since it pins nothing");
        assertThat(detail("{\"kind\":\"pinned\",\"replicas\":\"many\",\"why\":\"x\"}"))
                .isEqualTo("'replicas' is 'many'; expected a whole number");
        assertThat(http(400, "GET", "/api/autoscale/history?changes=perhaps", "")
                        .get("detail")
                        .asText())
                .isEqualTo("changes is 'perhaps'; expected true or false");
        assertThat(http(200, "GET", "/api/autoscale/overrides", "").get("overrides"))
                .isEmpty();
    }

    private String detail(String body) throws Exception {
        return http(400, "POST", "/api/autoscale/overrides", body).get("detail").asText();
    }
}
