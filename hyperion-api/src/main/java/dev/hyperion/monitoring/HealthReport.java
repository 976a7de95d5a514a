// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What the health checks found last.
 *
 * <p>Thread-safety: immutable.
 *
 * @param status the worst of the checks, of one that is not critical at most degraded; up if there are none
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
     * @param at when it was found; when the check was added if it has not run yet
     * @param groups what it has a say in
     * @param critical whether the whole is down when it is
     */
    public record Check(
            String name, HealthStatus status, String detail, Instant at, Set<HealthGroup> groups, boolean critical) {
        /** Copies the groups. */
        public Check {
            groups = Set.copyOf(groups);
        }

        /**
         * What the check does to the whole.
         *
         * @return its status; at most degraded if it is not critical
         */
        public HealthStatus weight() {
            return status == HealthStatus.DOWN && !critical ? HealthStatus.DEGRADED : status;
        }
    }
}
