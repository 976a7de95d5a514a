// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

/** How important a log entry is, least first. */
public enum LogLevel {
    /** Every step. */
    TRACE,
    /** For finding faults. */
    DEBUG,
    /** What a reader of a quiet day wants to see. */
    INFO,
    /** Works, but somebody should look. */
    WARN,
    /** Does not work. */
    ERROR
}
