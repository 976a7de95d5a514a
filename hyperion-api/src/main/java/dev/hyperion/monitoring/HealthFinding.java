// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.util.Objects;

/**
 * What a health check found. Thread-safety: immutable.
 *
 * @param status how well it is, not {@link HealthStatus#UNKNOWN}
 * @param detail one line for people; empty if there is nothing to say
 */
public record HealthFinding(HealthStatus status, String detail) {
    /**
     * Checks the status.
     *
     * @throws IllegalArgumentException if it is unknown: a check that cannot tell throws, or finds it down
     */
    public HealthFinding {
        Objects.requireNonNull(detail, "detail");
        if (Objects.requireNonNull(status, "status") == HealthStatus.UNKNOWN) {
            throw new IllegalArgumentException("a health check found 'unknown'; expected up, degraded or down");
        }
    }

    /**
     * All is well.
     *
     * @return a finding without detail
     */
    public static HealthFinding up() {
        return up("");
    }

    /**
     * All is well, and there is something to say.
     *
     * @param detail what
     * @return the finding
     */
    public static HealthFinding up(String detail) {
        return new HealthFinding(HealthStatus.UP, detail);
    }

    /**
     * It works, but not as it should.
     *
     * @param detail what is wrong
     * @return the finding
     */
    public static HealthFinding degraded(String detail) {
        return new HealthFinding(HealthStatus.DEGRADED, detail);
    }

    /**
     * It does not work.
     *
     * @param detail what is wrong
     * @return the finding
     */
    public static HealthFinding down(String detail) {
        return new HealthFinding(HealthStatus.DOWN, detail);
    }
}
