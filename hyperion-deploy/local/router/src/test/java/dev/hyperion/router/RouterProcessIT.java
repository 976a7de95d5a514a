// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import static dev.hyperion.router.RunningRouter.TOKEN;
import static dev.hyperion.router.RunningRouter.member;
import static dev.hyperion.router.RunningRouter.parse;
import static dev.hyperion.router.RunningRouter.share;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The router as the process that it is: killed, ended, refused. */
class RouterProcessIT {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path temp;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endWhatWasStarted() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly();
            process.waitFor();
        }
    }

    @Test
    void aRouterThatWasKilledServesTheSameSplitOnTheSamePortAfterItsRestart() throws Exception {
        try (TestReplica old = TestReplica.saying("old");
                TestReplica fresh = TestReplica.saying("fresh")) {
            Process first = start();
            Map<?, ?> identity = awaitIdentity(first);
            int port = port(identity, "trafficPort");
            String table = RunningRouter.table(
                    OptionalLong.of(0), 7, "s1", Map.of("1.0", share(7_500, old), "2.0", share(2_500, fresh)));
            assertThat(admin(identity, "PUT", "/table", table).statusCode()).isEqualTo(200);
            assertThat(get(port).statusCode()).isEqualTo(200);
            Object startId = member(identity, "startId");

            first.destroyForcibly().waitFor();
            Process second = start("--traffic-port", Integer.toString(port));
            Map<?, ?> again = awaitIdentity(second);

            assertThat(port(again, "trafficPort")).isEqualTo(port);
            assertThat(member(again, "startId")).isNotEqualTo(startId);
            int before = fresh.hits.get();
            for (int i = 0; i < 400; i++) {
                assertThat(get(port).statusCode()).isEqualTo(200);
            }
            assertThat(fresh.hits.get() - before).isEqualTo(100);
            Object now = parse(admin(again, "GET", "/table", "").body());
            assertThat(member(now, "generation")).isEqualTo(1L);
            assertThat(member(now, "epoch")).isEqualTo(7L);
            assertThat(admin(again, "PUT", "/table", table.replace("\"epoch\":7", "\"epoch\":6"))
                            .statusCode())
                    .isEqualTo(412);
        }
    }

    @Test
    void theIdentityFileNamesTheProcess() throws Exception {
        Process process = start();
        Map<?, ?> identity = awaitIdentity(process);

        assertThat(member(identity, "pid")).isEqualTo(process.pid());
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        assertThat(stat.substring(stat.lastIndexOf(')'))).contains(" " + member(identity, "startTicks") + " ");
        assertThat(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")))
                .as("any user of the machine can read the command line")
                .doesNotContain(TOKEN);
    }

    @Test
    void askedToEndItTakesNoMoreConnectionsAndFinishesWhatIsInFlight() throws Exception {
        for (boolean bySignal : new boolean[] {true, false}) {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            try (TestReplica slow = new TestReplica(exchange -> {
                inside.countDown();
                release.await();
                TestReplica.reply(exchange, 200, "finished");
            })) {
                Process process = start();
                Map<?, ?> identity = awaitIdentity(process);
                int port = port(identity, "trafficPort");
                admin(
                        identity,
                        "PUT",
                        "/table",
                        RunningRouter.table(
                                OptionalLong.empty(), 1, "s" + bySignal, Map.of("1.0", share(10_000, slow))));
                CompletableFuture<HttpResponse<String>> answer =
                        CLIENT.sendAsync(request(port), HttpResponse.BodyHandlers.ofString());
                inside.await();

                if (bySignal) {
                    process.destroy();
                } else {
                    assertThat(admin(identity, "POST", "/stop", "").statusCode())
                            .isEqualTo(202);
                }
                RunningRouter.awaitTrue(() -> !accepts(port), () -> "the router still takes connections");
                assertThat(process.isAlive()).isTrue();
                release.countDown();

                assertThat(answer.get(60, TimeUnit.SECONDS).body()).isEqualTo("finished");
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isEqualTo(bySignal ? 143 : 0);
            }
        }
    }

    @Test
    void twoRoutersNeverShareAStateFolder() throws Exception {
        awaitIdentity(start());
        Process second = start();

        assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(3);
        assertThat(log(second)).contains("belongs to a router that is alive");
    }

    @Test
    void aPortInUseIsToldInOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = start("--traffic-port", Integer.toString(taken.getLocalPort()));

            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(log(process).strip())
                    .isEqualTo("hyperion-router: --traffic-port " + taken.getLocalPort()
                            + " on 127.0.0.1 is in use or not allowed; free it or choose another");
        }
    }

    private Process start(String... more) throws IOException {
        Path token = temp.resolve("token");
        if (!Files.exists(token)) {
            Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(token, TOKEN);
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                RouterMain.class.getName(),
                "--state-dir",
                temp.resolve("state").toString(),
                "--token-file",
                token.toString()));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("log-" + started.size()).toFile())
                .start();
        started.add(process);
        return process;
    }

    private String log(Process process) throws IOException {
        return Files.readString(temp.resolve("log-" + started.indexOf(process)));
    }

    private Map<?, ?> awaitIdentity(Process process) throws Exception {
        Path file = temp.resolve("state/router.json");
        RunningRouter.awaitTrue(
                () -> {
                    try {
                        return Files.exists(file)
                                && member(parse(Files.readString(file)), "pid").equals(process.pid());
                    } catch (IOException e) {
                        return false;
                    }
                },
                () -> "the router did not tell its ports");
        return (Map<?, ?>) parse(Files.readString(file));
    }

    private static int port(Map<?, ?> identity, String name) {
        return ((Long) member(identity, name)).intValue();
    }

    private static HttpResponse<String> admin(Map<?, ?> identity, String method, String path, String body)
            throws IOException, InterruptedException {
        return RunningRouter.admin(port(identity, "adminPort"), TOKEN, method, path, body);
    }

    private static HttpRequest request(int port) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .build();
    }

    private static HttpResponse<String> get(int port) throws IOException, InterruptedException {
        return CLIENT.send(request(port), HttpResponse.BodyHandlers.ofString());
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
