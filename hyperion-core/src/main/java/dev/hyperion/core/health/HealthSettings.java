// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.health;

import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import java.time.Duration;

/**
 * How health is looked after. Thread-safety: immutable.
 *
 * @param interval how often checks run, more than zero
 * @param deadline how long one may take, more than zero
 * @param diskFree bytes below which the disk of the data folder is told as too full, 0 or more
 */
public record HealthSettings(Duration interval, Duration deadline, long diskFree) {
    /** The keys of the section {@code health}. */
    public static final ConfigSchema SCHEMA = ConfigSchema.of(
            ConfigKey.of("interval", ConfigKey.Type.DURATION, "How often health checks run.")
                    .range(0.5, 3_600)
                    .orElse("5s"),
            ConfigKey.of("deadline", ConfigKey.Type.DURATION, "How long one health check may take.")
                    .range(0.1, 600)
                    .orElse("2s"),
            ConfigKey.of("disk_free", ConfigKey.Type.SIZE, "What the disk of the data folder should have free.")
                    .atLeast(0)
                    .orElse("100MiB"));

    /** Checks the ranges. */
    public HealthSettings {
        if (interval.isNegative() || interval.isZero() || deadline.isNegative() || deadline.isZero() || diskFree < 0) {
            throw new IllegalArgumentException("health has interval " + interval + ", deadline " + deadline
                    + " and free disk " + diskFree + "; expected times above zero and bytes of 0 or more");
        }
    }

    /**
     * Reads the settings.
     *
     * @param section the section {@code health}, checked against {@link #SCHEMA}
     * @return the settings
     */
    public static HealthSettings read(PluginConfig section) {
        return new HealthSettings(
                section.duration("interval"), section.duration("deadline"), section.bytes("disk_free"));
    }

    /** The age from which on a finding says nothing any more: three rounds, or what one that takes its whole time needs. */
    static Duration stale(Duration interval, Duration deadline) {
        Duration rounds = interval.multipliedBy(3);
        Duration slowest = interval.plus(deadline.multipliedBy(2));
        return rounds.compareTo(slowest) > 0 ? rounds : slowest;
    }
}
