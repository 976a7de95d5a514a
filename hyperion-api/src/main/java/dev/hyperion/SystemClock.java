// SPDX-License-Identifier: Apache-2.0
package dev.hyperion;

import java.time.Instant;

/** The one place that asks the machine for the time. */
enum SystemClock implements HyperionClock {
    INSTANCE;

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long monotonicNanos() {
        return System.nanoTime();
    }
}
