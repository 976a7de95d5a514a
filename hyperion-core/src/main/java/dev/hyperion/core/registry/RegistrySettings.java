// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import dev.hyperion.monitoring.TraceContext;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import org.jspecify.annotations.Nullable;

/**
 * How a registry works. Thread-safety: immutable.
 *
 * @param maxSeries how many series one name may have before further ones are folded into one; 1 or more
 * @param gaugeHold how gauges hold the objects that they observe
 * @param traces what exemplars come from; null if there is no tracer
 */
public record RegistrySettings(
        int maxSeries,
        HyperionMeterRegistry.GaugeHold gaugeHold,
        @Nullable TraceContext traces) {
    /** How the settings are written, as part of the section {@code metrics}. */
    public static final ConfigSchema SCHEMA = ConfigSchema.of(ConfigKey.of(
                    "max_series",
                    ConfigKey.Type.INTEGER,
                    "How many series one name may have; further ones are recorded into one with overflow=\"true\".")
            .range(1, 1_000_000)
            .orElse("10000"));

    /** Checks the range. */
    public RegistrySettings {
        if (maxSeries < 1) {
            throw new IllegalArgumentException("max series is " + maxSeries + "; expected 1 or more");
        }
    }

    /**
     * The settings that hold unless configured otherwise: 10,000 series, strong gauges, no tracer.
     *
     * @return the defaults
     */
    public static RegistrySettings defaults() {
        return new RegistrySettings(10_000, HyperionMeterRegistry.GaugeHold.STRONG, null);
    }

    /**
     * Reads what {@link #SCHEMA} describes.
     *
     * @param section the section that holds it
     * @return the settings, without a tracer
     */
    public static RegistrySettings read(PluginConfig section) {
        return defaults().withMaxSeries((int) section.integer("max_series"));
    }

    /**
     * Changes the limit.
     *
     * @param series as in {@link #maxSeries}
     * @return a copy
     */
    public RegistrySettings withMaxSeries(int series) {
        return new RegistrySettings(series, gaugeHold, traces);
    }

    /**
     * Changes where exemplars come from.
     *
     * @param context as in {@link #traces}
     * @return a copy
     */
    public RegistrySettings withTraces(@Nullable TraceContext context) {
        return new RegistrySettings(maxSeries, gaugeHold, context);
    }
}
