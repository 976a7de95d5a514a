// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

/** Where one rule stands for one label set. */
public enum AlertState {
    /** The condition does not hold. */
    INACTIVE,
    /** The condition holds, not yet often or long enough. */
    PENDING,
    /** The alert is raised. */
    FIRING,
    /** The condition ended after it was raised. */
    RESOLVED
}
