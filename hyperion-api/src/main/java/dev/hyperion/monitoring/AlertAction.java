// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

/** What is done when an alert fires, beside telling people. */
public enum AlertAction {
    /** Blocks the client address in the alert's {@code client} label. */
    BLOCK_IP
}
