// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Whether each benchmark works at all; its figures mean nothing here. */
class EveryBenchmarkRunsTest {
    private static final String ON_VIRTUAL_THREADS = ".*VirtualThreads.*";

    @Test
    void everyBenchmarkMethodRunsOnceWithoutAnError(@TempDir Path folder) throws RunnerException {
        System.setProperty(
                "jmh.ignoreLock", "true"); // in this JVM only: builds beside each other share the lock's folder
        ChainedOptionsBuilder options = new OptionsBuilder()
                .mode(Mode.SingleShotTime)
                .forks(0)
                .warmupIterations(0)
                .measurementIterations(1)
                .shouldFailOnError(true)
                .param("timers", "20")
                .param("rules", "40")
                .param("replicas", "5")
                .verbosity(VerboseMode.SILENT)
                .output(folder.resolve("jmh.txt").toString());
        boolean virtualThreads = Runtime.version().feature() >= 21;
        if (!virtualThreads) {
            options.exclude(ON_VIRTUAL_THREADS);
        }

        Collection<RunResult> results = new Runner(options.build()).run();

        Set<String> ran = results.stream()
                .map(result -> result.getParams().getBenchmark())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> all = BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), java.util.List.of())
                .stream()
                .map(entry -> entry.getUsername())
                .filter(name -> virtualThreads || !name.matches(ON_VIRTUAL_THREADS))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(ran).hasSizeGreaterThan(50).isEqualTo(all);
    }

    @Test
    void everyBenchmarkBelongsToOneGroup() {
        Set<String> names = BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), java.util.List.of())
                .stream()
                .map(entry -> entry.getUsername())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(names)
                .allSatisfy(name -> assertThat(java.util.Arrays.stream(Group.values())
                                .filter(group -> !group.isWeighed())
                                .filter(group -> java.util.regex.Pattern.compile(group.include())
                                        .matcher(name)
                                        .find()))
                        .as(name)
                        .hasSize(1));
    }
}
