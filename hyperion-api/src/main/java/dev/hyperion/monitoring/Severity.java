// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

/** How urgent an alert is, least first. */
public enum Severity {
    /** For the record. */
    INFO,
    /** Look at it today. */
    WARNING,
    /** Look at it now. */
    CRITICAL
}
