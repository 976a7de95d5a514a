// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.log;

import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import java.time.Duration;

/**
 * What the log ring keeps. Thread-safety: immutable.
 *
 * @param bytes how many bytes the entries may take, 262,144 or more
 * @param longestMessage characters of a message or a field's value that are kept, 100 to 16,384
 * @param longestStack characters of a throwable's text that are kept, 0 to 32,768
 * @param window how long repetitions of a message are collected before they are told; zero keeps each on its own
 * @param alike how many entries of one template but with different messages are kept within a window, 1 or more
 */
public record LogSettings(long bytes, int longestMessage, int longestStack, Duration window, int alike) {
    private static final long LEAST_BYTES = 1 << 18;

    /** The key of the section {@code monitoring}. */
    public static final ConfigKey BYTES = ConfigKey.of(
                    "log_bytes", ConfigKey.Type.SIZE, "How many bytes the log entries that are kept may take.")
            .range(LEAST_BYTES, 1 << 30)
            .orElse("4MiB");

    /** The keys of the section {@code logs}. */
    public static final ConfigSchema SCHEMA = ConfigSchema.of(
            ConfigKey.of("capture", ConfigKey.Type.TEXTS, "Logging backends that are listened to: logback, jul."),
            ConfigKey.of("longest_message", ConfigKey.Type.INTEGER, "Characters of a message that are kept.")
                    .range(100, 16_384)
                    .orElse("4096"),
            ConfigKey.of("longest_stack", ConfigKey.Type.INTEGER, "Characters of a throwable that are kept.")
                    .range(0, 32_768)
                    .orElse("8192"),
            ConfigKey.of("repeat_window", ConfigKey.Type.DURATION, "How long repetitions are collected; 0s for never.")
                    .range(0, 3_600)
                    .orElse("1s"),
            ConfigKey.of("alike", ConfigKey.Type.INTEGER, "Different messages of one template kept in that time.")
                    .range(1, 1_000_000)
                    .orElse("5"));

    /** Checks the ranges. */
    public LogSettings {
        require(bytes >= LEAST_BYTES, "bytes", bytes, LEAST_BYTES + " or more");
        require(longestMessage >= 100 && longestMessage <= 16_384, "longest message", longestMessage, "100 to 16384");
        require(longestStack >= 0 && longestStack <= 32_768, "longest stack", longestStack, "0 to 32768");
        require(!window.isNegative(), "window", window, "zero or more");
        require(alike >= 1, "alike", alike, "1 or more");
    }

    private static void require(boolean holds, String what, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("log " + what + " is " + value + "; expected " + expected);
        }
    }

    /**
     * What holds unless configured otherwise: 4 MiB, messages of 4,096 and stacks of 8,192 characters, repetitions within 1 s,
     * 5 alike.
     *
     * @return the defaults
     */
    public static LogSettings defaults() {
        return new LogSettings(4 << 20, 4_096, 8_192, Duration.ofSeconds(1), 5);
    }

    /**
     * Reads the settings.
     *
     * @param bytes what {@link #BYTES} says
     * @param section the section {@code logs}, checked against {@link #SCHEMA}
     * @return the settings
     */
    public static LogSettings read(long bytes, PluginConfig section) {
        return new LogSettings(
                bytes,
                (int) section.integer("longest_message"),
                (int) section.integer("longest_stack"),
                section.duration("repeat_window"),
                (int) section.integer("alike"));
    }
}
