// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

/** Who brought a rule. */
public enum AlertOrigin {
    /** The configuration file. */
    CONFIG,
    /** {@code monitor alert add}. */
    CLI,
    /** The HTTP endpoint, or code that embeds Hyperion. */
    API
}
