// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import static dev.hyperion.router.RunningRouter.share;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That what the client and the replica say reaches the other as it was said. */
class ProxyingTest {
    @TempDir
    Path temp;

    private RunningRouter running;

    @BeforeEach
    void start() throws Exception {
        running = new RunningRouter(temp);
    }

    @AfterEach
    void stop() throws Exception {
        running.close();
    }

    @Test
    void largeBodiesPassUnchangedBothWays() throws Exception {
        byte[] body = new byte[20 << 20];
        new Random(17).nextBytes(body);
        try (TestReplica echo = new TestReplica(exchange -> {
            byte[] received = exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("X-Digest", digest(received));
            exchange.sendResponseHeaders(200, received.length);
            exchange.getResponseBody().write(received);
        })) {
            running.route(Map.of("1.0", share(10_000, echo)));

            HttpResponse<byte[]> known = running.client.send(
                    running.get("/").POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofByteArray());
            assertThat(known.headers().firstValue("X-Digest")).contains(digest(body));
            assertThat(digest(known.body())).isEqualTo(digest(body));

            HttpResponse<byte[]> chunked = running.client.send(
                    running.get("/")
                            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                            .build(),
                    BodyHandlers.ofByteArray());
            assertThat(digest(chunked.body())).isEqualTo(digest(body));
        }
    }

    @Test
    void anAnswerIsPassedOnWhileItIsStillBeingWritten() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        try (TestReplica streaming = new TestReplica(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            out.write("first".getBytes(StandardCharsets.UTF_8));
            out.flush();
            read.await();
            out.write("second".getBytes(StandardCharsets.UTF_8));
        })) {
            running.route(Map.of("1.0", share(10_000, streaming)));

            HttpResponse<InputStream> response =
                    running.client.send(running.get("/").build(), BodyHandlers.ofInputStream());
            assertThat(new String(response.body().readNBytes(5), StandardCharsets.UTF_8))
                    .isEqualTo("first");
            read.countDown();
            assertThat(new String(response.body().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("second");
        }
    }

    @Test
    void aClientThatReadsSlowlyHoldsTheReplicaBackInsteadOfFillingMemory() throws Exception {
        long size = 512L << 20; // more than this test's heap leaves free
        byte[] block = new byte[1 << 16];
        CountDownLatch done = new CountDownLatch(1);
        try (TestReplica large = new TestReplica(exchange -> {
            exchange.sendResponseHeaders(200, size);
            for (long sent = 0; sent < size; sent += block.length) {
                exchange.getResponseBody().write(block);
            }
            done.countDown();
        })) {
            running.route(Map.of("1.0", share(10_000, large)));
            HttpResponse<InputStream> response =
                    running.client.send(running.get("/").build(), BodyHandlers.ofInputStream());
            response.body().readNBytes(1000);

            assertThat(done.await(1, TimeUnit.SECONDS))
                    .as("the replica waits for the client")
                    .isFalse();
            long read = 1000;
            byte[] into = new byte[1 << 18];
            for (int n = response.body().read(into); n >= 0; n = response.body().read(into)) {
                read += n;
            }
            assertThat(read).isEqualTo(size);
        }
    }

    @Test
    void aReplicaMayThinkForLongerThanAnIdleConnectionIsKept() throws Exception {
        try (TestReplica slow = new TestReplica(exchange -> {
            long start = System.nanoTime();
            while (System.nanoTime() - start
                    < TrafficHandler.POOLED_IDLE.plusSeconds(1).toNanos()) {
                LockSupport.parkNanos(10_000_000);
            }
            TestReplica.reply(exchange, 200, "thought");
        })) {
            running.route(Map.of("1.0", share(10_000, slow)));

            assertThat(running.send(running.get("/")).body()).isEqualTo("thought");
        }
    }

    @Test
    void headersOfTheHopEndHereAndTheClientIsNamed() throws Exception {
        BlockingQueue<Headers> seen = new LinkedBlockingQueue<>();
        try (TestReplica replica = new TestReplica(exchange -> {
            seen.add(exchange.getRequestHeaders());
            exchange.getResponseHeaders().set("Keep-Alive", "timeout=7");
            exchange.getResponseHeaders().set("X-Of-The-Replica", "stays");
            exchange.getResponseHeaders().set("X-Named", "goes");
            exchange.getResponseHeaders().set("Connection", "x-named");
            exchange.getResponseHeaders().set("X-Hyperion-Version", "a lie");
            exchange.getResponseHeaders().set("Date", "Tue, 24 Nov 2026 12:00:00 GMT");
            TestReplica.reply(exchange, 200, "ok");
        })) {
            running.route(Map.of("1.0", share(10_000, replica)));

            String answer = raw(
                    "GET /a?b=c HTTP/1.1\r\nHost: shop.example\r\nConnection: X-Hop\r\nX-Hop: 1\r\n"
                            + "Proxy-Authorization: secret\r\nTE: trailers\r\nX-Forwarded-For: 203.0.113.9\r\nX-Stays: 1\r\n\r\n");

            Headers headers = seen.take();
            assertThat(headers).doesNotContainKeys("X-hop", "Proxy-authorization", "Te", "Connection");
            assertThat(headers.getFirst("X-stays")).isEqualTo("1");
            assertThat(headers.getFirst("Host")).isEqualTo("shop.example");
            assertThat(headers.get("X-forwarded-for")).containsExactly("203.0.113.9, 127.0.0.1");
            assertThat(headers.getFirst("X-forwarded-proto")).isEqualTo("http");
            assertThat(headers.getFirst("X-forwarded-host")).isEqualTo("shop.example");
            assertThat(headers.getFirst("Via")).isEqualTo("1.1 hyperion");
            assertThat(headers).doesNotContainKeys("User-agent", "Accept-encoding");

            assertThat(answer).contains("X-of-the-replica: stays").contains("X-Hyperion-Version: 1.0");
            assertThat(answer.toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain("keep-alive")
                    .doesNotContain("x-named")
                    .doesNotContain("a lie")
                    .containsOnlyOnce("date:");
        }
    }

    @Test
    void pathAndQueryArriveAsTheyWereSent() throws Exception {
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        try (LineServer server = new LineServer(lines)) {
            running.route(Map.of("1.0", new Share(10_000, List.of(server.target()))));
            for (String path : new String[] {
                "/",
                "/a%20b/c?x=1&y=%2F%20+z&y=2",
                "/q?a=b|c&d=[1]&e={}",
                "/?",
                "/a;p=1/b?=&&",
                "/%C3%A4?%C3%B6=%E2%82%AC"
            }) {
                String answer = raw("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(answer).as(path).startsWith("HTTP/1.1 200");
                assertThat(lines.poll(5, TimeUnit.SECONDS)).as(path).isEqualTo("GET " + path + " HTTP/1.1");
            }
        }
    }

    @Test
    void aReplicaMayHaveAnIpv6Address() throws Exception {
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress("::1", 0), 16);
        } catch (IOException e) {
            assumeTrue(false, "this machine has no IPv6: " + e);
            return;
        }
        server.createContext("/", exchange -> {
            TestReplica.reply(exchange, 200, "six");
            exchange.close();
        });
        server.start();
        try {
            Target target = new Target("::1", server.getAddress().getPort());
            running.route(Map.of("1.0", new Share(10_000, List.of(target))));

            assertThat(running.send(running.get("/x?y=z")).body()).isEqualTo("six");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void answersWithoutABodyStayWithoutOne() throws Exception {
        try (TestReplica replica = new TestReplica(exchange -> {
            String path = exchange.getRequestURI().getPath();
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.getResponseHeaders().set("Content-Length", "123");
                exchange.sendResponseHeaders(200, -1);
            } else {
                exchange.sendResponseHeaders(Integer.parseInt(path.substring(1)), -1);
            }
        })) {
            running.route(Map.of("1.0", share(10_000, replica)));

            HttpResponse<String> head = running.send(running.get("/x").method("HEAD", BodyPublishers.noBody()));
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(head.headers().firstValue("Content-Length")).contains("123");
            for (int status : new int[] {204, 304, 302, 404, 503}) {
                assertThat(running.send(running.get("/" + status)).statusCode()).isEqualTo(status);
            }
            assertThat(running.send(running.get("/200").DELETE()).statusCode()).isEqualTo(200);
            assertThat(running.send(running.get("/200").POST(BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void aClientThatWaitsForTheGoAheadGetsItFromTheReplica() throws Exception {
        try (TestReplica echo = new TestReplica(exchange -> TestReplica.reply(
                exchange, 200, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)))) {
            running.route(Map.of("1.0", share(10_000, echo)));

            HttpResponse<String> response =
                    running.send(running.get("/").expectContinue(true).POST(BodyPublishers.ofString("after you")));

            assertThat(response.body()).isEqualTo("after you");
        }
    }

    private String raw(String request) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", running.router.identity().trafficPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    break;
                }
                head.append((char) next);
            }
            return head.toString();
        }
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
