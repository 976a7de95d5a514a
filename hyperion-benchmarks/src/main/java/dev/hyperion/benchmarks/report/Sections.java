// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The generated parts of the documents, as Markdown. Thread-safety: immutable. */
final class Sections {
    private static final String NOTHING = "Not measured yet; `hyperion-benchmarks/run` does.\n";
    private static final String BARE = "longAdder";

    private final Results results;

    Sections(Results results) {
        this.results = results;
    }

    /** The parts of {@code docs/benchmarks.md} by the names of their markers. */
    Map<String, String> ofReport() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("run", runs());
        parts.put("aims", aims());
        parts.put("sentences", sentences());
        parts.put("chart", chart());
        for (String group : List.of("record", "virtual", "count", "tags")) {
            parts.put(group, perJdk(group, jdk -> recording(group, jdk)));
        }
        for (String group : List.of("read", "scrape", "merge", "alert", "decide")) {
            parts.put(group, perJdk(group, jdk -> calls(group, jdk)));
        }
        parts.put("fleet", perJdk("merge", this::fleet));
        parts.put("memory", perJdk("memory", this::memory));
        parts.put("embedding", perJdk("embedding", this::embedding));
        parts.put("loop", perJdk("loop", this::loop));
        return parts;
    }

    private interface OfJdk {
        String of(int jdk);
    }

    private String perJdk(String group, OfJdk part) {
        SortedSet<Integer> jdks = results.jdks(group);
        return jdks.isEmpty()
                ? NOTHING
                : jdks.stream()
                        .map(jdk -> "JDK " + jdk + ":\n\n" + part.of(jdk))
                        .collect(Collectors.joining("\n"));
    }

    /** On what and when each group was measured; one line per kind of run. */
    private String runs() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        for (String group : results.groups()) {
            for (int jdk : results.jdks(group)) {
                Results.Run run = results.run(group, jdk).orElseThrow();
                groups.computeIfAbsent(
                                run.jvm() + "; " + run.processors() + " processors; preset " + run.preset() + "; "
                                        + run.date(),
                                key -> new ArrayList<>())
                        .add(group + forks(run));
            }
        }
        return groups.isEmpty()
                ? NOTHING
                : groups.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(each -> "- " + each.getKey() + ": " + String.join(", ", each.getValue()) + ".\n")
                        .collect(Collectors.joining());
    }

    private static String forks(Results.Run run) {
        return run.forks().isPresent() ? " (" + run.forks().getAsInt() + " forks)" : "";
    }

    private String aims() {
        List<Integer> jdks = List.copyOf(results.jdks());
        if (jdks.isEmpty()) {
            return NOTHING;
        }
        List<String> header = new ArrayList<>(List.of("what", "aim"));
        jdks.forEach(jdk -> header.add("JDK " + jdk));
        Table table = new Table(header);
        for (Aim aim : Aim.all()) {
            List<String> row = new ArrayList<>(List.of(aim.what(), aim.target()));
            jdks.forEach(jdk -> row.add(aim.verdict(results, jdk)));
            table.row(row);
        }
        StringBuilder text = new StringBuilder(table.toString()).append('\n');
        for (int jdk : jdks) {
            List<Aim> measured = Aim.all().stream()
                    .filter(aim -> aim.reading().of(results, jdk).isPresent())
                    .toList();
            long met = measured.stream()
                    .filter(aim -> aim.isMet(aim.reading().of(results, jdk).getAsDouble()))
                    .count();
            text.append("On JDK ")
                    .append(jdk)
                    .append(", ")
                    .append(met)
                    .append(" of the ")
                    .append(measured.size())
                    .append(" that were measured are met.\n");
        }
        return text.toString();
    }

    private String chart() {
        return RecordChart.of(results).isEmpty()
                ? NOTHING
                : "![Nanoseconds per record, beside the peers](benchmarks/" + Documents.CHART.getFileName() + ")\n";
    }

    private String sentences() {
        StringBuilder text = new StringBuilder();
        for (int jdk : results.jdks()) {
            List<String> told = new ArrayList<>();
            record(jdk).ifPresent(told::add);
            beside("count", jdk, "hyperion", BARE, "Adding to a counter costs").ifPresent(told::add);
            beside("tags", jdk, "hyperionTimer", BARE, "A timer looked up by a tag's value at each record costs")
                    .ifPresent(told::add);
            fleetSentence(jdk).ifPresent(told::add);
            if (!told.isEmpty()) {
                text.append("- On JDK ")
                        .append(jdk)
                        .append(": ")
                        .append(String.join(" ", told))
                        .append('\n');
            }
        }
        return text.length() == 0 ? NOTHING : text.toString();
    }

    private Optional<String> record(int jdk) {
        int all = results.allThreads("record", jdk);
        OptionalDouble alone = results.ratio("record", jdk, "hyperion", BARE, 1);
        OptionalDouble together = results.ratio("record", jdk, "hyperion", BARE, all);
        if (alone.isEmpty() || together.isEmpty()) {
            return Optional.empty();
        }
        String told = String.format(
                Locale.ROOT,
                "Hyperion's timer, with every percentile, costs %s a bare `LongAdder` with one thread and %s with %d threads on"
                        + " one timer.",
                Numbers.times(alone.getAsDouble()),
                Numbers.times(together.getAsDouble()),
                all);
        OptionalDouble micrometer = results.ratio("record", jdk, "micrometerPercentiles", "hyperion", 1);
        OptionalDouble contended = results.ratio("record", jdk, "micrometerPercentiles", "hyperion", all);
        return Optional.of(
                micrometer.isEmpty() || contended.isEmpty()
                        ? told
                        : told
                                + String.format(
                                        Locale.ROOT,
                                        " Micrometer's timer with percentiles costs %s and %s as much as Hyperion's.",
                                        Numbers.times(micrometer.getAsDouble()),
                                        Numbers.times(contended.getAsDouble())));
    }

    private Optional<String> beside(String group, int jdk, String method, String base, String begin) {
        int all = results.allThreads(group, jdk);
        OptionalDouble alone = results.ratio(group, jdk, method, base, 1);
        OptionalDouble together = results.ratio(group, jdk, method, base, all);
        return alone.isEmpty() || together.isEmpty()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "%s %s a `LongAdder` with one thread and %s with %d.",
                        begin,
                        Numbers.times(alone.getAsDouble()),
                        Numbers.times(together.getAsDouble()),
                        all));
    }

    private Optional<String> fleetSentence(int jdk) {
        OptionalDouble ours = results.weight("merge", jdk, "hyperion", "p99Error");
        OptionalDouble mean = results.weight("merge", jdk, "meanOfReplicas", "p99Error");
        return ours.isEmpty() || mean.isEmpty()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "The p99 of 1,000 replicas is off by %s %% when their histograms are merged, and by %s %% when their"
                                + " p99s are averaged.",
                        Numbers.of(ours.getAsDouble()),
                        Numbers.of(mean.getAsDouble())));
    }

    /** Nanoseconds, beside the floor, and bytes, for each number of threads. */
    private String recording(String group, int jdk) {
        SortedSet<Integer> threads = results.threads(group, jdk);
        List<String> header = new ArrayList<>(List.of("ns per call"));
        for (int count : threads) {
            String title = count == 1 && threads.size() == 1 ? "ns" : count + (count == 1 ? " thread" : " threads");
            header.addAll(List.of(title, "× `LongAdder`"));
        }
        header.add("B per call");
        Table table = new Table(header);
        for (Map.Entry<String, String> each :
                present(group, results.methods(group, jdk)).entrySet()) {
            String method = each.getKey();
            List<String> row = new ArrayList<>(List.of(each.getValue()));
            for (int count : threads) {
                row.add(Numbers.of(results.time(group, jdk, method, count)));
                row.add(Numbers.of(results.ratio(group, jdk, method, BARE, count)));
            }
            row.add(Numbers.of(results.bytes(group, jdk, method, threads.first()), Numbers::bytesPerCall));
            table.row(row);
        }
        return table.toString();
    }

    private String calls(String group, int jdk) {
        String unit = results.unit(group, jdk);
        Table table = new Table(List.of("", unit + " per call", "garbage per call"));
        present(group, results.methods(group, jdk))
                .forEach((method, title) -> table.row(
                        title,
                        Numbers.of(results.time(group, jdk, method, 1)),
                        Numbers.of(results.bytes(group, jdk, method, 1), Numbers::bytes)));
        return table.toString();
    }

    private String fleet(int jdk) {
        Table table = new Table(List.of("p99 of 1,000 replicas", "off by"));
        Map<String, String> ways = new LinkedHashMap<>();
        ways.put("hyperion", "**Hyperion**, merged");
        ways.put("hdrHistogram", "HdrHistogram, merged");
        ways.put("meanOfReplicas", "the mean of the replicas' p99s");
        ways.forEach((who, title) -> table.row(
                title, Numbers.of(results.weight("merge", jdk, who, "p99Error"), value -> Numbers.of(value) + " %")));
        return table.toString();
    }

    private String memory(int jdk) {
        Table table = new Table(List.of("heap per series", "idle", "active"));
        Titles.of("memory").forEach((who, title) -> {
            OptionalDouble idle = results.weight("memory", jdk, who, "idle");
            if (idle.isPresent()) {
                table.row(
                        title,
                        Numbers.of(idle, Numbers::bytes),
                        Numbers.of(results.weight("memory", jdk, who, "active"), Numbers::bytes));
            }
        });
        OptionalDouble names = results.weight("memory", jdk, "hyperion", "names");
        if (names.isPresent()) {
            table.row("of that, names in Micrometer's maps", Numbers.of(names, Numbers::bytes), "");
        }
        return table.toString();
    }

    private String embedding(int jdk) {
        return new Table(List.of("embedding", "costs"))
                .row(
                        "time to start, first `Hyperion.start()` in a cold JVM",
                        embedding(jdk, "start", value -> String.format(Locale.ROOT, "%.0f ms", value)))
                .row("threads", embedding(jdk, "threads", value -> String.format(Locale.ROOT, "%.0f", value)))
                .row("live heap", embedding(jdk, "heap", value -> String.format(Locale.ROOT, "%.1f MiB", value)))
                .row(
                        "jars, with every dependency",
                        embedding(jdk, "jars", value -> String.format(Locale.ROOT, "%.0f", value)) + ", "
                                + embedding(jdk, "jarSize", value -> String.format(Locale.ROOT, "%.1f MiB", value)))
                .toString();
    }

    private String embedding(int jdk, String what, java.util.function.DoubleFunction<String> format) {
        return Numbers.of(results.weight("embedding", jdk, "hyperion", what), format);
    }

    private String loop(int jdk) {
        return new Table(List.of("the scaling loop", "10,000 applications every 15 s"))
                .row("share of one processor", loop(jdk, "cpu", "%.1f %%"))
                .row("worst lateness of a turn", loop(jdk, "lateness", "%.0f ms"))
                .row("turns missed", loop(jdk, "missed", "%.0f"))
                .toString();
    }

    private String loop(int jdk, String what, String format) {
        return Numbers.of(
                results.weight("loop", jdk, "hyperion", what), value -> String.format(Locale.ROOT, format, value));
    }

    /** The part of the README: what embedding costs, on the oldest Java that was measured. */
    String ofReadme() {
        StringBuilder text = new StringBuilder();
        if (!results.jdks("embedding").isEmpty()) {
            text.append(embedding(results.jdks("embedding").first())).append('\n');
        }
        if (!results.jdks("record").isEmpty()) {
            int jdk = results.jdks("record").first();
            int all = results.allThreads("record", jdk);
            Results.Run run = results.run("record", jdk).orElseThrow();
            text.append(String.format(
                    Locale.ROOT,
                    "Recording one latency through the public call, on %d processors and JDK %d"
                            + " ([all figures, and how to repeat them](docs/benchmarks.md)):%n%n",
                    run.processors(),
                    jdk));
            Table table = new Table(List.of("nanoseconds per call", "1 thread", all + " threads", "B per call"));
            for (String method : List.of(
                    "hyperion",
                    BARE,
                    "micrometerPlain",
                    "micrometerPercentiles",
                    "clientJavaNative",
                    "openTelemetryExponential",
                    "hdrRecorder")) {
                table.row(
                        Titles.of("record").get(method) + (method.equals("hyperion") ? ", every percentile" : ""),
                        Numbers.of(results.time("record", jdk, method, 1)),
                        Numbers.of(results.time("record", jdk, method, all)),
                        Numbers.of(results.bytes("record", jdk, method, 1), Numbers::bytesPerCall));
            }
            text.append(table);
            record(jdk).ifPresent(sentence -> text.append('\n').append(sentence).append('\n'));
        }
        return text.length() == 0 ? NOTHING : text.toString();
    }

    /** The part of the decision about the recorder: what the designs cost. */
    String ofDesigns() {
        return perJdk("designs", jdk -> recording("designs", jdk));
    }

    /** Those that were measured, in the order of the titles; who has none is called as the method is. */
    private static Map<String, String> present(String group, SortedSet<String> methods) {
        Map<String, String> present = new LinkedHashMap<>();
        Titles.of(group).forEach((method, title) -> {
            if (methods.contains(method)) {
                present.put(method, title);
            }
        });
        for (String method : new TreeSet<>(methods)) {
            present.putIfAbsent(method, "`" + method + "`");
        }
        return present;
    }
}
