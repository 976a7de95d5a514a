// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Counts replicas where the operating system has them: processes with this demo's mark in their environment, by the version in
 * it. Hyperion is not asked.
 */
final class ReplicaCensus {
    static final String MARK = "HYPERION_DEMO";

    private final String mark;

    ReplicaCensus(String mark) {
        this.mark = mark;
    }

    /** The replicas of each version: a shim and its child are one. */
    Map<String, Integer> count() throws IOException {
        Map<String, TreeSet<String>> instances = new TreeMap<>();
        each((pid, variables) -> instances
                .computeIfAbsent(variables.getOrDefault("HYPERION_VERSION", "?"), v -> new TreeSet<>())
                .add(variables.getOrDefault("HYPERION_INSTANCE_ID", "?")));
        Map<String, Integer> counts = new TreeMap<>();
        instances.forEach((version, ids) -> counts.put(version, ids.size()));
        return counts;
    }

    /** Ends every process with the mark, politely and then not. */
    void end() throws IOException, InterruptedException {
        for (int i = 0; i < 50; i++) {
            boolean last = i >= 30;
            boolean[] any = {false};
            each((pid, variables) -> ProcessHandle.of(pid).ifPresent(process -> {
                any[0] = true;
                if (last) {
                    process.destroyForcibly();
                } else {
                    process.destroy();
                }
            }));
            if (!any[0]) {
                return;
            }
            // real processes end in their own time; nobody tells when
            Thread.sleep(200);
        }
    }

    /** What is done with each process that has the mark. */
    private interface Visit {
        void to(long pid, Map<String, String> variables);
    }

    private void each(Visit visit) throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                Map<String, String> variables = environment(process);
                if (mark.equals(variables.get(MARK))) {
                    visit.to(Long.parseLong(process.getFileName().toString()), variables);
                }
            }
        }
    }

    private static Map<String, String> environment(Path process) {
        Map<String, String> variables = new TreeMap<>();
        try {
            String text = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
            for (String pair : text.split("\0", -1)) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    variables.put(pair.substring(0, equals), pair.substring(equals + 1));
                }
            }
            return variables;
        } catch (IOException e) {
            return variables; // it ended, or it is somebody else's: then it has no mark of ours
        }
    }
}
