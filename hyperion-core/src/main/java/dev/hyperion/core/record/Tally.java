// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import dev.hyperion.core.record.HistogramCopy.Scale;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A histogram that is added to and subtracted from in place: what windows and groups of series are computed in, without
 * garbage, and at the price of reading each of the parts once.
 *
 * <p>Tallies are lent: {@link #of} takes one that somebody has closed, or makes one of some 30 kB, and {@link #close} gives
 * it back. Whoever forgets to close one loses nothing but the reuse.
 *
 * <p>Thread-safety: confined; {@link #of} is thread-safe.
 */
public final class Tally implements Records, AutoCloseable {
    private static final int PAGES = 2048; // one per exponent of a double; those of nanoseconds are the first few
    private static final int MOST_KEPT_PAGES = 128;
    private static final AtomicReferenceArray<@Nullable Tally> IDLE =
            new AtomicReferenceArray<>(Math.min(16, 2 * Runtime.getRuntime().availableProcessors()));

    private final long[] @Nullable [] counts = new long[PAGES][];
    private final double[] @Nullable [] sums = new double[PAGES][];
    private final long[] touched = new long[PAGES / Long.SIZE]; // one bit per page
    private final long[] written = new long[PAGES]; // one bit per bucket, of each page
    private final long[] recordsIn = new long[PAGES]; // of each page, so that a quantile looks into one page only
    private final CellsCopy copy = new CellsCopy();
    private final PackedBuckets packed = new PackedBuckets(copy);
    private final CellsCopy.Visitor nanosTaker = new NanosTaker();
    private final CellsCopy.Visitor valuesTaker = new ValuesTaker();
    private int pagesMade;
    private byte[] encoded = new byte[1024];

    private boolean isPacked; // then the buckets are there, and no page is touched
    private Scale scale = Scale.NANOS;
    private int firstExponent;
    private long count;
    private long nanos;
    private double rounded;
    private double lost;
    private long infinite;

    private Tally() {}

    /**
     * Lends an empty tally.
     *
     * @param scale of what is to be added to it
     * @return a tally that the caller closes, and does not touch after that
     */
    public static Tally of(Scale scale) {
        Tally tally = null;
        for (int i = 0; tally == null && i < IDLE.length(); i++) {
            tally = IDLE.get(i) == null ? null : IDLE.getAndSet(i, null);
        }
        tally = tally == null ? new Tally() : tally;
        tally.scale = scale;
        return tally;
    }

    /** Empties it and gives it back. */
    @Override
    public void close() {
        clear();
        if (pagesMade > MOST_KEPT_PAGES) {
            return; // one summary of wild values shall not make all later tallies large
        }
        for (int i = 0; i < IDLE.length(); i++) {
            if (IDLE.get(i) == null && IDLE.compareAndSet(i, null, this)) {
                return;
            }
        }
    }

    /** Forgets everything that was added. */
    public void clear() {
        if (isPacked) {
            isPacked = false;
        } else {
            clearPages();
        }
        count = 0;
        nanos = 0;
        rounded = 0;
        lost = 0;
        infinite = 0;
    }

    private void clearPages() {
        for (int page = nextPage(0); page < PAGES; page = nextPage(page + 1)) {
            long[] emptied = countsOf(page);
            double[] emptiedSums = sumsOf(page);
            for (long left = written[page]; left != 0; left &= left - 1) {
                int slot = Long.numberOfTrailingZeros(left);
                emptied[slot] = 0;
                emptiedSums[slot] = 0;
            }
            written[page] = 0;
            recordsIn[page] = 0;
        }
        Arrays.fill(touched, 0);
    }

    void addNanos(Cells cells) {
        require(Scale.NANOS);
        unpack();
        cells.copyTo(copy);
        isPacked = touched[0] == 0 && packed.take(cells); // durations have no further pages
        if (isPacked) {
            count += packed.count();
            nanos += packed.sum();
            rounded += packed.sum();
        } else {
            copy.forEach(nanosTaker);
        }
    }

    /** Takes the buckets apart into pages, where those of others can be added. */
    private void unpack() {
        if (!isPacked) {
            return;
        }
        isPacked = false;
        for (long left = packed.pages(); left != 0; left &= left - 1) {
            int page = Long.numberOfTrailingZeros(left);
            touch(page);
            long[] into = countsOf(page);
            double[] intoSums = sumsOf(page);
            long present = packed.present(page);
            for (long slots = present; slots != 0; slots &= slots - 1) {
                int slot = Long.numberOfTrailingZeros(slots);
                into[slot] = packed.recordsIn(page, slot);
                intoSums[slot] = packed.sumIn(page, slot);
            }
            written[page] = present;
            recordsIn[page] = packed.recordsIn(page);
        }
    }

    void addValues(Cells cells, int exponentOfFirstPage) {
        require(Scale.VALUES);
        firstExponent = exponentOfFirstPage;
        cells.copyTo(copy);
        copy.forEach(valuesTaker);
    }

    // Totals are kept in local variables while a page is taken: added to in memory, bucket by bucket, they cost as
    // much as all the rest.

    /** Amounts are the durations themselves. */
    private final class NanosTaker implements CellsCopy.Visitor {
        @Override
        public void page(int page, long[] words, int from, int shift) {
            long present = CellsCopy.present(words, from);
            touch(page);
            long[] intoCounts = countsOf(page);
            double[] intoSums = sumsOf(page);
            long mask = (1L << shift) - 1;
            long all = 0;
            long allNanos = 0;
            for (long left = present; left != 0; left &= left - 1) {
                int slot = Long.numberOfTrailingZeros(left);
                long word = words[from + slot];
                long records = word >>> shift;
                long sum = word & mask;
                intoCounts[slot] += records;
                intoSums[slot] += sum;
                all += records;
                allNanos += sum;
            }
            taken(page, present, all, allNanos, allNanos);
        }

        @Override
        public void spilled(int page, long[] words, int from) {
            touch(page);
            for (int slot = 0; slot < Cells.SLOTS; slot++) {
                int at = from + slot * Spill.WORDS;
                double sum = unsigned(words[at + 1], words[at + 2]);
                countsOf(page)[slot] += words[at];
                sumsOf(page)[slot] += sum;
                taken(page, 1L << slot, words[at], words[at + 1], sum);
            }
        }

        @Override
        public void one(int bucket, long amount) {
            add(bucket, 1, amount);
            count++;
            nanos += amount;
            rounded += amount;
        }

        private void taken(int page, long present, long records, long allNanos, double sum) {
            written[page] |= present;
            recordsIn[page] += records;
            count += records;
            nanos += allNanos;
            rounded += sum;
        }
    }

    /** Amounts are what the values are above the lower edge of their bucket. */
    private final class ValuesTaker implements CellsCopy.Visitor {
        @Override
        public void page(int page, long[] words, int from, int shift) {
            long mask = (1L << shift) - 1;
            for (long left = CellsCopy.present(words, from); left != 0; left &= left - 1) {
                int slot = Long.numberOfTrailingZeros(left);
                long word = words[from + slot];
                take(ValueRecorder.bucket(firstExponent, page) | slot, word >>> shift, word & mask);
            }
        }

        @Override
        public void spilled(int page, long[] words, int from) {
            for (int slot = 0; slot < Cells.SLOTS; slot++) {
                int at = from + slot * Spill.WORDS;
                if (words[at] != 0) {
                    take(
                            ValueRecorder.bucket(firstExponent, page) | slot,
                            words[at],
                            unsigned(words[at + 1], words[at + 2]));
                }
            }
        }

        @Override
        public void one(int bucket, long amount) {
            take(ValueRecorder.bucket(firstExponent, 0) + bucket, 1, amount);
        }

        private void take(int bucket, long records, double amounts) {
            count += records;
            if (ValueRecorder.isInfinite(bucket)) {
                infinite += records;
                add(bucket, records, 0);
                return;
            }
            double edges = ValueRecorder.lowerEdge(bucket) * records;
            double rest = amounts * ValueRecorder.unit(bucket);
            addExactly(edges);
            addExactly(rest);
            add(bucket, records, edges + rest);
        }
    }

    private static double unsigned(long low, long high) {
        return high == 0 && low >= 0 ? low : high * 0x1p64 + unsigned(low);
    }

    private static double unsigned(long low) {
        return (low >>> 1) * 2.0 + (low & 1);
    }

    private void addExactly(double term) {
        lost += ExactSum.roundedOff(rounded, term);
        rounded = ExactSum.add(rounded, term);
    }

    /** Adds to one bucket; the totals are the caller's business. */
    void add(int bucket, long records, double sum) {
        int page = bucket >>> LatencyRecorder.LOG_SLOTS;
        int slot = bucket & (Cells.SLOTS - 1);
        touch(page);
        written[page] |= 1L << slot;
        recordsIn[page] += records;
        countsOf(page)[slot] += records;
        sumsOf(page)[slot] += sum;
    }

    void addTotals(long records, ExactSum sum) {
        count += records;
        nanos += sum.nanos();
        lost += sum.lost() + ExactSum.roundedOff(rounded, sum.rounded());
        rounded = ExactSum.add(rounded, sum.rounded());
        infinite += sum.infinite();
    }

    private void subtractTotals(long records, ExactSum sum) {
        count -= records;
        nanos -= sum.nanos();
        lost += ExactSum.roundedOff(rounded, -sum.rounded()) - sum.lost();
        rounded -= sum.rounded();
        infinite -= sum.infinite();
    }

    /**
     * Adds the records of a copy.
     *
     * @param copy a copy of the same scale
     * @throws IllegalArgumentException if its scale is another
     */
    public void add(HistogramCopy copy) {
        require(copy.scale());
        unpack();
        copy.addTo(this);
    }

    /**
     * Adds the records of a compact copy; of buckets with several records only the middle is known then.
     *
     * @param copy a copy of the same scale
     */
    public void add(CompactCopy copy) {
        unpack();
        combine(copy, 1);
        addTotals(copy.count, copy.sum);
    }

    /**
     * Takes away the records of an earlier compact copy of what has been added.
     *
     * @param earlier a copy of the same scale
     * @throws IllegalArgumentException if a bucket would hold less than nothing: it was no earlier copy
     */
    public void subtract(CompactCopy earlier) {
        if (isPacked && earlier.count != 0) {
            require(earlier.scale);
            packed.subtract(earlier);
        } else {
            combine(earlier, -1);
        }
        subtractTotals(earlier.count, earlier.sum);
    }

    private void combine(CompactCopy copy, int sign) {
        if (copy.count == 0) {
            return;
        }
        require(copy.scale);
        byte[] bytes = copy.buckets;
        int page = -1;
        int at = 0;
        while (at < bytes.length) {
            long gap = CompactCopy.number(bytes, at);
            at += CompactCopy.length(gap);
            page += (int) gap;
            touch(page);
            long[] into = countsOf(page);
            double[] intoSums = sumsOf(page);
            long present = CompactCopy.present(bytes, at);
            at += Long.BYTES;
            written[page] |= present;
            long all = 0;
            for (long left = present; left != 0; left &= left - 1) {
                int slot = Long.numberOfTrailingZeros(left);
                long records = bytes[at++];
                if (records < 0) {
                    records = CompactCopy.number(bytes, at - 1);
                    at += CompactCopy.length(records) - 1;
                }
                long now = into[slot] + sign * records;
                if (now < 0) {
                    throw HistogramCopy.negative(page << LatencyRecorder.LOG_SLOTS | slot, now);
                }
                into[slot] = now;
                intoSums[slot] = Double.NaN; // no longer known
                all += records;
            }
            recordsIn[page] += sign * all;
        }
    }

    /**
     * Returns what was added in few bytes.
     *
     * @return an immutable copy, without the sums of single buckets
     */
    public CompactCopy compact() {
        if (count == 0) {
            return CompactCopy.empty(scale);
        }
        int at = 0;
        int last = -1;
        for (int page = nextOf(0); page < PAGES; page = nextOf(page + 1)) {
            if ((isPacked ? packed.recordsIn(page) : recordsIn[page]) == 0) {
                continue;
            }
            if (encoded.length - at < 2 + Long.BYTES + Cells.SLOTS * 10) { // the most that a page can take
                encoded = Arrays.copyOf(encoded, encoded.length * 2);
            }
            at = write(page - last, at);
            last = page;
            int bits = at;
            at += Long.BYTES;
            long present = 0;
            for (long left = isPacked ? packed.present(page) : written[page]; left != 0; left &= left - 1) {
                int slot = Long.numberOfTrailingZeros(left);
                long records = isPacked ? packed.recordsIn(page, slot) : countsOf(page)[slot];
                if (records != 0) {
                    present |= 1L << slot;
                    at = write(records, at);
                }
            }
            CompactCopy.putPresent(present, encoded, bits);
        }
        return new CompactCopy(scale, Arrays.copyOf(encoded, at), count, sumOfAll());
    }

    /** The next page that may hold anything. */
    private int nextOf(int from) {
        if (!isPacked) {
            return nextPage(from);
        }
        long left = from < Long.SIZE ? packed.pages() & -1L << from : 0;
        return left == 0 ? PAGES : Long.numberOfTrailingZeros(left);
    }

    private int write(long number, int from) {
        int at = from;
        long left = number;
        while (left > 0x7f) {
            encoded[at++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        encoded[at++] = (byte) left;
        return at;
    }

    /**
     * Returns what was added as a copy to keep.
     *
     * @return an immutable copy
     */
    public HistogramCopy toCopy() {
        unpack();
        int size = 0;
        for (int page = nextPage(0); page < PAGES; page = nextPage(page + 1)) {
            for (long records : countsOf(page)) {
                size += records == 0 ? 0 : 1;
            }
        }
        if (size == 0) {
            return HistogramCopy.empty(scale);
        }
        int[] keptBuckets = new int[size];
        long[] keptCounts = new long[size];
        double[] keptSums = new double[size];
        int i = 0;
        for (int page = nextPage(0); page < PAGES; page = nextPage(page + 1)) {
            long[] from = countsOf(page);
            for (int slot = 0; slot < Cells.SLOTS; slot++) {
                if (from[slot] != 0) {
                    keptBuckets[i] = page << LatencyRecorder.LOG_SLOTS | slot;
                    keptCounts[i] = from[slot];
                    keptSums[i++] = sumIn(page, slot);
                }
            }
        }
        return new HistogramCopy(scale, keptBuckets, keptCounts, keptSums, count, sumOfAll());
    }

    private ExactSum sumOfAll() {
        return new ExactSum(scale == Scale.NANOS, nanos, rounded, lost, infinite);
    }

    /** The sum of one bucket, or the best guess at it once a compact copy took part: all records in the middle. */
    private double sumIn(int page, int slot) {
        double known = sumsOf(page)[slot];
        return Double.isNaN(known)
                ? countsOf(page)[slot] * HistogramCopy.middle(scale, page << LatencyRecorder.LOG_SLOTS | slot)
                : known;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public double sum() {
        return count == 0 ? 0 : ExactSum.value(scale == Scale.NANOS, nanos, rounded, lost, infinite);
    }

    @Override
    public Scale scale() {
        return scale;
    }

    @Override
    public double quantile(double q) {
        HistogramCopy.requireRecords(count, "quantile");
        long left = HistogramCopy.rank(q, count);
        if (isPacked) {
            return packed.valueOf(left);
        }
        for (int page = nextPage(0); page < PAGES; page = nextPage(page + 1)) {
            if (left > recordsIn[page]) {
                left -= recordsIn[page];
                continue;
            }
            long[] from = countsOf(page);
            for (long slots = written[page]; slots != 0; slots &= slots - 1) {
                int slot = Long.numberOfTrailingZeros(slots);
                left -= from[slot];
                if (left <= 0) {
                    return HistogramCopy.valueIn(
                            scale, page << LatencyRecorder.LOG_SLOTS | slot, from[slot], sumsOf(page)[slot]);
                }
            }
        }
        throw new IllegalStateException("the buckets hold fewer records than the count " + count + " says");
    }

    @Override
    public double max() {
        HistogramCopy.requireRecords(count, "max");
        if (isPacked) {
            return packed.max();
        }
        for (int page = lastPage(PAGES); page >= 0; page = lastPage(page)) {
            if (recordsIn[page] == 0) {
                continue;
            }
            long[] from = countsOf(page);
            for (int slot = Cells.SLOTS - 1; slot >= 0; slot--) {
                if (from[slot] != 0) {
                    return HistogramCopy.maxIn(
                            scale, page << LatencyRecorder.LOG_SLOTS | slot, from[slot], sumsOf(page)[slot]);
                }
            }
        }
        throw new IllegalStateException("the buckets hold fewer records than the count " + count + " says");
    }

    private void require(Scale other) {
        if (scale != other) {
            throw new IllegalArgumentException("cannot combine a copy of " + scale + " with one of " + other);
        }
    }

    private void touch(int page) {
        if (counts[page] == null) {
            counts[page] = new long[Cells.SLOTS];
            sums[page] = new double[Cells.SLOTS];
            pagesMade++;
        }
        touched[page / Long.SIZE] |= 1L << page;
    }

    private int nextPage(int from) {
        for (int word = from / Long.SIZE; word < touched.length; word++) {
            long left = touched[word] & (word == from / Long.SIZE ? -1L << from : -1L);
            if (left != 0) {
                return word * Long.SIZE + Long.numberOfTrailingZeros(left);
            }
        }
        return PAGES;
    }

    /** The last touched page before another; -1 if there is none. */
    private int lastPage(int before) {
        for (int word = (before - 1) >> 6; word >= 0; word--) {
            long left = touched[word] & (word == before / Long.SIZE ? (1L << before) - 1 : -1L);
            if (left != 0) {
                return word * Long.SIZE + Long.SIZE - 1 - Long.numberOfLeadingZeros(left);
            }
        }
        return -1;
    }

    @SuppressWarnings("NullAway") // asked only about pages that are touched
    private long[] countsOf(int page) {
        return counts[page];
    }

    @SuppressWarnings("NullAway") // asked only about pages that are touched
    private double[] sumsOf(int page) {
        return sums[page];
    }
}
