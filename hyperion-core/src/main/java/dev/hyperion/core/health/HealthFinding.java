// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.health;

import dev.hyperion.monitoring.HealthStatus;

/**
 * What a health check found. Thread-safety: immutable.
 *
 * @param status how well it is
 * @param detail one line for people; empty if there is nothing to say
 */
public record HealthFinding(HealthStatus status, String detail) {

    /**
     * All is well.
     *
     * @return a finding without detail
     */
    public static HealthFinding up() {
        return new HealthFinding(HealthStatus.UP, "");
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
