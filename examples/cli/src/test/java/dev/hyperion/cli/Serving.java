// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import static org.awaitility.Awaitility.await;

import dev.hyperion.cli.operator.Discovery;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An operator process of {@code serve} with a home of its own, ended with everything that it has started. */
final class Serving implements AutoCloseable {
    private final Path home;
    private final Path dataFolder;
    private final Path config;
    private final Cli cli;
    private Process process;

    private Serving(Path home, Path config) throws IOException {
        this.home = home;
        this.config = config;
        this.dataFolder = home.resolve("data");
        this.cli = new Cli(home);
        this.process = launch();
    }

    /** Starts one and waits until it can be found. */
    static Serving start(Path home, Path config) throws IOException {
        Serving serving = new Serving(home, config);
        try {
            serving.awaitUp();
            return serving;
        } catch (RuntimeException e) {
            serving.close();
            throw e;
        }
    }

    private Process launch() throws IOException {
        return cli.process(
                        // the mark by which everything is found that this operator starts
                        Map.of("HYPERION_TEST", home.toString()),
                        "serve",
                        "--config",
                        config.toString(),
                        "--data-dir",
                        dataFolder.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        home.resolve("serve.log").toFile()))
                .start();
    }

    private void awaitUp() {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("serve ended: " + Files.readString(home.resolve("serve.log")));
            }
            return !new Discovery(home.resolve("instances")).live().isEmpty();
        });
    }

    Cli cli() {
        return cli;
    }

    /** Deploys the embedded service under a name. */
    void deploy(String application, int replicas) throws IOException, InterruptedException {
        Path plan = Files.writeString(
                home.resolve("plan.yaml"),
                "application: " + application + "\nversion: 1.0.0\nartifact_path: "
                        + Cli.EXAMPLES.resolve("embedded-service/target/embedded-service")
                        + "\nhealth_interval: 200ms\nstop_grace: 5s\nmax_parallel: 2\ndesired_replicas: " + replicas
                        + "\n");
        Cli.Result result = cli.run("deploy", "apply", plan.toString(), "--notes", "the first one");
        if (result.exitCode() != HyperionCli.DONE) {
            throw new IllegalStateException("the service was not deployed: " + result.all());
        }
    }

    Path dataFolder() {
        return dataFolder;
    }

    Discovery.Found found() {
        return new Discovery(home.resolve("instances")).live().get(0);
    }

    /** Ends the operator as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }

    /** Starts another one on the same data. */
    void restart() throws IOException {
        process = launch();
        awaitUp();
    }

    /** Every process that was started by this operator, by its pid. */
    List<Long> started() throws IOException {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path each : processes) {
                if (("\0" + environment(each)).contains("\0HYPERION_TEST=" + home + "\0")) {
                    pids.add(Long.parseLong(each.getFileName().toString()));
                }
            }
        }
        return pids;
    }

    private static String environment(Path process) {
        try {
            return Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            List<Long> left = started();
            left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            return left.isEmpty();
        });
    }
}
