// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.router;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.hyperion.deploy.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A real HTTP server on an ephemeral port, which counts what reaches it. */
final class TestReplica implements AutoCloseable {
    static {
        // Otherwise the JDK's server sends head and body in two packets, 40 ms apart on kept connections.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    final AtomicInteger hits = new AtomicInteger();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** What happens before the answer, which is the replica's name. */
    interface Before {
        void answering(HttpExchange exchange) throws InterruptedException;
    }

    TestReplica(String name, int status, Before before) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            hits.incrementAndGet();
            try (exchange) {
                before.answering(exchange);
                byte[] body = name.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(status, body.length);
                exchange.getResponseBody().write(body);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
    }

    static TestReplica named(String name) throws IOException {
        return new TestReplica(name, 200, exchange -> {});
    }

    Endpoint endpoint() {
        return new Endpoint("127.0.0.1", server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
