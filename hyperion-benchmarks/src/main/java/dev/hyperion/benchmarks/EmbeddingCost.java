// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What an application pays for having Hyperion inside: start time, threads, heap and jars, of a JVM that has nothing but
 * {@code hyperion-core} on its class path, in the median of several starts, beside the same JVM without it.
 */
final class EmbeddingCost {
    private static final int STARTS = 7;

    private EmbeddingCost() {}

    /** What one start told. */
    private record Start(double millis, long threads, double heapMiB) {}

    static String measure(Path classPathFile, Path ownClasses) throws IOException, InterruptedException {
        List<Path> jars = Arrays.stream(Files.readString(classPathFile).trim().split(File.pathSeparator, -1))
                .map(Path::of)
                .toList();
        String classPath = String.join(
                File.pathSeparator, jars.stream().map(Path::toString).toList());
        String with = ownClasses
                + File.pathSeparator
                + classPath
                + File.pathSeparator
                + classPathFile.resolveSibling("classes");
        Start empty = median(with, "nothing");
        Start embedded = median(with, "hyperion");
        long bytes = size(classPathFile.resolveSibling("classes"));
        int count = 1;
        for (Path jar : jars) {
            bytes += size(jar);
            count++;
        }
        return String.format(
                Locale.ROOT,
                "| embedding | |%n| --- | ---: |%n"
                        + "| time to start, first `Hyperion.start()` in a cold JVM | %.0f ms |%n"
                        + "| threads | %d |%n| live heap | %.1f MiB |%n| jars, with every dependency | %d, %.1f MiB |%n",
                embedded.millis() - empty.millis(),
                embedded.threads() - empty.threads(),
                embedded.heapMiB() - empty.heapMiB(),
                count,
                bytes / 1024.0 / 1024.0);
    }

    private static long size(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return Files.size(path);
        }
        long bytes = 0;
        try (var files = Files.walk(path)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    private static Start median(String classPath, String what) throws IOException, InterruptedException {
        List<Start> starts = new ArrayList<>();
        for (int i = 0; i < STARTS; i++) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            classPath,
                            EmbeddedStart.class.getName(),
                            what)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String[] figures = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .strip()
                    .split(" ", -1);
            if (process.waitFor() != 0) {
                throw new IOException("a JVM with " + what + " did not start: " + Arrays.toString(figures));
            }
            starts.add(new Start(
                    Double.parseDouble(figures[0]), Long.parseLong(figures[1]), Double.parseDouble(figures[2])));
        }
        starts.sort(Comparator.comparingDouble(Start::millis));
        return starts.get(STARTS / 2);
    }
}
