// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.monitoring.LogLevel;

/**
 * Listens to one logging backend of the application, and sets the levels of its loggers. From its creation on it hands every
 * entry that the backend lets through to its {@link LogSink}, on the thread that logs. What is logged on that thread while an
 * entry is being handed in is counted as dropped: nothing ever loops.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface LogBridge extends AutoCloseable {
    /** The name of the logger above all others, whatever the backend calls it. */
    String ROOT = "ROOT";

    /**
     * Tells from which level on a logger logs. Does not make the logger if there is none.
     *
     * @param logger its name, or {@link #ROOT}
     * @return its level
     */
    LoggerLevel level(String logger);

    /**
     * Sets the level of a logger.
     *
     * @param logger its name, or {@link #ROOT}
     * @param level this level and above are logged
     * @return the way back
     */
    Change set(String logger, LogLevel level);

    /** Listens no longer. Levels stay as they are; a second call does nothing. */
    @Override
    void close();

    /** A level that was set. */
    @FunctionalInterface
    interface Change {
        /**
         * Sets the logger back to exactly what it had before; does nothing if somebody else has set it meanwhile.
         *
         * @return whether it was set back
         */
        boolean undo();
    }
}
