// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.process;

import java.util.OptionalDouble;

/** Processor time between two looks. Confined to the backend's lock. */
final class CpuClock {
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux that Java runs on

    private long ticks = -1;
    private long nanos;
    private OptionalDouble utilization = OptionalDouble.empty();

    /** Takes a look: the ticks used until now, of which so many are allotted per second. */
    void look(long usedTicks, long nowNanos, double cpus) {
        double seconds = (nowNanos - nanos) / 1e9;
        if (ticks >= 0 && seconds > 0 && usedTicks >= ticks) {
            utilization = OptionalDouble.of((usedTicks - ticks) / TICKS_PER_SECOND / seconds / cpus * 100);
        }
        ticks = usedTicks;
        nanos = nowNanos;
    }

    /** Percent of the allotment between the last two looks. */
    OptionalDouble utilization() {
        return utilization;
    }
}
