// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import dev.hyperion.core.record.HistogramCopy.Scale;

/**
 * The buckets of one recorder of durations, counted in the very words in which they were copied. A scrape reads each of
 * thousands of timers by itself: to take some hundred buckets apart into counts and sums, and to clear those again, would
 * cost more than all that is asked of them.
 *
 * <p>Words whose records a compact copy was taken from keep their whole sum, so their sums are marked as unknown.
 *
 * <p>Thread-safety: confined.
 */
final class PackedBuckets {
    private static final int MOST_PAGES = Long.SIZE; // durations have fewer

    private final CellsCopy copy;

    private long pages; // one bit per page that is here
    private final int[] at = new int[MOST_PAGES]; // where the words of each page are in the copy
    private final int[] shifts = new int[MOST_PAGES];
    private final long[] unknown = new long[MOST_PAGES]; // one bit per bucket whose sum is not known
    private final long[] recordsIn = new long[MOST_PAGES];
    private long count;
    private long sum;

    // Where the last quantile was found: they are asked for in rising order, and the next one is looked for from there.
    private long pagesAhead;
    private int slot;
    private long below; // records in the pages before
    private long before; // records before the bucket
    private long passed; // the same with the bucket

    PackedBuckets(CellsCopy copy) {
        this.copy = copy;
    }

    /**
     * Takes what is in the copy.
     *
     * @param cells what was copied
     * @return false if the records of a bucket are in several places, or too many for one word: nothing is here then, and the
     *     copy is as it was
     */
    boolean take(Cells cells) {
        pages = 0;
        count = 0;
        sum = 0;
        for (int i = 0; i < copy.pieces(); i++) {
            int page = copy.page(i);
            if (copy.isSpilled(i) || copy.any(i) < 0 || page >= MOST_PAGES || (pages >>> page & 1) != 0) {
                return false;
            }
            pages |= 1L << page;
            at[page] = copy.from(i);
            shifts[page] = copy.shift(i);
            unknown[page] = 0;
            recordsIn[page] = copy.count(i);
            count += copy.count(i);
            sum += copy.sum(i);
        }
        addEarly(cells);
        rewind();
        return true;
    }

    private void addEarly(Cells cells) {
        long amounts = 0;
        for (int i = 0; i < copy.ones(); i++) {
            int bucket = copy.bucketOfOne(i);
            int page = bucket >>> LatencyRecorder.LOG_SLOTS;
            long amount = copy.amountOfOne(i);
            if ((pages >>> page & 1) == 0) {
                open(page, cells.shift(page));
            }
            copy.words()[at[page] + (bucket & (Cells.SLOTS - 1))] += (1L << shifts[page]) + amount;
            recordsIn[page]++;
            amounts += amount;
        }
        count += copy.ones();
        sum += amounts;
    }

    private void open(int page, int shift) {
        pages |= 1L << page;
        at[page] = copy.addRoom();
        shifts[page] = shift;
        unknown[page] = 0;
        recordsIn[page] = 0;
    }

    /** How many records were taken, as long as none were taken away. */
    long count() {
        return count;
    }

    /** The nanoseconds of those records, modulo 2^64. */
    long sum() {
        return sum;
    }

    /**
     * Takes away the buckets of an earlier compact copy.
     *
     * @throws IllegalArgumentException if a bucket would hold less than nothing
     */
    void subtract(CompactCopy earlier) {
        byte[] bytes = earlier.buckets;
        int page = -1;
        int next = 0;
        while (next < bytes.length) {
            long gap = CompactCopy.number(bytes, next);
            next += CompactCopy.length(gap);
            page += (int) gap;
            long buckets = CompactCopy.present(bytes, next);
            next += Long.BYTES;
            if ((pages >>> page & 1) == 0) {
                open(page, 1); // in vain: it was no earlier copy
            }
            long[] words = copy.words();
            int from = at[page];
            int shift = shifts[page];
            long all = 0;
            for (long left = buckets; left != 0; left &= left - 1) {
                int i = from + Long.numberOfTrailingZeros(left);
                long records = bytes[next++];
                if (records < 0) {
                    records = CompactCopy.number(bytes, next - 1);
                    next += CompactCopy.length(records) - 1;
                }
                long now = (words[i] >>> shift) - records;
                if (now < 0) {
                    throw HistogramCopy.negative(page << LatencyRecorder.LOG_SLOTS | (i - from), now);
                }
                words[i] -= records << shift;
                all += records;
            }
            unknown[page] |= buckets;
            recordsIn[page] -= all;
        }
        rewind();
    }

    private void rewind() {
        pagesAhead = pages;
        slot = -1;
        below = 0;
        before = 0;
        passed = 0;
    }

    /**
     * The value of one of the records.
     *
     * @param rank which one, counted from 1 for the smallest; at most as many as there are
     */
    double valueOf(long rank) {
        if (rank <= before) {
            rewind();
        }
        int page = Long.numberOfTrailingZeros(pagesAhead);
        while (rank > below + recordsIn[page]) {
            below += recordsIn[page];
            passed = below;
            pagesAhead &= pagesAhead - 1;
            page = Long.numberOfTrailingZeros(pagesAhead);
            slot = -1;
        }
        long[] words = copy.words();
        int from = at[page];
        int shift = shifts[page];
        long upTo = passed;
        long upToLast = before;
        int last = slot;
        while (rank > upTo) {
            last++;
            upToLast = upTo;
            upTo += words[from + last] >>> shift;
        }
        slot = last;
        before = upToLast;
        passed = upTo;
        return HistogramCopy.valueIn(Scale.NANOS, bucket(page, last), upTo - upToLast, sumIn(page, last));
    }

    /** The largest of the records; there must be one. */
    double max() {
        long left = pages;
        int page = highest(left);
        while (recordsIn[page] == 0) {
            left ^= 1L << page;
            page = highest(left);
        }
        int last = Cells.SLOTS - 1;
        while (recordsIn(page, last) == 0) {
            last--;
        }
        return HistogramCopy.maxIn(Scale.NANOS, bucket(page, last), recordsIn(page, last), sumIn(page, last));
    }

    private static int highest(long bits) {
        return Long.SIZE - 1 - Long.numberOfLeadingZeros(bits);
    }

    /** One bit per page that may hold anything. */
    long pages() {
        return pages;
    }

    /** One bit per bucket of a page that may hold anything. */
    long present(int page) {
        return CellsCopy.present(copy.words(), at[page]);
    }

    long recordsIn(int page) {
        return recordsIn[page];
    }

    long recordsIn(int page, int ofSlot) {
        return copy.words()[at[page] + ofSlot] >>> shifts[page];
    }

    /** Nanoseconds; NaN if they are not known. */
    double sumIn(int page, int ofSlot) {
        return (unknown[page] >>> ofSlot & 1) != 0
                ? Double.NaN
                : copy.words()[at[page] + ofSlot] & ((1L << shifts[page]) - 1);
    }

    private static int bucket(int page, int ofSlot) {
        return page << LatencyRecorder.LOG_SLOTS | ofSlot;
    }
}
