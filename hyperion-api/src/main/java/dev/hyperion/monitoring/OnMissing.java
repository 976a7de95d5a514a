// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

/** What missing data does to an alert. */
public enum OnMissing {
    /** Neither counts as a hit nor resets the hits. */
    KEEP,
    /** Counts as a hit. */
    FIRE,
    /** Counts as clear. */
    RESOLVE
}
