// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedSet;

/**
 * What one record costs, as bars on a logarithmic scale, fastest first: one thread and all threads, on the oldest Java that
 * was measured. The picture brings its own background, so that it reads the same on light and on dark pages.
 */
final class RecordChart {
    private static final int LEFT = 270;
    private static final int WIDTH = 860;
    private static final int PLOT = 480;
    private static final int TOP = 74;
    private static final int ROW = 34;
    private static final int BAR = 12;

    private RecordChart() {}

    private record Bars(String title, boolean ours, double alone, OptionalDouble together) {}

    /** The picture as SVG; empty if nothing was measured. */
    static Optional<String> of(Results results) {
        SortedSet<Integer> jdks = results.jdks("record");
        if (jdks.isEmpty()) {
            return Optional.empty();
        }
        int jdk = jdks.first();
        int all = results.allThreads("record", jdk);
        List<Bars> rows = new ArrayList<>();
        for (Map.Entry<String, String> peer : Titles.of("record").entrySet()) {
            OptionalDouble alone = results.time("record", jdk, peer.getKey(), 1);
            if (alone.isPresent()) {
                rows.add(new Bars(
                        peer.getValue().replace("*", "").replace("`", ""),
                        peer.getKey().equals("hyperion"),
                        alone.getAsDouble(),
                        results.time("record", jdk, peer.getKey(), all)));
            }
        }
        rows.sort(Comparator.comparingDouble(Bars::alone));
        return rows.isEmpty() ? Optional.empty() : Optional.of(draw(rows, jdk, all));
    }

    private static String draw(List<Bars> rows, int jdk, int all) {
        double most = rows.stream()
                .mapToDouble(row -> Math.max(row.alone(), row.together().orElse(0)))
                .max()
                .orElseThrow();
        int decades = (int) Math.max(1, Math.ceil(Math.log10(most)));
        int bottom = TOP + rows.size() * ROW;
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %1$d %2$d\" width=\"%1$d\" height=\"%2$d\" role=\"img\""
                        + " aria-label=\"Nanoseconds per record\">%n<rect width=\"100%%\" height=\"100%%\" rx=\"8\""
                        + " fill=\"#10141c\"/>%n<g font-family=\"system-ui, sans-serif\" font-size=\"13\" fill=\"#c9d1d9\">%n",
                WIDTH,
                bottom + 40));
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"16\" y=\"28\" font-size=\"16\" fill=\"#f0f6fc\">Nanoseconds per record, JDK %d (logarithmic; shorter"
                        + " is better)</text>%n",
                jdk));
        legend(svg, LEFT, "#58a6ff", "#7ee787", "1 thread");
        legend(svg, LEFT + 110, "#1f4f8f", "#2f7d3b", all + " threads, one instrument");
        for (int decade = 0; decade <= decades; decade++) {
            double x = LEFT + (double) PLOT * decade / decades;
            svg.append(String.format(
                    Locale.ROOT,
                    "<path d=\"M%.1f %d V%d\" stroke=\"#30363d\"/>%n<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\""
                            + " fill=\"#8b949e\">%s</text>%n",
                    x,
                    TOP - 6,
                    bottom,
                    x,
                    bottom + 20,
                    String.format(Locale.ROOT, "%,.0f", Math.pow(10, decade))));
        }
        for (int i = 0; i < rows.size(); i++) {
            Bars row = rows.get(i);
            int y = TOP + i * ROW;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\"%s>%s</text>%n",
                    LEFT - 12,
                    y + 17,
                    row.ours() ? " fill=\"#7ee787\" font-weight=\"bold\"" : "",
                    row.title()));
            bar(svg, y, row.alone(), decades, row.ours() ? "#7ee787" : "#58a6ff");
            if (row.together().isPresent()) {
                bar(svg, y + BAR + 1, row.together().getAsDouble(), decades, row.ours() ? "#2f7d3b" : "#1f4f8f");
            }
        }
        return svg.append("</g>\n</svg>\n").toString();
    }

    private static void legend(StringBuilder svg, int x, String theirs, String ours, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"42\" width=\"9\" height=\"12\" fill=\"%s\"/><rect x=\"%d\" y=\"42\" width=\"9\""
                        + " height=\"12\" fill=\"%s\"/><text x=\"%d\" y=\"53\">%s</text>%n",
                x,
                ours,
                x + 9,
                theirs,
                x + 24,
                text));
    }

    private static void bar(StringBuilder svg, int y, double nanos, int decades, String colour) {
        double length = Math.max(2, PLOT * Math.log10(Math.max(1, nanos)) / decades);
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\" fill=\"%s\"/><text x=\"%.1f\" y=\"%d\""
                        + " font-size=\"11\">%s</text>%n",
                LEFT,
                y,
                length,
                BAR,
                colour,
                LEFT + length + 6,
                y + BAR - 2,
                Numbers.of(nanos)));
    }
}
