// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.simulate;

import dev.hyperion.autoscale.SimulationResult;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Draws simulations as an SVG picture, one panel for each policy: the load as an area, the capacity of the ready replicas as
 * a line over it, overload in between marked, and the replicas below. Reads on light and dark backgrounds alike. The same
 * results give the same bytes.
 */
public final class SimulationChart {
    private static final int WIDTH = 960;
    private static final int LEFT = 64;
    private static final int RIGHT = 16;
    private static final int LOAD_HEIGHT = 150;
    private static final int REPLICA_HEIGHT = 50;
    private static final int PANEL = LOAD_HEIGHT + REPLICA_HEIGHT + 78;

    private final StringBuilder svg = new StringBuilder(64 * 1024);

    private SimulationChart() {}

    /**
     * One panel.
     *
     * <p>Thread-safety: immutable.
     *
     * @param title what it shows, such as the policy
     * @param result what to draw
     */
    public record Panel(String title, SimulationResult result) {}

    /**
     * Draws.
     *
     * @param panels from top to bottom; at least one
     * @return the picture, an SVG document
     * @throws IllegalArgumentException if there is no panel
     */
    public static String draw(List<Panel> panels) {
        if (panels.isEmpty()) {
            throw new IllegalArgumentException("there is nothing to draw; expected a panel or more");
        }
        SimulationChart chart = new SimulationChart();
        chart.begin(panels.size());
        for (int i = 0; i < panels.size(); i++) {
            chart.panel(panels.get(i), i * PANEL);
        }
        return chart.svg.append("</svg>\n").toString();
    }

    private void begin(int panels) {
        line(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"system-ui, sans-serif\""
                        + " font-size=\"12\">",
                WIDTH, panels * PANEL);
        svg.append("<style>text{fill:#57606a}.t{font-size:14px;font-weight:600}.load{fill:#54aeff66}"
                + ".cap{fill:none;stroke:#1a7f37;stroke-width:1.5}.over{fill:#cf222e}.rep{fill:none;stroke:#8250df;"
                + "stroke-width:1.5}.up{stroke:#bf8700}.down{stroke:#0969da}.axis{stroke:#8c959f66;stroke-width:1}"
                + "@media(prefers-color-scheme:dark){text{fill:#9198a1}.cap{stroke:#3fb950}.rep{stroke:#ab7df8}"
                + ".over{fill:#f85149}}</style>\n");
    }

    private void panel(Panel panel, int top) {
        List<SimulationResult.Moment> course = panel.result().course();
        double highest = course.stream()
                .mapToDouble(moment -> Math.max(Double.isNaN(moment.load()) ? 0 : moment.load(), moment.capacity()))
                .max()
                .orElse(1);
        int mostReplicas = Math.max(1, panel.result().mostReplicas());
        int loadTop = top + 46;
        int loadBottom = loadTop + LOAD_HEIGHT;
        int replicaBottom = loadBottom + 10 + REPLICA_HEIGHT;
        line("<text class=\"t\" x=\"%d\" y=\"%d\">%s</text>", LEFT, top + 18, escaped(panel.title()));
        line("<text x=\"%d\" y=\"%d\">%s</text>", LEFT, top + 34, escaped(summary(panel.result())));
        axis(loadBottom);
        axis(replicaBottom);
        line("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.0f</text>", LEFT - 6, loadTop + 8, highest);
        line("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">load</text>", LEFT - 6, loadTop + 24);
        line("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%d</text>", LEFT - 6, loadBottom + 20, mostReplicas);
        line("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">replicas</text>", LEFT - 6, replicaBottom - 4);
        area(course, loadBottom, LOAD_HEIGHT / highest);
        steps("cap", course, SimulationResult.Moment::capacity, loadBottom, LOAD_HEIGHT / highest);
        overload(course, loadTop);
        decisions(course, replicaBottom);
        steps("rep", course, SimulationResult.Moment::replicas, replicaBottom, (double) REPLICA_HEIGHT / mostReplicas);
    }

    private static String summary(SimulationResult result) {
        return String.format(
                Locale.ROOT,
                "overload %d min, %.0f replica-minutes, %d up, %d down, %d reversals, %d to %d replicas",
                result.overload().toMinutes(),
                result.replicaMinutes(),
                result.scaleUps(),
                result.scaleDowns(),
                result.reversals(),
                result.leastReplicas(),
                result.mostReplicas());
    }

    private void axis(int y) {
        line("<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>", LEFT, y, WIDTH - RIGHT, y);
    }

    private static double x(int index, int size) {
        return LEFT + (double) index * (WIDTH - LEFT - RIGHT) / size;
    }

    private void area(List<SimulationResult.Moment> course, int bottom, double scale) {
        svg.append("<path class=\"load\" d=\"");
        line("M%d %d", LEFT, bottom);
        for (int i = 0; i < course.size(); i++) {
            double load = Double.isNaN(course.get(i).load()) ? 0 : course.get(i).load();
            line("V%.1f H%.1f", bottom - load * scale, x(i + 1, course.size()));
        }
        line("V%d Z\"/>", bottom);
    }

    private void steps(
            String style,
            List<SimulationResult.Moment> course,
            ToDoubleFunction<SimulationResult.Moment> value,
            int bottom,
            double scale) {
        svg.append("<path class=\"").append(style).append("\" d=\"");
        for (int i = 0; i < course.size(); i++) {
            double y = bottom - value.applyAsDouble(course.get(i)) * scale;
            line(i == 0 ? "M%.1f %.1f H%.1f" : "L%.1f %.1f H%.1f", x(i, course.size()), y, x(i + 1, course.size()));
        }
        line("\"/>");
    }

    /** A mark above each stretch in which the load was more than the capacity. */
    private void overload(List<SimulationResult.Moment> course, int top) {
        for (int i = 0; i < course.size(); i++) {
            if (!course.get(i).overload().isZero()) {
                line(
                        "<rect class=\"over\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"3\"/>",
                        x(i, course.size()), top - 3, Math.max(1, x(i + 1, course.size()) - x(i, course.size())));
            }
        }
    }

    /** A mark under the replicas for each stretch with actions: up above the line, down below it. */
    private void decisions(List<SimulationResult.Moment> course, int bottom) {
        for (int i = 0; i < course.size(); i++) {
            double x = x(i, course.size());
            if (course.get(i).scaleUps() > 0) {
                line("<path class=\"up\" d=\"M%.1f %d v-4\"/>", x, bottom + 6);
            }
            if (course.get(i).scaleDowns() > 0) {
                line("<path class=\"down\" d=\"M%.1f %d v4\"/>", x, bottom + 8);
            }
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private void line(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
