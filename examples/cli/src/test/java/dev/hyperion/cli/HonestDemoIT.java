// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo cannot succeed where it should not: each of these worlds lacks one thing that it claims to show. */
class HonestDemoIT {
    @TempDir
    private Path home;

    private Cli.Result demo(String... args) throws Exception {
        Cli cli = new Cli(home);
        List<String> all = new ArrayList<>(List.of("demo"));
        all.addAll(List.of(args));
        return cli.run(cli.process(Map.of("HYPERION_TEST", home.toString()), all.toArray(String[]::new)));
    }

    private Path config(String old, String now) throws IOException {
        String shipped = Files.readString(Cli.EXAMPLES.resolve("configs/demo.yaml"));
        assertThat(shipped).contains(old);
        return Files.writeString(home.resolve("demo.yaml"), shipped.replace(old, now));
    }

    @AfterEach
    void nothingIsLeftRunning() {
        // who was told to end may still be doing so
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(left()).isEmpty());
    }

    private List<Path> left() throws IOException {
        List<Path> left = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (environment(process).contains("HYPERION_TEST=" + home)) {
                    left.add(process);
                }
            }
        }
        return left;
    }

    private static String environment(Path process) {
        try {
            return Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** How fast a healthy version is on a busy machine is not known; so no alert is wanted, and the client's log decides. */
    @Test
    void withAHealthyNewVersionItFails() throws Exception {
        Path config = config("threshold: 250 ms", "threshold: 60 s");
        Cli.Result result = demo("--config", config.toString(), "--bad-millis", "40");
        assertThat(result.exitCode()).as(result.all()).isEqualTo(1);
        assertThat(result.out()).contains("FAIL  the alert fired", "FAIL  the rollout returned to 1.4.0");
        Matcher slow = Pattern.compile("(ok  |FAIL)  1\\.5\\.0 was slow .* p95 (\\d+) ms")
                .matcher(result.out());
        assertThat(slow.find()).as(result.all()).isTrue();
        assertThat(slow.group(1)).as(slow.group()).isEqualTo(Integer.parseInt(slow.group(2)) > 250 ? "ok  " : "FAIL");
    }

    @Test
    void withALoopThatNeverScalesItFails() throws Exception {
        Cli.Result result =
                demo("--config", config("max_replicas: 6", "max_replicas: 4").toString());
        assertThat(result.exitCode()).as(result.all()).isEqualTo(1);
        assertThat(result.out()).contains("FAIL  more load brought more replicas");
    }

    @Test
    void withARouterThatIgnoresWeightsItFails() throws Exception {
        Path config = config("router: embedded", "router: even");
        Files.writeString(config, Files.readString(config).replace("  embedded:\n", "  even:\n"));
        Cli cli = new Cli(home);
        // the broken router is on the test class path only
        ProcessBuilder builder = cli.process(
                List.of("-cp", System.getProperty("java.class.path"), HyperionCli.class.getName()),
                Map.of("HYPERION_TEST", home.toString()),
                "demo",
                "--config",
                config.toString());
        Cli.Result result = cli.run(builder);
        assertThat(result.exitCode()).as(result.all()).isEqualTo(1);
        assertThat(result.out()).contains("FAIL  the canary got 10 % of the requests");
    }
}
