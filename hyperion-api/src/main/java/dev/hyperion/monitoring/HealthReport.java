// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What the health checks found last.
 *
 * <p>Thread-safety: immutable.
 *
 * @param status the worst of the checks; up if there are none
 * @param checks each check, by name
 * @param at when the report was made
 */
public record HealthReport(HealthStatus status, List<Check> checks, Instant at) {
    /** Copies the list. */
    public HealthReport {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(at, "at");
        checks = List.copyOf(checks);
    }

    /**
     * What one check found last.
     *
     * <p>Thread-safety: immutable.
     *
     * @param name its name
     * @param status how well it is
     * @param detail one line for people; may be empty
     * @param at when it was found
     */
    public record Check(String name, HealthStatus status, String detail, Instant at) {}
}
