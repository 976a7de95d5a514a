// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The text formats that {@code GET /metrics} speaks. Thread-safety: immutable. */
public enum ExpositionFormat {
    /** Prometheus text, understood by every Prometheus. */
    PROMETHEUS_0_0_4("text/plain; version=0.0.4; charset=utf-8"),
    /** OpenMetrics text. */
    OPENMETRICS_1_0_0("application/openmetrics-text; version=1.0.0; charset=utf-8");

    private final String contentType;

    ExpositionFormat(String contentType) {
        this.contentType = contentType;
    }

    /**
     * Returns the value of the {@code Content-Type} header; Prometheus 3 refuses an answer without it.
     *
     * @return the media type with version and charset
     */
    public String contentType() {
        return contentType;
    }

    /**
     * Chooses the format for a scraper.
     *
     * @param accept its {@code Accept} header; null if it sent none
     * @return OpenMetrics if it is accepted at all, since every scraper that names it prefers it; else Prometheus text
     */
    public static ExpositionFormat forAccept(@Nullable String accept) {
        return accept != null && accept.toLowerCase(Locale.ROOT).contains("application/openmetrics-text")
                ? OPENMETRICS_1_0_0
                : PROMETHEUS_0_0_4;
    }
}
