// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What was measured, by group ({@code record}, {@code scrape}, …) and Java version. Of timed figures the median over the forks
 * is told, each fork by the mean of its iterations: forks differ by more than iterations do. What was not measured is empty.
 *
 * <p>Thread-safety: immutable.
 */
final class Results {
    private static final Pattern FILE = Pattern.compile("([a-z]+)-jdk(\\d+)\\.json");

    private final Map<String, Map<Integer, Measured>> groups;

    /** When and on what a group was measured; no forks where nothing was timed. */
    record Run(String date, String preset, int processors, int jdk, String jvm, OptionalInt forks) {}

    private record Timing(String method, int threads, double time, String unit, OptionalDouble bytes) {}

    private record Weight(String who, String what, double value) {}

    private record Measured(Run run, List<Timing> timings, List<Weight> weights) {}

    private Results(Map<String, Map<Integer, Measured>> groups) {
        this.groups = groups;
    }

    /** Reads the files of a folder; none if it is not there. */
    static Results read(Path folder) throws IOException {
        Map<String, Map<Integer, Measured>> groups = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    Matcher name = FILE.matcher(file.getFileName().toString());
                    if (name.matches()) {
                        groups.computeIfAbsent(name.group(1), group -> new TreeMap<>())
                                .put(
                                        Integer.parseInt(name.group(2)),
                                        measured(new ObjectMapper().readTree(Files.readString(file))));
                    }
                }
            }
        }
        return new Results(groups);
    }

    private static Measured measured(JsonNode file) {
        List<Timing> timings = new ArrayList<>();
        OptionalInt forks = OptionalInt.empty();
        for (JsonNode result : file.path("jmh")) {
            timings.add(timing(result));
            int own = result.path("forks").asInt();
            forks = OptionalInt.of(forks.isPresent() ? Math.min(own, forks.getAsInt()) : own);
        }
        List<Weight> weights = new ArrayList<>();
        for (JsonNode figure : file.path("figures")) {
            weights.add(new Weight(
                    figure.path("who").asText(),
                    figure.path("what").asText(),
                    figure.path("value").asDouble()));
        }
        JsonNode run = file.path("run");
        return new Measured(
                new Run(
                        run.path("date").asText(),
                        run.path("preset").asText(),
                        run.path("processors").asInt(),
                        run.path("jdk").asInt(),
                        run.path("jvm").asText(),
                        forks),
                timings,
                weights);
    }

    private static Timing timing(JsonNode result) {
        String benchmark = result.path("benchmark").asText();
        List<String> compared = new ArrayList<>();
        if (benchmark.contains(".designs.")) { // there it is the parameters that are compared
            result.path("params").forEach(value -> compared.add(value.asText()));
        }
        String method = benchmark.substring(benchmark.lastIndexOf('.') + 1);
        JsonNode primary = result.path("primaryMetric");
        return new Timing(
                compared.isEmpty() ? method : String.join(" ", compared),
                result.path("threads").asInt(),
                medianOfForks(primary.path("rawData")),
                primary.path("scoreUnit").asText(),
                bytes(result.path("secondaryMetrics")));
    }

    /** Where the benchmark counts its own garbage that is told, else what the whole JVM allocated per call. */
    private static OptionalDouble bytes(JsonNode secondary) {
        double calls = sum(secondary.path("scrapes").path("rawData"));
        if (calls > 0) {
            return OptionalDouble.of(sum(secondary.path("allocatedBytes").path("rawData")) / calls);
        }
        for (String name : List.of("gc.alloc.rate.norm", "·gc.alloc.rate.norm")) {
            if (secondary.has(name)) {
                return OptionalDouble.of(medianOfForks(secondary.path(name).path("rawData")));
            }
        }
        return OptionalDouble.empty();
    }

    private static double sum(JsonNode forks) {
        double sum = 0;
        for (JsonNode fork : forks) {
            for (JsonNode iteration : fork) {
                sum += iteration.asDouble();
            }
        }
        return sum;
    }

    private static double medianOfForks(JsonNode forks) {
        List<Double> means = new ArrayList<>();
        for (JsonNode fork : forks) {
            double sum = 0;
            for (JsonNode iteration : fork) {
                sum += iteration.asDouble();
            }
            means.add(sum / fork.size());
        }
        return median(means);
    }

    static double median(Collection<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The Java versions that anything was measured on, oldest first. */
    SortedSet<Integer> jdks() {
        SortedSet<Integer> jdks = new TreeSet<>();
        groups.values().forEach(byJdk -> jdks.addAll(byJdk.keySet()));
        return jdks;
    }

    /** The Java versions that a group was measured on, oldest first. */
    SortedSet<Integer> jdks(String group) {
        return new TreeSet<>(groups.getOrDefault(group, Map.of()).keySet());
    }

    SortedSet<String> groups() {
        return new TreeSet<>(groups.keySet());
    }

    Optional<Run> run(String group, int jdk) {
        return measured(group, jdk).map(Measured::run);
    }

    /** The methods of a group, in order of their names. */
    SortedSet<String> methods(String group, int jdk) {
        SortedSet<String> methods = new TreeSet<>();
        measured(group, jdk).ifPresent(m -> m.timings().forEach(timing -> methods.add(timing.method())));
        return methods;
    }

    /** The numbers of threads that a group was measured with, smallest first. */
    SortedSet<Integer> threads(String group, int jdk) {
        SortedSet<Integer> threads = new TreeSet<>();
        measured(group, jdk).ifPresent(m -> m.timings().forEach(timing -> threads.add(timing.threads())));
        return threads;
    }

    /** How many threads use all processors: two where there is but one, so that there is contention. */
    int allThreads(String group, int jdk) {
        return run(group, jdk).map(run -> Math.max(2, run.processors())).orElse(2);
    }

    /** One call's time, in the benchmark's unit. */
    OptionalDouble time(String group, int jdk, String method, int threads) {
        return timing(group, jdk, method, threads)
                .map(Timing::time)
                .map(OptionalDouble::of)
                .orElse(OptionalDouble.empty());
    }

    /** The unit of one call's time: ns, µs or ms. */
    String unit(String group, int jdk) {
        return measured(group, jdk)
                .flatMap(m -> m.timings().stream().findFirst())
                .map(timing -> timing.unit().replace("/op", "").replace("us", "µs"))
                .orElse("");
    }

    /** What one call leaves to the garbage collector, in bytes. */
    OptionalDouble bytes(String group, int jdk, String method, int threads) {
        return timing(group, jdk, method, threads).map(Timing::bytes).orElse(OptionalDouble.empty());
    }

    /** How many times as long one method takes as another of the same run and number of threads. */
    OptionalDouble ratio(String group, int jdk, String method, String base, int threads) {
        OptionalDouble mine = time(group, jdk, method, threads);
        OptionalDouble theirs = time(group, jdk, base, threads);
        return mine.isPresent() && theirs.isPresent()
                ? OptionalDouble.of(mine.getAsDouble() / theirs.getAsDouble())
                : OptionalDouble.empty();
    }

    /** Something weighed. */
    OptionalDouble weight(String group, int jdk, String who, String what) {
        return measured(group, jdk).stream()
                .flatMap(m -> m.weights().stream())
                .filter(weight -> weight.who().equals(who) && weight.what().equals(what))
                .mapToDouble(Weight::value)
                .findFirst();
    }

    private Optional<Timing> timing(String group, int jdk, String method, int threads) {
        return measured(group, jdk).stream()
                .flatMap(m -> m.timings().stream())
                .filter(timing -> timing.method().equals(method) && timing.threads() == threads)
                .findFirst();
    }

    private Optional<Measured> measured(String group, int jdk) {
        return Optional.ofNullable(groups.getOrDefault(group, Map.of()).get(jdk));
    }
}
