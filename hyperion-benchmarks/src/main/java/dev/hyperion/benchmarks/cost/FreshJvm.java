// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.cost;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Starts a JVM of the same kind as this one for one measurement; it prints numbers, and nothing else. */
final class FreshJvm {
    private FreshJvm() {}

    /**
     * Runs a program several times.
     *
     * @return the median of each number that it prints
     */
    static double[] medians(int starts, String classPath, List<String> options, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<double[]> all = new ArrayList<>();
        for (int i = 0; i < starts; i++) {
            all.add(run(classPath, options, program, arguments));
        }
        double[] medians = new double[all.get(0).length];
        for (int i = 0; i < medians.length; i++) {
            int column = i;
            double[] values =
                    all.stream().mapToDouble(row -> row[column]).sorted().toArray();
            medians[i] = values[values.length / 2];
        }
        return medians;
    }

    private static double[] run(String classPath, List<String> options, Class<?> program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Dslf4j.internal.verbosity=ERROR"); // that nobody logs here is no news
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, program.getName()));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(program.getSimpleName() + " " + String.join(" ", arguments)
                    + " failed, having printed: " + printed);
        }
        return Arrays.stream(printed.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }
}
