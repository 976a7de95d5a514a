// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

/** What is asked about a process, by those who start it, send it traffic, or end it. */
public enum HealthGroup {
    /**
     * Whether the process itself still works; if not, a new start may help. It depends on nothing outside of the process, so no
     * check can be added to it: a database that is gone must not make every process that uses it start anew.
     */
    LIVE,
    /** Whether it should get traffic now. */
    READY,
    /** Whether its start is over; once it is, it stays so. */
    STARTUP
}
