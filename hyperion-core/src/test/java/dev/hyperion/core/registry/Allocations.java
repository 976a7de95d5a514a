// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts what this thread allocates. */
final class Allocations {
    /** Bytes that the measuring itself may allocate. */
    static final long MEASURING = 2_000;

    /** Rounds until the compiler must have had its turn, also on a machine that is busy with other things. */
    private static final int MOST_ROUNDS = 3_000;

    private Allocations() {}

    /** The least of many rounds, in bytes: the first ones still touch new octaves and run interpreted. */
    static long leastOf(Runnable round) {
        return leastOf(MEASURING, round);
    }

    /** The least of many rounds, in bytes, or of those until one was below a limit. */
    static long leastOf(long limit, Runnable round) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < MOST_ROUNDS && least >= limit; i++) {
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            round.run();
            long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            least = Math.min(least, after - before);
        }
        return least;
    }
}
