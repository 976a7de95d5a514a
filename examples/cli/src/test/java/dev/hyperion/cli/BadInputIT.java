// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input gives one clear message and the right exit code, and changes nothing. */
class BadInputIT {
    @TempDir
    private static Path home;

    private static Serving serving;

    @BeforeAll
    static void serve() throws IOException {
        Path config = Files.writeString(home.resolve("hyperion.yaml"), """
                store: sqlite
                http: {port: 0}
                deploy: {backend: process, router: embedded, interval: 200ms}
                """);
        serving = Serving.start(home, config);
    }

    @AfterAll
    static void end() throws IOException {
        serving.close();
    }

    /** Serves with a configuration that cannot be. */
    private static Cli.Result serve(String config) throws Exception {
        Path file = Files.writeString(home.resolve("bad.yaml"), config);
        return new Cli(home)
                .run(
                        "serve",
                        "--config",
                        file.toString(),
                        "--data-dir",
                        home.resolve("other").toString());
    }

    private static void refused(Cli.Result result, String... parts) {
        assertThat(result.exitCode()).as(result.all()).isEqualTo(1);
        assertThat(result.err()).contains(parts);
        assertThat(result.err()).doesNotContain("\tat ");
    }

    private static Path plan(String text) throws IOException {
        return Files.writeString(home.resolve("plan.yaml"), text);
    }

    private static String service() {
        return Cli.EXAMPLES.resolve("embedded-service/target/embedded-service").toString();
    }

    @Test
    void anUnknownKeyIsToldWithItsPlaceAndTheNearestOne() throws Exception {
        refused(serve("http:\n  prot: 80\n"), "bad.yaml:2:3: http.prot is not a known key; did you mean port?");
    }

    @Test
    void aWrongTypeIsToldWithWhatWasExpected() throws Exception {
        refused(
                serve("http:\n  port: many\n"),
                "bad.yaml:2:9: http.port is 'many'; expected a whole number from 0 to 65535");
    }

    @Test
    void aBadDurationIsToldWithWhatWasExpected() throws Exception {
        refused(
                serve("monitoring:\n  alert_interval: soon\nhttp:\n  port: -1\n"),
                "bad.yaml:2:19: monitoring.alert_interval is 'soon'; expected a duration such as",
                "bad.yaml:4:9: http.port is '-1'");
    }

    @Test
    void aMissingFileIsTold() throws Exception {
        refused(new Cli(home).run("serve", "--config", "nowhere.yaml"), "nowhere.yaml: does not exist");
    }

    @Test
    void anUnknownPluginIsToldWithThoseThatAreThere() throws Exception {
        refused(
                serve("http: {port: 0}\ndeploy:\n  backend: cloud\n  router: embedded\n"),
                "bad.yaml:3:3: deploy.backend no DeployBackend plugin is named 'cloud': there are process");
    }

    @Test
    void anAliasBombIsDefused() throws Exception {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ", ").repeat(9) + "*a" + (i - 1) + "]\n");
        }
        refused(serve(bomb.toString()), "bad.yaml:", "write out what aliases stand for");
    }

    @Test
    void aPortInUseIsTold() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            refused(
                    serve("http:\n  port: " + taken.getLocalPort() + "\n"),
                    "HTTP port " + taken.getLocalPort(),
                    "is in use");
        }
    }

    @Test
    void anUnreachableInstanceIsToldWithExitCodeThree() throws Exception {
        Cli.Result result = new Cli(home).run("monitor", "status", "--url", "http://127.0.0.1:1");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err())
                .contains("no instance answers at http://127.0.0.1:1")
                .hasLineCount(1);
    }

    @Test
    void whereNoInstanceRunsTheExitCodeIsThreeToo(@TempDir Path elsewhere) throws Exception {
        Cli.Result result = new Cli(elsewhere).run("deploy", "status");
        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).contains("hyperion_cli serve").hasLineCount(1);
    }

    @Test
    void aCommandThatDoesNotExistIsAUsageError() throws Exception {
        assertThat(new Cli(home).run("deploy", "aply").exitCode()).isEqualTo(2);
    }

    @Test
    void anArtifactWithAnotherDigestIsRefused() throws Exception {
        Path plan = plan(
                "version: 1.0.0\napplication: a\nartifact_path: " + service() + "\nsha256: " + "0".repeat(64) + "\n");
        refused(serving.cli().run("deploy", "apply", plan.toString()), "has the sha256", "not " + "0".repeat(64));
        assertThat(Files.exists(
                        serving.dataFolder().resolve("backend/artifacts").resolve("0".repeat(64))))
                .isFalse();
    }

    @Test
    void anArtifactThatIsNotThereIsRefused() throws Exception {
        Path plan = plan("version: 1.0.0\napplication: a\nartifact_path: nothing.tar.gz\n");
        refused(serving.cli().run("deploy", "plan", plan.toString()), "nothing.tar.gz does not exist");
    }

    @Test
    void aPlanFileWithMistakesIsToldWithEveryOneOfThem() throws Exception {
        Path plan = plan("versoin: 1\nartifact_path: x\nmax_parallel: 0\n");
        Cli.Result result = serving.cli().run("deploy", "plan", plan.toString());
        refused(
                result,
                "plan.yaml:1:1: versoin is not a known key; did you mean version?",
                "version is missing",
                "plan.yaml:3:15: max_parallel is '0'");
    }

    @Test
    void aCommandThatExitsAtOnceIsToldWithItsExitCodeAndLastWords() throws Exception {
        Path plan = plan("version: 1.0.0\napplication: brief\nartifact_path: " + service()
                + "\ncommand: [/bin/sh, -c, \"echo cannot open the database; exit 7\"]\nhealth_interval: 200ms\n");
        Cli.Result result = serving.cli().run("deploy", "apply", plan.toString());
        assertThat(result.exitCode()).as(result.all()).isEqualTo(1);
        assertThat(result.out()).contains("rolled back", "exit code 7", "cannot open the database");
        assertThat(serving.started().stream()
                        .filter(pid -> ProcessHandle.of(pid)
                                .flatMap(process -> process.info().commandLine())
                                .filter(line -> line.contains("cannot open"))
                                .isPresent())
                        .toList())
                .isEmpty();
    }

    @Test
    void twoInstancesAreBothNamed(@TempDir Path other) throws Exception {
        Path config = Files.writeString(other.resolve("hyperion.yaml"), "http: {port: 0}\n");
        try (Serving second = Serving.start(other, config)) {
            Files.copy(
                    Files.list(other.resolve("instances")).findFirst().orElseThrow(),
                    home.resolve("instances").resolve("second.properties"));
            Cli.Result result = serving.cli().run(serving.cli().process(Map.of(), "monitor", "status"));
            assertThat(result.exitCode()).isEqualTo(3);
            assertThat(result.err())
                    .contains(
                            serving.found().url().toString(),
                            second.found().url().toString(),
                            "name one with --url");
        } finally {
            Files.deleteIfExists(home.resolve("instances").resolve("second.properties"));
        }
    }
}
