// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import java.util.Locale;

/**
 * How metrics are exported. Thread-safety: immutable.
 *
 * @param distributions what timers and summaries are told as, unless they publish buckets of their own
 */
public record ExpositionSettings(Distributions distributions) {

    /** The keys within the section {@code http}. */
    public static final ConfigSchema SCHEMA = ConfigSchema.of(ConfigKey.of(
                    "histograms",
                    ConfigKey.Type.TEXT,
                    "What timers and summaries are exported as: summary (quantiles), classic or native histograms.")
            .oneOf("summary", "classic", "native")
            .orElse("summary"));

    /** What a timer or summary without buckets of its own is told as. */
    public enum Distributions {
        /** Quantiles of the recent window, which cannot be combined over instances. */
        SUMMARY,
        /** Counts in a dozen usual buckets: can be combined, carry exemplars. */
        CLASSIC,
        /** Counts in buckets as fine as our own, for scrapers that take protobuf; the usual buckets for the others. */
        NATIVE
    }

    /**
     * The settings that hold unless configured otherwise.
     *
     * @return summaries
     */
    public static ExpositionSettings defaults() {
        return new ExpositionSettings(Distributions.SUMMARY);
    }

    /**
     * Reads the settings.
     *
     * @param section a section that was checked against {@link #SCHEMA}
     * @return what it says
     */
    public static ExpositionSettings of(PluginConfig section) {
        return new ExpositionSettings(
                Distributions.valueOf(section.text("histograms").toUpperCase(Locale.ROOT)));
    }
}
