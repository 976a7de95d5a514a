// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import dev.hyperion.core.record.HistogramCopy.Scale;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A {@link HistogramCopy} in few bytes, for those who keep many: the counts of the buckets and the exact sum of all, but not
 * the sums of single buckets. Some 1 kB for a busy timer, some ten bytes where little happened.
 *
 * <p>Per page that holds anything: how many pages after the last one, a bit for each non-empty bucket, and their counts;
 * numbers are written seven bits to a byte.
 *
 * <p>Thread-safety: immutable.
 */
public final class CompactCopy {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final CompactCopy NO_NANOS = new CompactCopy(Scale.NANOS, new byte[0], 0, ExactSum.ZERO);
    private static final CompactCopy NO_VALUES = new CompactCopy(Scale.VALUES, new byte[0], 0, ExactSum.ZERO);

    private static final int BYTES_PER_LINE = 64;

    final Scale scale;
    final byte[] buckets;
    final long count;
    final ExactSum sum;

    CompactCopy(Scale scale, byte[] buckets, long count, ExactSum sum) {
        this.scale = scale;
        this.buckets = buckets;
        this.count = count;
        this.sum = sum;
    }

    /**
     * Returns a copy without any record.
     *
     * @param scale what it is to be added to or subtracted from
     * @return the empty copy
     */
    public static CompactCopy empty(Scale scale) {
        return scale == Scale.NANOS ? NO_NANOS : NO_VALUES;
    }

    /**
     * Returns what the bucket numbers mean.
     *
     * @return the scale
     */
    public Scale scale() {
        return scale;
    }

    /**
     * Returns the number of records.
     *
     * @return the count, never negative
     */
    public long count() {
        return count;
    }

    /**
     * Has its memory brought near, without waiting for it.
     *
     * @return a number without meaning, to be kept so that no compiler leaves the reads out
     */
    public long touch() {
        long any = sum.nanos();
        for (int i = 0; i < buckets.length; i += BYTES_PER_LINE) {
            any += buckets[i];
        }
        return any;
    }

    /**
     * Has the objects brought near that {@link #touch} goes through, without waiting for them.
     *
     * @return a number without meaning
     */
    public long approach() {
        return sum.nanos() + buckets.length;
    }

    /**
     * Returns what the buckets take.
     *
     * @return bytes, without the objects around them
     */
    public int bytes() {
        return buckets.length;
    }

    /** Reads a number of seven bits to a byte, the lowest first. */
    static long number(byte[] from, int begin) {
        long number = 0;
        int at = begin;
        int shift = 0;
        do {
            number |= (from[at] & 0x7fL) << shift;
            shift += 7;
        } while (from[at++] < 0);
        return number;
    }

    /** How many bytes a number takes. */
    static int length(long number) {
        return number <= 0x7f ? 1 : (Long.SIZE + 6 - Long.numberOfLeadingZeros(number)) / 7;
    }

    static void putPresent(long present, byte[] into, int at) {
        LONG.set(into, at, present);
    }

    /** Reads the bits of the non-empty buckets of a page. */
    static long present(byte[] from, int at) {
        return (long) LONG.get(from, at);
    }
}
