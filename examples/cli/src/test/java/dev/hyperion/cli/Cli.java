// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The command line as people have it: a process with an exit code and two streams, and a home of its own. */
final class Cli {
    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    static final Path EXAMPLES = ROOT.resolve("examples");
    private static final Path JAR = ROOT.resolve("examples/cli/target/cli/hyperion-cli.jar");

    private final Path home;

    Cli(Path home) {
        this.home = home;
    }

    /** What came of a command. */
    record Result(int exitCode, String out, String err) {
        String all() {
            return out + err;
        }
    }

    /** The command line of a process that runs a command. */
    ProcessBuilder process(Map<String, String> environment, String... args) {
        return process(List.of(), environment, args);
    }

    ProcessBuilder process(List<String> jvm, Map<String, String> environment, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dhyperion.examples=" + EXAMPLES,
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
        command.addAll(jvm);
        if (jvm.isEmpty()) {
            command.addAll(List.of("-jar", JAR.toString()));
        }
        command.addAll(Arrays.asList(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(EXAMPLES.toFile());
        builder.environment().remove("HYPERION_URL");
        builder.environment().remove("HYPERION_API_KEY");
        builder.environment().put("HYPERION_HOME", home.toString());
        builder.environment().putAll(environment);
        return builder;
    }

    Result run(String... args) throws IOException, InterruptedException {
        return run(process(Map.of(), args));
    }

    Result run(ProcessBuilder builder) throws IOException, InterruptedException {
        Path out = Files.createTempFile(home, "out", ".txt");
        Path err = Files.createTempFile(home, "err", ".txt");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        if (!process.waitFor(180, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(builder.command() + " did not end: " + Files.readString(out));
        }
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
