// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A server on the loopback address that notes what it is told and answers as it is told to. */
final class Receiver implements Closeable {
    private static final int SOCKETS = 16;

    /** What arrived; header names in lower case. */
    record Request(String path, Map<String, String> headers, String body) {}

    private record Reply(int status, Map<String, String> headers, String body) {}

    /** Speaks with a client without any help, so that it can be as bad as it likes. */
    @FunctionalInterface
    interface Conversation {
        void with(InputStream in, OutputStream out) throws IOException, InterruptedException;
    }

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Queue<Reply> replies = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(SOCKETS);
    private final List<Closeable> open = new CopyOnWriteArrayList<>();
    private final int port;
    private volatile Reply usual = new Reply(200, Map.of(), "ok");

    /** Answers 200 and {@code ok} to what has no other answer. */
    static Receiver http() throws IOException {
        return http(0);
    }

    static Receiver http(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        Receiver receiver = new Receiver(server.getAddress().getPort());
        server.setExecutor(receiver.threads);
        server.createContext("/", receiver::handle);
        server.start();
        receiver.open.add(() -> server.stop(0));
        return receiver;
    }

    static Receiver raw(Conversation conversation) throws IOException {
        ServerSocket listening = new ServerSocket(0, SOCKETS, InetAddress.getLoopbackAddress());
        Receiver receiver = new Receiver(listening.getLocalPort());
        receiver.open.add(listening);
        receiver.threads.execute(() -> {
            while (!listening.isClosed()) {
                try {
                    Socket socket = listening.accept();
                    receiver.open.add(socket);
                    receiver.threads.execute(() -> {
                        try (socket) {
                            conversation.with(socket.getInputStream(), socket.getOutputStream());
                        } catch (IOException | InterruptedException e) {
                            // the client went away, or the test is over
                        }
                    });
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
        return receiver;
    }

    private Receiver(int port) {
        this.port = port;
    }

    private void handle(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        requests.add(new Request(exchange.getRequestURI().toString(), headers, body));
        Reply next = replies.poll();
        Reply reply = next == null ? usual : next;
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** The answer to one request; those added first are given first. */
    Receiver answers(int status, Map<String, String> headers, String body) {
        replies.add(new Reply(status, headers, body));
        return this;
    }

    /** The answer to every request that has none of its own. */
    Receiver usually(int status, String body) {
        usual = new Reply(status, Map.of(), body);
        return this;
    }

    String url(String path) {
        return URI.create("http://127.0.0.1:" + port + path).toString();
    }

    int port() {
        return port;
    }

    List<Request> requests() {
        return new ArrayList<>(requests);
    }

    /** How many different things of a form are in all bodies together. */
    int distinct(Pattern form) {
        return (int) requests.stream()
                .flatMap(request -> form.matcher(request.body()).results())
                .map(MatchResult::group)
                .distinct()
                .count();
    }

    @Override
    public void close() throws IOException {
        for (Closeable each : open) {
            each.close();
        }
        threads.shutdownNow();
    }
}
