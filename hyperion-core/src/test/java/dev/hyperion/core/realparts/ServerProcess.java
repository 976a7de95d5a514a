// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.realparts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A server of ours on a port of 127.0.0.1, in a folder of its own, ended with the test. */
public final class ServerProcess implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> command;
    private final Path folder;
    private final int port;
    private Process process;

    private ServerProcess(List<String> command, Path folder, int port) {
        this.command = command;
        this.folder = folder;
        this.port = port;
    }

    /** An Alertmanager without neighbours. */
    public static ServerProcess alertmanager(Path folder, String config) throws IOException {
        int port = freePort();
        Path file = Files.writeString(folder.resolve("alertmanager.yml"), config);
        return new ServerProcess(
                        List.of(
                                DebianProgram.ALERTMANAGER.path().toString(),
                                "--config.file=" + file,
                                "--storage.path=" + folder.resolve("data"),
                                "--web.listen-address=127.0.0.1:" + port,
                                "--cluster.listen-address="),
                        folder,
                        port)
                .start();
    }

    /** A Prometheus, with further arguments if there are any. */
    public static ServerProcess prometheus(Path folder, String config, String... more) throws IOException {
        int port = freePort();
        Path file = Files.writeString(folder.resolve("prometheus.yml"), config);
        List<String> command = new ArrayList<>(List.of(
                DebianProgram.PROMETHEUS.path().toString(),
                "--config.file=" + file,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port));
        command.addAll(List.of(more));
        return new ServerProcess(command, folder, port).start();
    }

    /** A port that is free now. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts it, again if it was ended, and waits until it is ready. */
    public ServerProcess start() throws IOException {
        Path log = folder.resolve("server.log");
        process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            Awaitility.await(command.get(0) + " is ready, see " + log)
                    .atMost(LONGEST_START)
                    .pollInterval(Duration.ofMillis(50))
                    .failFast("it ended", () -> !process.isAlive())
                    .ignoreExceptions()
                    .until(() -> get("/-/ready").statusCode() == 200);
        } catch (RuntimeException e) {
            end();
            throw new IllegalStateException(command + " does not start: " + Files.readString(log), e);
        }
        return this;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(url() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Ends this very process, in order, or by force if it does not end. */
    public void end() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end();
    }
}
