// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks;

import dev.hyperion.benchmarks.cost.EmbeddingCost;
import dev.hyperion.benchmarks.cost.Figure;
import dev.hyperion.benchmarks.cost.FleetError;
import dev.hyperion.benchmarks.cost.LoopCost;
import dev.hyperion.benchmarks.cost.SeriesMemory;
import dev.hyperion.benchmarks.peers.RecordPeer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures on this JDK, one benchmark after the other, and keeps the results as JSON, one file per group; says after each
 * how long the rest will take.
 */
public final class Benchmarks {
    private static final Path CORE_JARS = Path.of("hyperion-core/target/runtime-class-path.txt");
    private static final Path OWN_CLASSES = Path.of("hyperion-benchmarks/target/classes");
    private static final int WEIGHING_MILLIS = 1_500;

    private final Preset preset;
    private final Path out;
    private final Progress progress;

    private Benchmarks(Preset preset, Path out, Progress progress) {
        this.preset = preset;
        this.out = out;
        this.progress = progress;
    }

    /** One benchmark with a number of threads. */
    private record Step(Group group, String benchmark, int threads) {}

    /**
     * Measures.
     *
     * @param args {@code [--preset smoke|standard|full] [--only group,group] [--without group,group] [--out folder]
     *     [--estimate]}
     * @throws RunnerException if a benchmark fails
     * @throws IOException if the results cannot be written
     * @throws InterruptedException if it is interrupted
     */
    public static void main(String[] args) throws RunnerException, IOException, InterruptedException {
        List<String> words = List.of(args);
        Preset preset = Preset.named(option(words, "--preset", "standard"));
        String only = option(words, "--only", "");
        String without = option(words, "--without", "");
        List<Group> groups = new ArrayList<>(only.isEmpty() ? Arrays.asList(Group.values()) : Group.named(only));
        if (!without.isEmpty()) {
            groups.removeAll(Group.named(without));
        }
        int version = Runtime.version().feature();
        groups.removeIf(group -> !group.runsOn(version));
        List<Step> steps = new ArrayList<>();
        groups.forEach(group -> steps.addAll(steps(group, preset)));
        Progress progress = new Progress(
                System.out, steps.stream().map(step -> expected(step, preset)).toList());
        System.out.println("JDK " + version + ", preset " + preset.word() + ": " + steps.size() + " steps, about "
                + progress.remaining());
        if (!words.contains("--estimate")) {
            Benchmarks benchmarks = new Benchmarks(
                    preset, Path.of(option(words, "--out", "hyperion-benchmarks/target/results")), progress);
            for (Group group : groups) {
                List<Step> own =
                        steps.stream().filter(step -> step.group() == group).toList();
                if (!own.isEmpty()) {
                    benchmarks.measure(group, own);
                }
            }
        }
    }

    private static String option(List<String> words, String name, String otherwise) {
        int at = words.indexOf(name);
        if (at >= 0 && at + 1 >= words.size()) {
            throw new IllegalArgumentException(name + " needs a value");
        }
        return at < 0 ? otherwise : words.get(at + 1);
    }

    private static List<Step> steps(Group group, Preset preset) {
        List<Step> steps = new ArrayList<>();
        for (int threads : group.threads(preset, Runtime.getRuntime().availableProcessors())) {
            for (String name : names(group)) {
                steps.add(new Step(group, name, threads));
            }
        }
        return steps;
    }

    private static SortedSet<String> names(Group group) {
        SortedSet<String> names = new TreeSet<>();
        if (group == Group.MEMORY) {
            for (RecordPeer peer : RecordPeer.values()) {
                names.add(peer.name());
            }
        } else if (group == Group.EMBEDDING) {
            names.add("start");
        } else if (group == Group.LOOP) {
            names.add("applications");
        } else {
            Set<BenchmarkListEntry> found = BenchmarkList.defaultList()
                    .find(
                            OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
                            List.of(group.include()),
                            List.of());
            found.forEach(entry -> names.add(entry.getUsername()));
        }
        return names;
    }

    private static Duration expected(Step step, Preset preset) {
        Group group = step.group();
        if (group == Group.LOOP) {
            return LoopCost.DURATION;
        }
        if (group.isWeighed()) {
            return Duration.ofMillis((group == Group.MEMORY ? 1L : 2L) * preset.starts() * WEIGHING_MILLIS);
        }
        int millis = group.warmups(preset) * group.warmupMillis(preset)
                + preset.measurements() * group.iterationMillis(preset)
                + group.setUpMillis();
        return Duration.ofMillis((long) preset.forks() * millis);
    }

    private void measure(Group group, List<Step> steps) throws RunnerException, IOException, InterruptedException {
        List<RunResult> timed = new ArrayList<>();
        List<Figure> weighed = new ArrayList<>();
        for (Step step : steps) {
            if (group == Group.MEMORY) {
                RecordPeer peer = RecordPeer.valueOf(step.benchmark());
                List<Figure> bytes = SeriesMemory.measure(preset.starts(), peer.method(), peer);
                weighed.addAll(bytes);
                progress.done(String.format(
                        Locale.ROOT,
                        "memory %s: %.0f B idle, %.0f B active",
                        peer.method(),
                        bytes.get(0).value(),
                        bytes.get(1).value()));
            } else if (group == Group.EMBEDDING) {
                weighed.addAll(EmbeddingCost.measure(2 * preset.starts() + 1, CORE_JARS, OWN_CLASSES));
                progress.done("embedding");
            } else if (group == Group.LOOP) {
                weighed.addAll(LoopCost.measure(System.getProperty("java.class.path")));
                progress.done("loop");
            } else {
                Collection<RunResult> results = run(step);
                timed.addAll(results);
                RunResult result = results.iterator().next();
                progress.done(String.format(
                        Locale.ROOT,
                        "%s %s, %d thread%s: %.3g %s",
                        group.word(),
                        step.benchmark().replaceAll(".*\\.", ""),
                        step.threads(),
                        step.threads() == 1 ? "" : "s",
                        result.getPrimaryResult().getScore(),
                        result.getPrimaryResult().getScoreUnit()));
            }
        }
        if (group == Group.MERGE) {
            weighed.addAll(FleetError.measure());
        }
        ResultFile.write(out, group, preset, timed, weighed);
    }

    /** One result for each value of the benchmark's parameters. */
    private Collection<RunResult> run(Step step) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include("^" + Pattern.quote(step.benchmark()) + "$")
                        .threads(step.threads())
                        .forks(preset.forks())
                        .warmupIterations(step.group().warmups(preset))
                        .warmupTime(TimeValue.milliseconds(step.group().warmupMillis(preset)))
                        .measurementIterations(preset.measurements())
                        .measurementTime(TimeValue.milliseconds(step.group().iterationMillis(preset)))
                        .addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .jvmArgsAppend(
                                "-Xms" + step.group().heap(),
                                "-Xmx" + step.group().heap())
                        .build())
                .run();
    }
}
