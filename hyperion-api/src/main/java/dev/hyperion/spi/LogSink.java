// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.monitoring.LogEntry;

/**
 * Where a {@link LogBridge} hands in what was logged.
 *
 * <p>Thread-safety: thread-safe; never blocks and logs nothing itself.
 */
public interface LogSink {
    /**
     * Takes an entry.
     *
     * @param entry what was logged
     */
    void log(LogEntry entry);

    /**
     * Counts entries that could not be handed in, as lost.
     *
     * @param entries how many, 0 or more
     */
    void dropped(long entries);

    /**
     * How much of a throwable is kept; more need not be rendered.
     *
     * @return characters
     */
    int longestStack();
}
