// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The documents that tell figures, as the results say. Thread-safety: immutable. */
final class Documents {
    static final Path REPORT = Path.of("docs/benchmarks.md");
    static final Path CHART = Path.of("docs/benchmarks/record.svg");
    static final Path RESULTS = Path.of("docs/benchmarks/json");
    private static final Path README = Path.of("README.md");
    private static final Path DESIGNS = Path.of("docs/decisions/0005-recorder-design.md");

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
        if (Files.exists(root.resolve(DESIGNS)) && read(DESIGNS).contains("<!-- figures:designs -->")) {
            all.put(DESIGNS, Markers.fill(read(DESIGNS), "figures:designs", new Sections(results).ofDesigns()));
        }
        return all;
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
