// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.util.Objects;

/**
 * Which log entries are wanted: the newest that match.
 *
 * <p>Thread-safety: immutable.
 *
 * @param limit how many at most, 1 or more
 * @param level this level and above
 */
public record LogQuery(int limit, LogLevel level) {
    /**
     * Checks the limit.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public LogQuery {
        if (limit < 1) {
            throw new IllegalArgumentException("log limit is " + limit + "; expected 1 or more");
        }
        Objects.requireNonNull(level, "level");
    }

    /**
     * Whether an entry is wanted.
     *
     * @param entry the entry
     * @return true if its level is high enough
     */
    public boolean matches(LogEntry entry) {
        return entry.level().compareTo(level) >= 0;
    }
}
