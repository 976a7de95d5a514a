// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

/** How well something is, best first. */
public enum HealthStatus {
    /** Works. */
    UP,
    /** Works, but not as it should. */
    DEGRADED,
    /** Does not work. */
    DOWN
}
