// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs every benchmark, alone and on all processors, and writes the results beside each other: as JSON for machines and
 * as a table for people. {@code --quick} gives a first impression in a minute.
 */
public final class Benchmarks {
    private Benchmarks() {}

    /**
     * Runs the benchmarks.
     *
     * @param args {@code [--quick] [--out folder]}
     * @throws RunnerException if a benchmark fails
     * @throws IOException if the results cannot be written
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws RunnerException, IOException, InterruptedException {
        List<String> words = List.of(args);
        boolean quick = words.contains("--quick");
        int out = words.indexOf("--out");
        Path folder = Path.of(out >= 0 && out + 1 < words.size() ? words.get(out + 1) : "docs/benchmarks");
        Files.createDirectories(folder);

        Path embedding = folder.resolve("embedding.md");
        Files.writeString(
                embedding,
                EmbeddingCost.measure(
                        Path.of("hyperion-core/target/runtime-class-path.txt"),
                        Path.of("hyperion-benchmarks/target/classes")));
        System.out.println(Files.readString(embedding));

        int processors = Runtime.getRuntime().availableProcessors();
        List<RunResult> results = new ArrayList<>(run(1, quick));
        results.addAll(run(Math.max(2, processors), quick));

        ResultFormatFactory.getInstance(
                        ResultFormatType.JSON,
                        folder.resolve("record-latency.json").toString())
                .writeOut(results);
        Path table = folder.resolve("record-latency.md");
        Files.writeString(table, table(results));
        System.out.println(Files.readString(table));
    }

    private static Collection<RunResult> run(int threads, boolean quick) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(RecordLatency.class.getName())
                .threads(threads)
                .forks(quick ? 1 : 3)
                .warmupIterations(quick ? 2 : 3)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(quick ? 2 : 5)
                .measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend("-Xms1g", "-Xmx1g");
        return new Runner(options.build()).run();
    }

    private static String table(List<RunResult> results) {
        StringBuilder text = new StringBuilder();
        text.append("| record one latency | threads | ns per call | B allocated per call |\n");
        text.append("| --- | ---: | ---: | ---: |\n");
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark();
            Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %d | %.1f ± %.1f | %s |%n",
                    name.substring(name.lastIndexOf('.') + 1),
                    result.getParams().getThreads(),
                    result.getPrimaryResult().getScore(),
                    result.getPrimaryResult().getScoreError(),
                    bytes == null ? "?" : String.format(Locale.ROOT, "%.2f", bytes.getScore())));
        }
        return text.append('\n')
                .append(System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version") + ", "
                        + Runtime.getRuntime().availableProcessors()
                        + " processors; all threads record into one timer.\n")
                .toString();
    }
}
