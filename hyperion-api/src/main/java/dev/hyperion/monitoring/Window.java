// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.time.Duration;
import java.time.Instant;

/**
 * A stretch of time.
 *
 * <p>Thread-safety: immutable.
 *
 * @param from its start
 * @param to its end, not before its start
 */
public record Window(Instant from, Instant to) {
    /**
     * Checks the order.
     *
     * @throws IllegalArgumentException if it ends before it starts
     */
    public Window {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("window ends at " + to + ", before it starts at " + from);
        }
    }

    /**
     * How long it is.
     *
     * @return zero or more
     */
    public Duration length() {
        return Duration.between(from, to);
    }
}
