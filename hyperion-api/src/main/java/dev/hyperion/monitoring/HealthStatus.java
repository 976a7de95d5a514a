// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

/** How well something is; of those that are known, best first. */
public enum HealthStatus {
    /** Not looked at yet. Only single checks are ever that. */
    UNKNOWN,
    /** Works. */
    UP,
    /** Works, but not as it should. */
    DEGRADED,
    /** Does not work. */
    DOWN
}
