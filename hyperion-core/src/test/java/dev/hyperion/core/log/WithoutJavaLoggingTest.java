// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.core.Hyperion;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.monitoring.LogQuery;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Java runtime that was trimmed and has no {@code java.util.logging}. */
class WithoutJavaLoggingTest {
    @TempDir
    private Path folder;

    /** What runs there: an instance that does without, and one that asks for what is not there. */
    public static final class Program {
        private Program() {}

        /**
         * Writes what happened.
         *
         * @param args the file to write to
         * @throws Exception if something happened that should not
         */
        public static void main(String[] args) throws Exception {
            try (PrintWriter out = new PrintWriter(args[0], StandardCharsets.UTF_8)) {
                out.println("java.logging: "
                        + ModuleLayer.boot().findModule("java.logging").isPresent());
                try (Hyperion hyperion = Hyperion.start()) {
                    hyperion.monitoring().log(new LogEntry(LogEntries.START, LogLevel.INFO, "shop", "kept", Map.of()));
                    out.println(hyperion.monitoring()
                            .logs(new LogQuery(1, LogLevel.INFO))
                            .get(0)
                            .message());
                }
                try {
                    Hyperion.builder()
                            .config(Map.of("logs", Map.of("capture", List.of("jul"))))
                            .start()
                            .close();
                    out.println("started");
                } catch (RuntimeException e) {
                    out.println(e.getMessage());
                }
            }
            Runtime.getRuntime().halt(0);
        }
    }

    @Test
    void coreWorksWithoutItAndTheBridgeSaysWhatIsMissing() throws Exception {
        Path answer = folder.resolve("answer.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--limit-modules",
                        "java.base,java.management,jdk.management,jdk.httpserver,java.net.http",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        answer.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(answer).as(Files.readString(folder.resolve("output.txt"))).exists();
        assertThat(Files.readString(answer))
                .as("%s", Files.readString(folder.resolve("output.txt")))
                .contains(
                        "java.logging: false",
                        "kept",
                        "this Java runtime has no java.util.logging; add the module java.logging")
                .doesNotContain("started");
    }
}
