// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The documents that tell figures, as the results say. Thread-safety: immutable. */
final class Documents {
    static final Path REPORT = Path.of("docs/benchmarks.md");
    static final Path CHART = Path.of("docs/benchmarks/record.svg");
    static final Path RESULTS = Path.of("docs/benchmarks/json");
    private static final Path README = Path.of("README.md");
    private static final Path DECISIONS = Path.of("docs/decisions");
    private static final String DESIGNS = "figures:designs";

    private final Path root;
    private final Results results;

    Documents(Path root, Results results) {
        this.root = root;
        this.results = results;
    }

    /** Every generated document with its whole content, by its path below the root. */
    Map<Path, String> all() throws IOException {
        Map<Path, String> all = new LinkedHashMap<>(report());
        all.put(README, Markers.fill(read(README), "generated:embedding", new Sections(results).ofReadme()));
        for (Path decision : decisions()) {
            if (Markers.has(read(decision), DESIGNS) && !results.jdks("designs").isEmpty()) {
                all.put(decision, Markers.fill(read(decision), DESIGNS, new Sections(results).ofDesigns()));
            }
        }
        return all;
    }

    private List<Path> decisions() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(DECISIONS))) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .map(file -> DECISIONS.resolve(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    /** The report and its picture only. */
    Map<Path, String> report() throws IOException {
        String text = read(REPORT);
        for (Map.Entry<String, String> part : new Sections(results).ofReport().entrySet()) {
            text = Markers.fill(text, "generated:" + part.getKey(), part.getValue());
        }
        Map<Path, String> report = new LinkedHashMap<>();
        report.put(REPORT, text);
        RecordChart.of(results).ifPresent(svg -> report.put(CHART, svg));
        return report;
    }

    private String read(Path document) throws IOException {
        return Files.readString(root.resolve(document));
    }
}
