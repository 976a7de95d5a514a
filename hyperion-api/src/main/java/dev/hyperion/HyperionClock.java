// SPDX-License-Identifier: Apache-2.0
package dev.hyperion;

import java.time.Instant;

/**
 * The only source of time. Everything that waits, ages or expires asks the clock it was given, so that a 30-minute
 * canary is tested in milliseconds.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface HyperionClock {
    /**
     * The wall-clock time, for people, records and what must survive a restart. It may jump; never subtract two of these
     * to measure a duration within one process.
     *
     * @return the current instant
     */
    Instant now();

    /**
     * A clock that never goes back, for durations and deadlines within one process.
     *
     * @return nanoseconds since an arbitrary origin; only differences mean anything
     */
    long monotonicNanos();

    /**
     * The machine's clock.
     *
     * @return the clock for everything but tests
     */
    static HyperionClock system() {
        return SystemClock.INSTANCE;
    }
}
