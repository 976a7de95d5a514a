// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

/**
 * How long requests took, since the histogram was made: log-linear buckets of whole nanoseconds and the exact sum.
 *
 * <p>Thread-safety: confined to the lock of the {@link VersionStats} that owns it.
 */
final class LatencyHistogram {
    /*
     * Values below 128 ns have a bucket each; every octave above is cut into 64 buckets of equal width. So a bucket is at
     * most 1/64 as wide as its lower edge, and its middle is off by 1/128 at most. 42 bits of nanoseconds are 73 minutes;
     * what took longer counts in the last bucket, its sum is exact all the same.
     */
    private static final int STEPS_BITS = 6;
    private static final int STEPS = 1 << STEPS_BITS;
    private static final int VALUE_BITS = 42;
    private static final long LARGEST = (1L << VALUE_BITS) - 1;
    private static final int BUCKETS = bucketOf(LARGEST) + 1;

    private final long[] counts = new long[BUCKETS];
    private long sumNanos;

    /** Takes the non-empty buckets in rising order. */
    interface Visitor<X extends Exception> {
        void bucket(long lowerNanos, long upperNanos, long count) throws X;
    }

    void record(long nanos) {
        long value = Math.max(0, nanos);
        counts[bucketOf(Math.min(value, LARGEST))]++;
        sumNanos += value;
    }

    long sumNanos() {
        return sumNanos;
    }

    LatencyHistogram copy() {
        LatencyHistogram copy = new LatencyHistogram();
        System.arraycopy(counts, 0, copy.counts, 0, BUCKETS);
        copy.sumNanos = sumNanos;
        return copy;
    }

    /** Hands out the non-empty buckets: lower edge included, upper edge not. */
    <X extends Exception> void forEach(Visitor<X> visitor) throws X {
        for (int i = 0; i < BUCKETS; i++) {
            if (counts[i] > 0) {
                visitor.bucket(lowerEdge(i), lowerEdge(i + 1), counts[i]);
            }
        }
    }

    static int bucketOf(long value) {
        int octave = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(value) - STEPS_BITS - 1);
        return (octave << STEPS_BITS) + (int) (value >>> octave);
    }

    static long lowerEdge(int bucket) {
        if (bucket < 2 * STEPS) {
            return bucket;
        }
        int octave = (bucket >>> STEPS_BITS) - 1;
        return (long) (bucket - (octave << STEPS_BITS)) << octave;
    }
}
