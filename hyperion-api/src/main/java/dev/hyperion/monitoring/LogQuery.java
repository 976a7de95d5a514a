// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * Which log entries are wanted: the newest that match, or the first that match after one that is known.
 *
 * <p>Thread-safety: immutable.
 *
 * @param limit how many at most, 1 or more
 * @param level this level and above
 * @param after only entries after this sequence number, the first of them first; empty for the newest
 */
public record LogQuery(int limit, LogLevel level, OptionalLong after) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the limit is less than 1, or the sequence number negative
     */
    public LogQuery {
        if (limit < 1) {
            throw new IllegalArgumentException("log limit is " + limit + "; expected 1 or more");
        }
        Objects.requireNonNull(level, "level");
        if (after.orElse(0) < 0) {
            throw new IllegalArgumentException("after is " + after.getAsLong() + "; expected 0 or more");
        }
    }

    /**
     * Asks for the newest entries.
     *
     * @param limit how many at most, 1 or more
     * @param level this level and above
     */
    public LogQuery(int limit, LogLevel level) {
        this(limit, level, OptionalLong.empty());
    }

    /**
     * Asks for what came after an entry.
     *
     * @param sequence the last number that is known; 0 for all
     * @param limit how many at most, 1 or more
     * @param level this level and above
     * @return the question
     */
    public static LogQuery after(long sequence, int limit, LogLevel level) {
        return new LogQuery(limit, level, OptionalLong.of(sequence));
    }

    /**
     * Whether an entry is of an important enough level.
     *
     * @param entry the entry
     * @return true if its level is high enough
     */
    public boolean matches(LogEntry entry) {
        return entry.level().compareTo(level) >= 0;
    }
}
