// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hyperion.core.Hyperion;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that begin a request and do not go on hold a server of two threads for as long as they like; ours ends them. */
class HalfOpenConnectionsTest {
    @TempDir
    private Path folder;

    private Hyperion hyperion;
    private final List<Socket> sockets = new ArrayList<>();

    @BeforeEach
    void serveWithTwoThreads() {
        hyperion = Hyperion.builder()
                .dataFolder(folder)
                .config(Map.of("http", Map.of("port", 0, "threads", 2, "client_timeout", "2s")))
                .start();
    }

    @AfterEach
    void end() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        hyperion.close();
    }

    private Socket begin(String part) throws IOException {
        URI address = hyperion.address().orElseThrow();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), address.getPort());
        sockets.add(socket);
        socket.getOutputStream().write(part.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    private int health() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        hyperion.address().orElseThrow().resolve("/api/health/live"))
                .timeout(Duration.ofSeconds(10))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /api/he",
                "GET /api/health HTTP/1.1\r\nHost: x\r\nX-Part: ",
                "POST /api/alerts HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nX-API-Key: k\r\n\r\n{",
            })
    void othersAreAnsweredMeanwhileAndTheyAreEnded(String part) throws Exception {
        Socket first = begin(part);
        Socket second = begin(part);
        for (int i = 0; i < 5; i++) {
            assertThat(health()).isEqualTo(200);
        }
        for (Socket socket : List.of(first, second)) {
            socket.setSoTimeout(10_000);
            await().atMost(Duration.ofSeconds(10)).until(() -> ended(socket));
        }
    }

    private static boolean ended(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {
                continue; // an answer that refuses it may come first
            }
            return true;
        } catch (IOException e) {
            return !(e instanceof java.net.SocketTimeoutException);
        }
    }

    @Test
    void aClientThatSendsNothingHoldsNoThread() throws Exception {
        for (int i = 0; i < 10; i++) {
            begin("");
        }
        assertThat(health()).isEqualTo(200);
    }
}
