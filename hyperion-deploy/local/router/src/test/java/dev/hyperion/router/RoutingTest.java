// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import static dev.hyperion.router.RunningRouter.refusing;
import static dev.hyperion.router.RunningRouter.share;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where requests go, and what becomes of them when replicas fail. */
class RoutingTest {
    @TempDir
    Path temp;

    private RunningRouter running;
    private TestReplica old;
    private TestReplica fresh;

    @BeforeEach
    void start() throws Exception {
        running = new RunningRouter(temp);
        old = TestReplica.saying("old");
        fresh = TestReplica.saying("fresh");
    }

    @AfterEach
    void stop() throws Exception {
        running.close();
        old.close();
        fresh.close();
    }

    /** For what is about silence only: on a busy machine everything else may take as long as this waits. */
    private void waitForNobodyLongerThan(Duration silence) throws Exception {
        running.close();
        running = new RunningRouter(temp, silence);
    }

    @Test
    void tenPercentOfAThousandRequestsAreAHundred() throws Exception {
        running.route(Map.of("1.0", share(9_000, old), "2.0", share(1_000, fresh)));

        for (int i = 0; i < 1_000; i++) {
            HttpResponse<String> response = running.send(running.get("/"));
            assertThat(response.statusCode()).isEqualTo(200);
            boolean canary = response.body().equals("fresh");
            assertThat(response.headers().allValues("X-Hyperion-Version")).containsExactly(canary ? "2.0" : "1.0");
        }

        assertThat(fresh.hits).hasValue(100);
        assertThat(old.hits).hasValue(900);
        running.awaitMetric(100, "versions", "2.0", "requests", "2xx");
        running.awaitMetric(900, "versions", "1.0", "requests", "2xx");
    }

    @Test
    void theShareIsExactForClientsAtTheSameTime() throws Exception {
        running.route(Map.of("1.0", share(9_000, old), "2.0", share(1_000, fresh)));

        inParallel(8, () -> {
            for (int i = 0; i < 250; i++) {
                assertThat(running.send(running.get("/")).statusCode()).isEqualTo(200);
            }
            return 0;
        });

        assertThat(fresh.hits).hasValue(200);
        assertThat(old.hits).hasValue(1_800);
    }

    @Test
    void noRequestFailsWhileTheTableIsReplacedUnderLoad() throws Exception {
        running.route(Map.of("1.0", share(10_000, old)));
        AtomicInteger wrong = new AtomicInteger();
        CountDownLatch swapped = new CountDownLatch(1);
        ExecutorService clients = Executors.newFixedThreadPool(2);
        List<Future<Integer>> loads = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
            loads.add(clients.submit(() -> {
                int sent = 0;
                for (; swapped.getCount() > 0; sent++) {
                    wrong.addAndGet(running.send(running.get("/")).statusCode() == 200 ? 0 : 1);
                }
                return sent;
            }));
        }

        for (int i = 0; i < 60; i++) {
            running.route(Map.of("1.0", share(i * 100, old), "2.0", share(10_000 - i * 100, fresh)));
        }
        swapped.countDown();
        int sent = 0;
        for (Future<Integer> load : loads) {
            sent += load.get();
        }
        clients.shutdown();

        assertThat(wrong).hasValue(0);
        assertThat(fresh.hits.get() + old.hits.get()).isEqualTo(sent).isPositive();
    }

    @Test
    void withoutATableTheAnswerIs503AndCounted() throws Exception {
        assertThat(running.send(running.get("/")).statusCode()).isEqualTo(503);
        running.awaitMetric(1, "unrouted");
    }

    @Test
    void aRefusedConnectionIsTriedOnAnotherReplicaOfTheSameVersionWithItsBody() throws Exception {
        try (TestReplica echo = new TestReplica(exchange -> TestReplica.reply(
                exchange, 200, new String(exchange.getRequestBody().readAllBytes())))) {
            Target nobody = refusing();
            running.route(Map.of("1.0", new Share(10_000, List.of(nobody, echo.target()))));

            for (int i = 0; i < 20; i++) {
                HttpResponse<String> response =
                        running.send(running.get("/").POST(BodyPublishers.ofString("body " + i)));
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("body " + i);
            }

            running.awaitMetric(20, "versions", "1.0", "requests", "2xx");
            running.awaitMetric(0, "versions", "1.0", "errors");
            assertThat((Long) running.metric("versions", "1.0", "refusedConnects"))
                    .isPositive();
            running.awaitMetric(0, "inFlight", "1.0", nobody.toString());
        }
    }

    @Test
    void aRefusedConnectionIsTriedElsewhereAlsoForAChunkedBody() throws Exception {
        try (TestReplica echo = new TestReplica(exchange -> TestReplica.reply(
                exchange, 200, new String(exchange.getRequestBody().readAllBytes())))) {
            running.route(Map.of("1.0", new Share(10_000, List.of(refusing(), refusing(), echo.target()))));

            HttpResponse<String> response = running.send(running.get("/")
                    .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream("chunks".getBytes()))));

            assertThat(response.body()).isEqualTo("chunks");
        }
    }

    @Test
    void whenEachReplicaRefusesTheAnswerIs503AndTheOtherVersionIsNotAsked() throws Exception {
        running.route(Map.of("1.0", new Share(10_000, List.of(refusing(), refusing())), "2.0", share(0, fresh)));

        HttpResponse<String> response = running.send(running.get("/"));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("X-Hyperion-Version")).contains("1.0");
        assertThat(fresh.hits).hasValue(0);
        running.awaitMetric(1, "versions", "1.0", "errors");
        running.awaitMetric(2, "versions", "1.0", "refusedConnects");
        running.awaitMetric(1, "versions", "1.0", "requests", "5xx");
    }

    @Test
    void aRequestThatAReplicaMightHaveSeenIsNeverSentAgain() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        try (ServerSocket rude = new ServerSocket(0)) {
            Thread hangUp = new Thread(() -> {
                while (!rude.isClosed()) {
                    try (Socket socket = rude.accept()) {
                        if (socket.getInputStream().read() >= 0) {
                            seen.incrementAndGet();
                        }
                    } catch (java.io.IOException e) {
                        return;
                    }
                }
            });
            hangUp.start();
            Target target = new Target("127.0.0.1", rude.getLocalPort());
            running.route(Map.of(
                    "1.0", new Share(10_000, List.of(target, new Target("localhost", rude.getLocalPort())))));

            HttpResponse<String> response = running.send(running.get("/"));

            assertThat(response.statusCode()).isEqualTo(502);
            assertThat(seen).hasValue(1);
            running.awaitMetric(1, "versions", "1.0", "errors");
        }
    }

    @Test
    void anAnswerThatBreaksOffInTheMiddleIsAnErrorOfTheVersion() throws Exception {
        try (TestReplica half = new TestReplica(exchange -> {
            exchange.sendResponseHeaders(200, 1_000_000);
            exchange.getResponseBody().write(new byte[100_000]);
            exchange.getResponseBody().flush();
        })) {
            running.route(Map.of("1.0", share(10_000, half)));

            assertThatThrownBy(() -> running.send(running.get("/"))).isInstanceOf(java.io.IOException.class);

            running.awaitMetric(1, "versions", "1.0", "requests", "broken_off");
            running.awaitMetric(1, "versions", "1.0", "errors");
            running.awaitMetric(0, "inFlight", "1.0", half.target().toString());
        }
    }

    @Test
    void aSilentReplicaEndsAs504() throws Exception {
        waitForNobodyLongerThan(Duration.ofMillis(1500));
        CountDownLatch release = new CountDownLatch(1);
        try (TestReplica silent = new TestReplica(exchange -> release.await())) {
            running.route(Map.of("1.0", share(10_000, silent)));

            assertThat(running.send(running.get("/")).statusCode()).isEqualTo(504);
            running.awaitMetric(1, "versions", "1.0", "errors");
            running.awaitMetric(0, "inFlight", "1.0", silent.target().toString());
            release.countDown();
        }
    }

    @Test
    void errorsOfAVersionAreItsOwn() throws Exception {
        try (TestReplica bad = new TestReplica(exchange -> TestReplica.reply(exchange, 500, "no"))) {
            running.route(Map.of("1.0", share(5_000, old), "2.0", share(5_000, bad)));
            for (int i = 0; i < 10; i++) {
                running.send(running.get("/"));
            }

            running.awaitMetric(5, "versions", "2.0", "errors");
            running.awaitMetric(5, "versions", "2.0", "requests", "5xx");
            running.awaitMetric(0, "versions", "1.0", "errors");
            running.awaitMetric(5, "versions", "1.0", "requests", "2xx");
        }
    }

    @Test
    void aClientThatLeavesIsNoErrorOfTheVersion() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (TestReplica large = new TestReplica(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[65_536];
            exchange.getResponseBody().write(block);
            exchange.getResponseBody().flush();
            gone.await();
            for (int i = 0; i < 200; i++) {
                exchange.getResponseBody().write(block);
            }
        })) {
            running.route(Map.of("1.0", share(10_000, large)));
            try (Socket client =
                    new Socket("127.0.0.1", running.router.identity().trafficPort())) {
                client.setSoLinger(true, 0);
                client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes());
                assertThat(client.getInputStream().read()).isEqualTo('H');
            }
            gone.countDown();

            running.awaitMetric(1, "versions", "1.0", "requests", "client_gone");
            running.awaitMetric(0, "versions", "1.0", "errors");
            running.awaitMetric(0, "inFlight", "1.0", large.target().toString());
        }
    }

    @Test
    void requestsInFlightAreCountedWhereTheyAreAndFinishAfterTheirReplicaLeftTheTable() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(3);
        ExecutorService clients = Executors.newFixedThreadPool(3);
        try (TestReplica slow = new TestReplica(exchange -> {
            inside.countDown();
            release.await();
            TestReplica.reply(exchange, 200, "slow but sure");
        })) {
            running.route(Map.of("1.0", share(10_000, slow)));
            List<Future<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                answers.add(clients.submit(() -> running.send(running.get("/"))));
            }
            inside.await();
            running.awaitMetric(3, "inFlight", "1.0", slow.target().toString());

            running.route(Map.of("2.0", share(10_000, fresh)));
            assertThat(running.send(running.get("/")).body()).isEqualTo("fresh");
            running.awaitMetric(3, "inFlight", "1.0", slow.target().toString());

            release.countDown();
            for (Future<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().body()).isEqualTo("slow but sure");
            }
            running.awaitMetric("absent", "inFlight", "1.0");
            running.awaitMetric(3, "versions", "1.0", "requests", "2xx");
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void loadGoesToTheReplicaThatIsFree() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(1);
        ExecutorService clients = Executors.newFixedThreadPool(1);
        try (TestReplica stuck = new TestReplica(exchange -> {
            inside.countDown();
            release.await();
            TestReplica.reply(exchange, 200, "stuck");
        })) {
            running.route(Map.of("1.0", share(10_000, stuck)));
            Future<HttpResponse<String>> first = clients.submit(() -> running.send(running.get("/")));
            inside.await();
            running.route(Map.of("1.0", share(10_000, stuck, old)));

            for (int i = 0; i < 50; i++) {
                assertThat(running.send(running.get("/")).body()).isEqualTo("old");
            }
            release.countDown();
            assertThat(first.get().body()).isEqualTo("stuck");
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void theMeasuredPercentileIsTheOneThatWasCaused() throws Exception {
        AtomicInteger n = new AtomicInteger();
        try (TestReplica mixed = new TestReplica(exchange -> {
            long wanted = n.incrementAndGet() % 10 == 0 ? 120_000_000L : 20_000_000L;
            java.util.concurrent.locks.LockSupport.parkNanos(wanted);
            TestReplica.reply(exchange, 200, "x");
        })) {
            running.route(Map.of("1.0", share(10_000, mixed)));
            long[] seen = new long[60];
            for (int i = 0; i < 60; i++) {
                long start = System.nanoTime();
                running.send(running.get("/"));
                seen[i] = System.nanoTime() - start;
            }
            long elapsed = LongStream.of(seen).sum();
            running.awaitMetric(60, "versions", "1.0", "requests", "2xx");

            // no more than the client saw, plus a bucket's width and what a busy machine does after the last byte
            Arrays.sort(seen);
            assertThat(quantileNanos("1.0", 0.95)).isBetween(120_000_000.0, seen[56] * 1.02 + 50_000_000);
            assertThat(quantileNanos("1.0", 0.50)).isBetween(20_000_000.0, seen[29] * 1.02 + 50_000_000);
            assertThat((Long) running.metric("versions", "1.0", "latency", "sumNanos"))
                    .as("the exact sum lies between what was caused and what the client saw")
                    .isBetween(54 * 20_000_000L + 6 * 120_000_000L, elapsed + 50_000_000);
        }
    }

    private double quantileNanos(String version, double q) {
        long left = (long) Math.ceil(q * 60);
        for (Object bucket : (List<?>) running.metric("versions", version, "latency", "buckets")) {
            List<?> parts = (List<?>) bucket;
            left -= (Long) parts.get(2);
            if (left <= 0) {
                return ((Long) parts.get(0) + (Long) parts.get(1)) / 2.0;
            }
        }
        throw new AssertionError("fewer records than requests");
    }

    @Test
    void aReplicaThatClosesItsConnectionAfterEachAnswerLosesNoRequest() throws Exception {
        try (TestReplica closing = new TestReplica(exchange -> {
            exchange.getResponseHeaders().set("Connection", "close");
            TestReplica.reply(exchange, 200, "bye");
        })) {
            running.route(Map.of("1.0", share(10_000, closing)));
            for (int i = 0; i < 200; i++) {
                HttpResponse<String> response = running.send(running.get("/"));
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(response.headers().firstValue("Connection")).isEmpty();
            }
        }
    }

    private static void inParallel(int threads, Callable<Integer> each) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Integer>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                all.add(pool.submit(each));
            }
            for (Future<Integer> one : all) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void theAdminPortRefusesWhoeverHasNoToken() throws Exception {
        int port = running.router.identity().adminPort();
        for (String token : Set.of("", "wrong", RunningRouter.TOKEN + "x")) {
            assertThat(RunningRouter.admin(port, token, "GET", "/table", "").statusCode())
                    .isEqualTo(401);
            assertThat(RunningRouter.admin(port, token, "POST", "/stop", "").statusCode())
                    .isEqualTo(401);
        }
        assertThat(running.send(HttpRequest.newBuilder(running.traffic("/table")))
                        .statusCode())
                .as("the traffic port has no admin paths")
                .isEqualTo(503);
        assertThat(running.admin("GET", "/table", "").statusCode()).isEqualTo(200);
        assertThat(running.admin("DELETE", "/table", "").statusCode()).isEqualTo(404);
    }

    @Test
    void conflictsFencingAndBadTablesHaveAnswersOfTheirOwn() throws Exception {
        OptionalLong none = OptionalLong.empty();
        Map<String, Share> all = Map.of("1.0", share(10_000, old));
        assertThat(running.admin("PUT", "/table", RunningRouter.table(OptionalLong.of(0), 5, "s1", all))
                        .body())
                .isEqualTo("{\"generation\":1,\"changed\":true}");
        assertThat(running.admin("PUT", "/table", RunningRouter.table(OptionalLong.of(0), 5, "s1", all))
                        .body())
                .isEqualTo("{\"generation\":1,\"changed\":true}");

        HttpResponse<String> conflict =
                running.admin("PUT", "/table", RunningRouter.table(OptionalLong.of(0), 5, "s2", all));
        assertThat(conflict.statusCode()).isEqualTo(409);
        assertThat(RunningRouter.member(RunningRouter.parse(conflict.body()), "observed"))
                .isEqualTo(1L);

        HttpResponse<String> fenced = running.admin("PUT", "/table", RunningRouter.table(none, 4, "s2", all));
        assertThat(fenced.statusCode()).isEqualTo(412);
        assertThat(RunningRouter.member(RunningRouter.parse(fenced.body()), "newestEpoch"))
                .isEqualTo(5L);

        HttpResponse<String> bad =
                running.admin("PUT", "/table", RunningRouter.table(none, 5, "s2", Map.of("1.0", share(9_000, old))));
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body()).contains("the weights add up to 9000; expected 10000");
        assertThat(running.admin("PUT", "/table", "not json").statusCode()).isEqualTo(400);
        assertThat(running.admin("GET", "/table", "").body()).contains("\"generationInForce\":1");
    }

    @Test
    void aStalledUploadNeitherBlocksOthersNorTheAdminPort() throws Exception {
        waitForNobodyLongerThan(Duration.ofMillis(1500));
        running.route(Map.of("1.0", share(10_000, old)));
        List<Socket> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 150; i++) {
                Socket socket =
                        new Socket("127.0.0.1", running.router.identity().trafficPort());
                socket.getOutputStream()
                        .write((i % 2 == 0 ? "GET / HT" : "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1")
                                .getBytes());
                stalled.add(socket);
            }
            for (int i = 0; i < 20; i++) {
                assertThat(running.send(running.get("/")).statusCode()).isEqualTo(200);
            }
            assertThat(running.admin("GET", "/table", "").statusCode()).isEqualTo(200);
            // The router ends them when they stay silent.
            InputStream first = stalled.get(0).getInputStream();
            stalled.get(0).setSoTimeout(30_000);
            while (first.read() >= 0) {
                // An error answer may come before the end.
            }
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }
}
