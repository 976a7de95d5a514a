// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli.demo;

import java.util.List;
import java.util.Locale;

/** Lines of a terminal as an SVG picture. */
final class Picture {
    private static final double COLUMN = 7.3;
    private static final int ROW = 18;
    private static final int MARGIN = 16;

    private Picture() {}

    static String of(List<String> lines) {
        int columns = lines.stream().mapToInt(String::length).max().orElse(0);
        int width = (int) Math.ceil(columns * COLUMN) + 2 * MARGIN;
        int height = lines.size() * ROW + 2 * MARGIN;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">%n"
                        + "<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"#10141c\"/>%n"
                        + "<g font-family=\"ui-monospace, Menlo, Consolas, monospace\" font-size=\"12\" xml:space=\"preserve\">%n",
                width,
                height,
                width,
                height));
        int y = MARGIN + 12;
        for (String line : lines) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n",
                    MARGIN,
                    y,
                    colour(line),
                    line.replace("&", "&amp;").replace("<", "&lt;").replace(" ", "\u00a0")));
            y += ROW;
        }
        return svg.append("</g>\n</svg>\n").toString();
    }

    private static String colour(String line) {
        if (line.contains("FAIL")) {
            return "#ff7b72";
        }
        return line.startsWith("  ok") || line.contains("succeeded.") ? "#7ee787" : "#c9d1d9";
    }
}
