// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The formats that {@code GET /metrics} speaks. Thread-safety: immutable. */
public enum ExpositionFormat {
    /** Prometheus text, understood by every Prometheus. */
    PROMETHEUS_0_0_4("text/plain; version=0.0.4; charset=utf-8"),
    /** OpenMetrics text: carries exemplars and units. */
    OPENMETRICS_1_0_0("application/openmetrics-text; version=1.0.0; charset=utf-8"),
    /** Prometheus protobuf: the only one that carries native histograms. */
    PROTOBUF("application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited");

    private final String contentType;

    ExpositionFormat(String contentType) {
        this.contentType = contentType;
    }

    /**
     * Returns the value of the {@code Content-Type} header; Prometheus 3 refuses an answer without it.
     *
     * @return the media type with its parameters
     */
    public String contentType() {
        return contentType;
    }

    /**
     * Chooses the format for a scraper: the one with the highest weight, and of equal ones the one that tells more.
     *
     * @param accept its {@code Accept} header; null if it sent none
     * @return never none: who accepts nothing that we have gets Prometheus text, which helps more than a refusal
     */
    public static ExpositionFormat forAccept(@Nullable String accept) {
        ExpositionFormat best = PROMETHEUS_0_0_4;
        double bestWeight = 0;
        for (String range : accept == null ? new String[0] : accept.split(",", -1)) {
            String[] parts = range.toLowerCase(Locale.ROOT).split(";", -1);
            String type = parts[0].strip();
            double weight = 1;
            String version = "";
            boolean families = false;
            boolean delimited = false;
            for (int i = 1; i < parts.length; i++) {
                String part = parts[i].strip();
                if (part.startsWith("q=")) {
                    weight = weight(part.substring(2));
                } else if (part.startsWith("version=")) {
                    version = part.substring("version=".length());
                }
                families |= part.equals("proto=io.prometheus.client.metricfamily");
                delimited |= part.equals("encoding=delimited");
            }
            ExpositionFormat meant = switch (type) {
                case "application/vnd.google.protobuf" -> families && delimited ? PROTOBUF : null;
                case "application/openmetrics-text" ->
                    version.isEmpty() || version.equals("1.0.0") || version.equals("0.0.1") ? OPENMETRICS_1_0_0 : null;
                case "text/plain", "text/*", "*/*" -> PROMETHEUS_0_0_4;
                default -> null;
            };
            if (meant != null && weight > 0) {
                if (weight > bestWeight || (weight == bestWeight && meant.compareTo(best) > 0)) {
                    best = meant;
                    bestWeight = weight;
                }
            }
        }
        return best;
    }

    /** A weight that is no number from 0 to 1 is not worth an error: it counts as the least there is. */
    private static double weight(String text) {
        try {
            double weight = Double.parseDouble(text.strip());
            return weight >= 0 && weight <= 1 ? weight : 0.001;
        } catch (NumberFormatException e) {
            return 0.001; // as said above
        }
    }
}
