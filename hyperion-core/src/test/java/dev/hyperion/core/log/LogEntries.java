// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.log;

import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import java.time.Instant;
import java.util.Map;

/** Entries for tests. */
final class LogEntries {
    static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private LogEntries() {}

    static LogEntry info(String message) {
        return entry(0, LogLevel.INFO, message, message);
    }

    static LogEntry entry(long millis, LogLevel level, String template, String message) {
        return new LogEntry(START.plusMillis(millis), level, "shop.orders", message, Map.of(), template, "", 0, 1);
    }
}
