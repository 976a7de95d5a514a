// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * One entry of the log ring.
 *
 * <p>Thread-safety: immutable.
 *
 * @param at when it happened; of several occurrences, the last
 * @param level how important it is
 * @param logger who says it
 * @param message what happened
 * @param fields further facts by name, such as the application or what the diagnostic context (MDC) held
 * @param template the message before its arguments were put in, by which repetitions are recognised; the message itself if it
 *     has no arguments
 * @param stack the throwable as text, see {@link StackText}; empty if there is none
 * @param sequence its number in the ring, 1 for the first; 0 until it is in there
 * @param occurrences how many times it happened, 1 or more; more than 1 stands for repetitions that were not kept one by one
 */
public record LogEntry(
        Instant at,
        LogLevel level,
        String logger,
        String message,
        Map<String, String> fields,
        String template,
        String stack,
        long sequence,
        long occurrences) {
    /**
     * Copies the fields.
     *
     * @throws IllegalArgumentException if the sequence is negative or there are less than 1 occurrences
     */
    public LogEntry {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(logger, "logger");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(template, "template");
        Objects.requireNonNull(stack, "stack");
        fields = Map.copyOf(fields);
        if (sequence < 0) {
            throw new IllegalArgumentException("log sequence is " + sequence + "; expected 0 or more");
        }
        if (occurrences < 1) {
            throw new IllegalArgumentException("log occurrences are " + occurrences + "; expected 1 or more");
        }
    }

    /**
     * An entry that is not in the ring yet, with a message that is its own template.
     *
     * @param at when it happened
     * @param level how important it is
     * @param logger who says it
     * @param message what happened
     * @param fields further facts by name
     */
    public LogEntry(Instant at, LogLevel level, String logger, String message, Map<String, String> fields) {
        this(at, level, logger, message, fields, message, "", 0, 1);
    }
}
