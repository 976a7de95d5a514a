// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import java.util.Arrays;

/**
 * What a recorder held at one moment, or the difference of two such moments: non-empty buckets, count and sum.
 *
 * <p>Counts only grow, so a window is {@code later.minus(earlier)}, and a group of series is {@code a.plus(b)}. Values of a
 * {@linkplain Scale#NANOS nanosecond} copy are in nanoseconds with a sum exact to the nanosecond; those of a {@linkplain
 * Scale#VALUES value} copy are in the unit of what was recorded.
 *
 * <p>Thread-safety: immutable.
 */
public final class HistogramCopy implements Records {

    /** What bucket numbers mean. */
    public enum Scale {
        /** Log-linear buckets of whole nanoseconds. */
        NANOS,
        /** Buckets by exponent and top mantissa bits of doubles. */
        VALUES
    }

    /** Receives the non-empty buckets of a copy in rising order. */
    public interface BucketVisitor {
        /**
         * Takes one bucket.
         *
         * @param lower the smallest value that falls into it
         * @param upper the smallest value that is too large for it
         * @param count how many values it holds, above zero
         */
        void bucket(double lower, double upper, long count);
    }

    private static final HistogramCopy NO_NANOS = none(Scale.NANOS);
    private static final HistogramCopy NO_VALUES = none(Scale.VALUES);

    private final Scale scale;
    private final int[] buckets;
    private final long[] counts;
    private final double[] sums;
    private final long count;
    private final ExactSum sum;

    HistogramCopy(Scale scale, int[] buckets, long[] counts, double[] sums, long count, ExactSum sum) {
        this.scale = scale;
        this.buckets = buckets;
        this.counts = counts;
        this.sums = sums;
        this.count = count;
        this.sum = sum;
    }

    static HistogramCopy ofNanos(int[] buckets, long[] counts, double[] sums, long sum) {
        return new HistogramCopy(Scale.NANOS, buckets, counts, sums, total(counts), new ExactSum(true, sum, sum, 0, 0));
    }

    static HistogramCopy ofValues(int[] buckets, long[] counts, double[] sums, double sum) {
        return new HistogramCopy(Scale.VALUES, buckets, counts, sums, total(counts), new ExactSum(false, 0, sum, 0, 0));
    }

    private static long total(long[] counts) {
        long total = 0;
        for (long each : counts) {
            total += each;
        }
        return total;
    }

    private static HistogramCopy none(Scale scale) {
        return new HistogramCopy(scale, new int[0], new long[0], new double[0], 0, ExactSum.ZERO);
    }

    /**
     * Returns a copy without any record.
     *
     * @param scale what it is to be added to or subtracted from
     * @return the empty copy
     */
    public static HistogramCopy empty(Scale scale) {
        return scale == Scale.NANOS ? NO_NANOS : NO_VALUES;
    }

    @Override
    public Scale scale() {
        return scale;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public double sum() {
        return sum.value();
    }

    /** The sum of a nanosecond copy, exact where a double would round. */
    long sumNanos() {
        return sum.wholeNanos();
    }

    /**
     * Returns the mean of the records.
     *
     * @return the mean, in the unit of {@link #sum()}
     * @throws IllegalStateException if there are none
     */
    public double mean() {
        requireRecords("mean");
        return sum() / count;
    }

    @Override
    public double quantile(double q) {
        requireRecords("quantile");
        long left = rank(q, count);
        int i = 0;
        while (left > counts[i] && i < buckets.length - 1) {
            left -= counts[i++];
        }
        return valueIn(scale, buckets[i], counts[i], sums[i]);
    }

    /** Which record, counted from the smallest, is a quantile by the nearest-rank rule. */
    static long rank(double q, long count) {
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("quantile is " + q + "; expected 0 to 1");
        }
        double rank = q * count;
        double nearest = Math.rint(rank);
        // 0.07 of 100 are 7, but the product of the doubles is a bit more: what differs by rounding only is not rounded
        // up
        return Math.max(1, (long) (rank - nearest <= Math.ulp(rank) ? nearest : Math.ceil(rank)));
    }

    /** The only record of a bucket is known exactly; of several, the bucket's middle is never more than 1/128 away. */
    static double valueIn(Scale scale, int bucket, long count, double sum) {
        return count == 1 && !Double.isNaN(sum) ? clamp(scale, sum, bucket) : middle(scale, bucket);
    }

    /** The largest of some records of one bucket. */
    static double maxIn(Scale scale, int bucket, long count, double sum) {
        if (Double.isNaN(sum)) {
            return middle(scale, bucket); // what the bucket held before was not known so exactly
        }
        double mean = clamp(scale, sum / count, bucket); // the largest is at least the mean of its bucket,
        double most = sum - (count - 1) * lower(scale, bucket); // at most this, were all others at the edge
        return mean + (clamp(scale, most, bucket) - mean) / 2;
    }

    private static double clamp(Scale scale, double value, int bucket) {
        return Math.max(lower(scale, bucket), Math.min(upper(scale, bucket), value));
    }

    @Override
    public double max() {
        requireRecords("max");
        int last = buckets.length - 1;
        return maxIn(scale, buckets[last], counts[last], sums[last]);
    }

    /**
     * Returns the smallest record.
     *
     * @return within 1/128 of that record
     * @throws IllegalStateException if there are no records
     */
    public double min() {
        return quantile(0);
    }

    /**
     * Counts the records at or below a bound, to the resolution of the buckets.
     *
     * @param bound in the unit of {@link #sum()}
     * @return records of all buckets that begin at or below the bound
     */
    public long countUpTo(double bound) {
        long total = 0;
        for (int i = 0; i < buckets.length && lower(scale, buckets[i]) <= bound; i++) {
            total += counts[i];
        }
        return total;
    }

    /**
     * Returns what was recorded after an earlier copy of the same recorder.
     *
     * @param earlier the earlier copy
     * @return the difference
     * @throws IllegalArgumentException if the other copy is not an earlier one of the same recorder
     */
    public HistogramCopy minus(HistogramCopy earlier) {
        if (earlier.count == 0) {
            return this;
        }
        return combine(earlier, -1);
    }

    /**
     * Returns the records of both.
     *
     * @param other a copy of another recorder of the same scale
     * @return the merged copy
     */
    public HistogramCopy plus(HistogramCopy other) {
        if (other.count == 0) {
            return this;
        }
        return count == 0 ? other : combine(other, 1);
    }

    /**
     * Returns the records of many, at the price of reading each once.
     *
     * @param copies copies of different recorders of the same scale
     * @param scale their scale
     * @return the merged copy; empty if there are none
     * @throws IllegalArgumentException if one has another scale
     */
    public static HistogramCopy merge(Scale scale, Iterable<HistogramCopy> copies) {
        try (Tally tally = Tally.of(scale)) {
            copies.forEach(tally::add);
            return tally.toCopy();
        }
    }

    private HistogramCopy combine(HistogramCopy other, int sign) {
        if (scale != other.scale) {
            throw new IllegalArgumentException("cannot combine a copy of " + scale + " with one of " + other.scale);
        }
        int[] merged = new int[buckets.length + other.buckets.length];
        long[] mergedCounts = new long[merged.length];
        double[] mergedSums = new double[merged.length];
        int size = 0;
        int i = 0;
        int j = 0;
        while (i < buckets.length || j < other.buckets.length) {
            int mine = i < buckets.length ? buckets[i] : Integer.MAX_VALUE;
            int theirs = j < other.buckets.length ? other.buckets[j] : Integer.MAX_VALUE;
            int bucket = Math.min(mine, theirs);
            double bucketSum = (mine == bucket ? sums[i] : 0) + (theirs == bucket ? sign * other.sums[j] : 0);
            long records = (mine == bucket ? counts[i++] : 0) + (theirs == bucket ? sign * other.counts[j++] : 0);
            if (records < 0) {
                throw negative(bucket, records);
            }
            if (records > 0) {
                merged[size] = bucket;
                mergedSums[size] = bucketSum;
                mergedCounts[size++] = records;
            }
        }
        long total = sign > 0 ? count + other.count : count - other.count;
        return new HistogramCopy(
                scale,
                Arrays.copyOf(merged, size),
                Arrays.copyOf(mergedCounts, size),
                Arrays.copyOf(mergedSums, size),
                total,
                total == 0 ? ExactSum.ZERO : sign > 0 ? sum.plus(other.sum) : sum.minus(other.sum));
    }

    /**
     * Hands out the non-empty buckets in rising order.
     *
     * @param visitor called once per bucket
     */
    public void forEachBucket(BucketVisitor visitor) {
        for (int i = 0; i < buckets.length; i++) {
            visitor.bucket(lower(scale, buckets[i]), upper(scale, buckets[i]), counts[i]);
        }
    }

    /**
     * Returns the number of non-empty buckets.
     *
     * @return how often {@link #forEachBucket} calls
     */
    public int size() {
        return buckets.length;
    }

    void addTo(Tally tally) {
        for (int i = 0; i < buckets.length; i++) {
            tally.add(buckets[i], counts[i], sums[i]);
        }
        tally.addTotals(count, sum);
    }

    static double lower(Scale scale, int bucket) {
        return scale == Scale.NANOS ? LatencyRecorder.lowerEdge(bucket) : ValueRecorder.lowerEdge(bucket);
    }

    private static double upper(Scale scale, int bucket) {
        return scale == Scale.NANOS
                ? (double) LatencyRecorder.lowerEdge(bucket) + LatencyRecorder.width(bucket)
                : ValueRecorder.upperEdge(bucket);
    }

    static double middle(Scale scale, int bucket) {
        if (scale == Scale.NANOS) {
            return LatencyRecorder.lowerEdge(bucket) + (LatencyRecorder.width(bucket) - 1) / 2.0;
        }
        double lower = ValueRecorder.lowerEdge(bucket);
        return lower == 0 ? 0 : lower + (ValueRecorder.upperEdge(bucket) - lower) / 2;
    }

    static IllegalArgumentException negative(int bucket, long records) {
        return new IllegalArgumentException("bucket " + bucket + " would hold " + records
                + " records; subtract only an earlier copy of the same recorder");
    }

    private void requireRecords(String what) {
        requireRecords(count, what);
    }

    static void requireRecords(long count, String what) {
        if (count == 0) {
            throw new IllegalStateException("no records, so no " + what + "; ask count() first");
        }
    }
}
