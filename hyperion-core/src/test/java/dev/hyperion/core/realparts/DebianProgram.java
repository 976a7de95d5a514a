// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.realparts;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A program that a Debian package brings. CI installs the packages ({@code .ci/run}), and there a program that is missing
 * fails the test; elsewhere the test is skipped and says what to install.
 */
public enum DebianProgram {
    PROMETHEUS("prometheus", "prometheus"),
    PROMTOOL("promtool", "prometheus"),
    ALERTMANAGER("prometheus-alertmanager", "prometheus-alertmanager"),
    AMTOOL("amtool", "prometheus-alertmanager");

    private static final int LONGEST_RUN_SECONDS = 120;

    private final String program;
    private final String packageName;

    DebianProgram(String program, String packageName) {
        this.program = program;
        this.packageName = packageName;
    }

    /** Where it is; ends the test if it is nowhere. */
    public Path path() {
        for (String folder : System.getenv().getOrDefault("PATH", "/usr/bin").split(File.pathSeparator)) {
            Path path = Path.of(folder, program);
            if (Files.isExecutable(path)) {
                return path;
            }
        }
        String missing = program + " is not installed; install the Debian package " + packageName
                + ": apt-get install --no-install-recommends " + packageName;
        if (System.getenv("CI") != null) {
            Assertions.fail(missing);
        }
        return Assumptions.abort("skipped: " + missing);
    }

    /** What a run that ends by itself printed, on both streams, and how it ended. */
    public record Ended(int status, String output) {}

    /** Runs it to its end. */
    public Ended run(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(path().toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, program, ".out");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!process.waitFor(LONGEST_RUN_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(command + " does not end; it printed " + Files.readString(output));
            }
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
    }
}
