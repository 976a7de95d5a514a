// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.cost;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What an application pays for having Hyperion inside: start time, threads, heap and jars, of a JVM that has nothing but
 * {@code hyperion-core} on its class path, in the median of several starts, beside the same JVM without it.
 */
public final class EmbeddingCost {
    private static final double MIB = 1024.0 * 1024.0;

    private EmbeddingCost() {}

    /**
     * Measures.
     *
     * @param starts how many JVMs with Hyperion, and how many without
     * @param classPathFile where the build wrote down the jars of {@code hyperion-core}, beside its classes
     * @param ownClasses the classes of the benchmarks
     * @return start time, threads, live heap, jars and their size
     * @throws IOException if a JVM does not start, or what the build made is not there
     * @throws InterruptedException if it is interrupted
     */
    public static List<Figure> measure(int starts, Path classPathFile, Path ownClasses)
            throws IOException, InterruptedException {
        List<Path> jars = Arrays.stream(Files.readString(classPathFile).trim().split(File.pathSeparator, -1))
                .map(Path::of)
                .toList();
        Path classes = classPathFile.resolveSibling("classes");
        String classPath = ownClasses
                + File.pathSeparator
                + classes
                + File.pathSeparator
                + jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        double[] without = FreshJvm.medians(starts, classPath, List.of(), EmbeddedStart.class, "nothing");
        double[] with = FreshJvm.medians(starts, classPath, List.of(), EmbeddedStart.class, "hyperion");
        long bytes = size(classes);
        for (Path jar : jars) {
            bytes += size(jar);
        }
        return List.of(
                new Figure("hyperion", "start", with[0] - without[0], "ms"),
                new Figure("hyperion", "threads", with[1] - without[1], "threads"),
                new Figure("hyperion", "heap", with[2] - without[2], "MiB"),
                new Figure("hyperion", "jars", jars.size() + 1, "jars"),
                new Figure("hyperion", "jarSize", bytes / MIB, "MiB"));
    }

    private static long size(Path path) throws IOException {
        long bytes = 0;
        try (var files = Files.walk(path)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
