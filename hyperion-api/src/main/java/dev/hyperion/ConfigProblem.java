// SPDX-License-Identifier: Apache-2.0
package dev.hyperion;

import java.util.Objects;

/**
 * One thing that is wrong in a configuration or plan file.
 *
 * <p>Thread-safety: immutable.
 *
 * @param file the file as the user named it, or {@code <memory>} for configuration made in code
 * @param line 1-based line, 0 where there is none
 * @param column 1-based column, 0 where there is none
 * @param key the full dotted key, such as {@code autoscale.min_replicas}; empty for the file as a whole
 * @param message the value, what was expected and what to do next; does not repeat file, line or key
 */
public record ConfigProblem(String file, int line, int column, String key, String message) {
    /** Checks that nothing is null. */
    public ConfigProblem {
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(message, "message");
    }

    /**
     * The problem as people read it: {@code file:line:column: key message}.
     *
     * @return one line
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line).append(':').append(column);
        }
        text.append(": ");
        if (!key.isEmpty()) {
            text.append(key).append(' ');
        }
        return text.append(message).toString();
    }
}
