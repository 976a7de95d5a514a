// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.peers;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Latencies as services have them: a body around 5 ms and a long tail, drawn from a log-normal distribution with a fixed
 * seed, the same for every peer.
 *
 * <p>There are 65,536 of them: branch predictors learn sequences of some thousand outcomes by heart, and a recorder whose
 * branches depend on the value would look faster than it is. They are walked in order, so that fetching them costs every
 * peer the same; each thread starts somewhere else, so that threads do not meet in the same bucket in lock-step.
 *
 * <p>Thread-safety: confined to one thread.
 */
@State(Scope.Thread)
public class Latencies {
    /** How many there are, a power of two. */
    public static final int SIZE = 1 << 16;

    private static final long[] NANOS = draw(20_260_101L, SIZE);
    private static final AtomicInteger THREADS = new AtomicInteger();

    private int next = THREADS.getAndIncrement() * 7_919;

    /**
     * The next latency; after the last comes the first.
     *
     * @return nanoseconds
     */
    public final long next() {
        return NANOS[next++ & (SIZE - 1)];
    }

    /**
     * Draws latencies.
     *
     * @param seed the same seed draws the same ones
     * @param size how many
     * @return nanoseconds
     */
    public static long[] draw(long seed, int size) {
        Random random = new Random(seed);
        long[] nanos = new long[size];
        for (int i = 0; i < size; i++) {
            nanos[i] = (long) (5_000_000 * Math.exp(random.nextGaussian()));
        }
        return nanos;
    }
}
