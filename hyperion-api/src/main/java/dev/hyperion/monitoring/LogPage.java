// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.util.List;

/**
 * What the log ring holds, or the part of it that was asked for. Whoever asks again {@code after} {@link #next} misses
 * nothing that {@link #missed} does not count.
 *
 * <p>Thread-safety: immutable.
 *
 * @param entries what was found, oldest first
 * @param next the sequence number up to which the ring was looked through
 * @param missed how many entries after the one that was named, of any level, were overwritten before they could be read; 0
 *     if none was named
 * @param written how many entries there have been so far, kept or lost
 * @param lost how many of them are gone: overwritten, or dropped on their way here
 */
public record LogPage(List<LogEntry> entries, long next, long missed, long written, long lost) {
    /** Copies the list. */
    public LogPage {
        entries = List.copyOf(entries);
    }
}
