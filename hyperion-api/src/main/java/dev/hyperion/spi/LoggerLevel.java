// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.monitoring.LogLevel;
import java.util.Objects;
import java.util.Optional;

/**
 * From which level on a logger logs.
 *
 * <p>Thread-safety: immutable.
 *
 * @param own what was set for this very logger; empty if it follows the one above it
 * @param effective what holds; empty if it logs nothing
 */
public record LoggerLevel(Optional<LogLevel> own, Optional<LogLevel> effective) {
    /** Checks that both are there. */
    public LoggerLevel {
        Objects.requireNonNull(own, "own");
        Objects.requireNonNull(effective, "effective");
    }
}
