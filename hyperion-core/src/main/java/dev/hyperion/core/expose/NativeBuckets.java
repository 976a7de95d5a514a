// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import dev.hyperion.core.record.HistogramCopy;
import java.util.Arrays;

/**
 * Buckets of Prometheus' native histograms, made of ours.
 *
 * <p>Bucket {@code i} of schema {@code s} holds what is above {@code 2^((i-1)/2^s)} and at most {@code 2^(i/2^s)}. With
 * schema {@value #SCHEMA} there are 32 per doubling, each 2.2 % wide; ours are 1.6 % wide and count where their middle lies,
 * which is at most 1/128 from each of their records. So what Prometheus reads from a bucket is within 3 % of every record
 * that counts in it. Count and sum are exact. Finer schemas would double the size and gain little: ours are no finer.
 *
 * <p>Thread-safety: confined to one scrape.
 */
final class NativeBuckets implements HistogramCopy.BucketVisitor {
    static final int SCHEMA = 5;
    private static final double PER_DOUBLING = 1 << SCHEMA;

    private int[] indexes = new int[64];
    private long[] counts = new long[64];
    private int size;
    private long zeros;
    private double perUnit = 1;

    /** Takes the buckets of a copy in the place of those before. */
    void take(HistogramCopy copy, double recordedPerUnit) {
        size = 0;
        zeros = 0;
        perUnit = recordedPerUnit;
        copy.forEachBucket(this);
    }

    @Override
    public void bucket(double lower, double upper, long count) {
        if (lower == 0) {
            zeros += count; // less than a nanosecond, or than the smallest of doubles
            return;
        }
        int index = index((lower + (upper - lower) / 2) / perUnit);
        if (size > 0 && indexes[size - 1] == index) {
            counts[size - 1] += count;
            return;
        }
        if (size == indexes.length) {
            indexes = Arrays.copyOf(indexes, size * 2);
            counts = Arrays.copyOf(counts, size * 2);
        }
        indexes[size] = index;
        counts[size++] = count;
    }

    static int index(double value) {
        return (int) Math.ceil(Math.log(value) / Math.log(2) * PER_DOUBLING);
    }

    long zeros() {
        return zeros;
    }

    int size() {
        return size;
    }

    /** Rising. */
    int index(int at) {
        return indexes[at];
    }

    long count(int at) {
        return counts[at];
    }
}
