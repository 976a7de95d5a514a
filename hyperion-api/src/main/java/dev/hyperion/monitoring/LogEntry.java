// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * One line of the log ring.
 *
 * <p>Thread-safety: immutable.
 *
 * @param at when it happened
 * @param level how important it is
 * @param logger who says it
 * @param message what happened
 * @param fields further facts by name, such as the application
 */
public record LogEntry(Instant at, LogLevel level, String logger, String message, Map<String, String> fields) {
    /** Copies the fields. */
    public LogEntry {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(logger, "logger");
        Objects.requireNonNull(message, "message");
        fields = Map.copyOf(fields);
    }
}
