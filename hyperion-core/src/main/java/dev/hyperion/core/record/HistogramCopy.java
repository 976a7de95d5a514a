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
public final class HistogramCopy {

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

    private final Scale scale;
    private final int[] buckets;
    private final long[] counts;
    private final double[] sums;
    private final long count;
    private final long sumNanos;
    private final double sumValues;

    private HistogramCopy(Scale scale, int[] buckets, long[] counts, double[] sums, long sumNanos, double sumValues) {
        this.scale = scale;
        this.buckets = buckets;
        this.counts = counts;
        this.sums = sums;
        this.count = Arrays.stream(counts).sum();
        this.sumNanos = sumNanos;
        this.sumValues = sumValues;
    }

    static HistogramCopy ofNanos(int[] buckets, long[] counts, double[] sums, long sum) {
        return new HistogramCopy(Scale.NANOS, buckets, counts, sums, sum, 0);
    }

    static HistogramCopy ofValues(int[] buckets, long[] counts, double[] sums, double sum) {
        return new HistogramCopy(Scale.VALUES, buckets, counts, sums, 0, sum);
    }

    /**
     * Returns a copy without any record.
     *
     * @param scale what it is to be added to or subtracted from
     * @return the empty copy
     */
    public static HistogramCopy empty(Scale scale) {
        return new HistogramCopy(scale, new int[0], new long[0], new double[0], 0, 0);
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
     * Returns the sum of the records.
     *
     * @return nanoseconds for {@link Scale#NANOS}, else the recorded unit
     */
    public double sum() {
        return scale == Scale.NANOS ? sumNanos : sumValues;
    }

    /** The sum of a nanosecond copy, exact where a double would round. */
    long sumNanos() {
        return sumNanos;
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

    /**
     * Returns a quantile by the nearest-rank rule: the value below or at which {@code ceil(q * count)} records lie.
     *
     * @param q 0 (smallest) to 1 (largest)
     * @return within 1/128 of that record
     * @throws IllegalStateException if there are no records
     */
    public double quantile(double q) {
        requireRecords("quantile");
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("quantile is " + q + "; expected 0 to 1");
        }
        long rank = Math.max(1, (long) Math.ceil(q * count));
        long seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return valueIn(i);
            }
        }
        return valueIn(buckets.length - 1);
    }

    /** The only record of a bucket is known exactly; of several, the bucket's middle is never more than 1/128 away. */
    private double valueIn(int index) {
        int bucket = buckets[index];
        return counts[index] == 1 ? clamp(sums[index], bucket) : middle(bucket);
    }

    private double clamp(double value, int bucket) {
        return Math.max(lower(bucket), Math.min(upper(bucket), value));
    }

    /**
     * Returns the largest record.
     *
     * @return within 1/128 of that record; exact if no other record fell into its bucket
     * @throws IllegalStateException if there are no records
     */
    public double max() {
        requireRecords("max");
        int last = buckets.length - 1;
        double mean =
                clamp(sums[last] / counts[last], buckets[last]); // the largest is at least the mean of its bucket,
        double most =
                sums[last] - (counts[last] - 1) * lower(buckets[last]); // at most this, were all others at the edge
        return mean + (clamp(most, buckets[last]) - mean) / 2;
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
        for (int i = 0; i < buckets.length && lower(buckets[i]) <= bound; i++) {
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
            double sum = (mine == bucket ? sums[i] : 0) + (theirs == bucket ? sign * other.sums[j] : 0);
            long total = (mine == bucket ? counts[i++] : 0) + (theirs == bucket ? sign * other.counts[j++] : 0);
            if (total < 0) {
                throw new IllegalArgumentException("bucket " + bucket + " would hold " + total
                        + " records; subtract only an earlier copy of the same recorder");
            }
            if (total > 0) {
                merged[size] = bucket;
                mergedSums[size] = sum;
                mergedCounts[size++] = total;
            }
        }
        boolean none = size == 0; // then the sum is zero too, whatever rounding says
        return new HistogramCopy(
                scale,
                Arrays.copyOf(merged, size),
                Arrays.copyOf(mergedCounts, size),
                Arrays.copyOf(mergedSums, size),
                none ? 0 : sumNanos + sign * other.sumNanos,
                none ? 0 : Math.max(0, sumValues + sign * other.sumValues));
    }

    /**
     * Hands out the non-empty buckets in rising order.
     *
     * @param visitor called once per bucket
     */
    public void forEachBucket(BucketVisitor visitor) {
        for (int i = 0; i < buckets.length; i++) {
            visitor.bucket(lower(buckets[i]), upper(buckets[i]), counts[i]);
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

    private double lower(int bucket) {
        return scale == Scale.NANOS ? LatencyRecorder.lowerEdge(bucket) : ValueRecorder.lowerEdge(bucket);
    }

    private double upper(int bucket) {
        return scale == Scale.NANOS
                ? (double) LatencyRecorder.lowerEdge(bucket) + LatencyRecorder.width(bucket)
                : Math.min(Double.MAX_VALUE, ValueRecorder.lowerEdge(bucket + 1));
    }

    private double middle(int bucket) {
        if (scale == Scale.NANOS) {
            return LatencyRecorder.lowerEdge(bucket) + (LatencyRecorder.width(bucket) - 1) / 2.0;
        }
        double lower = ValueRecorder.lowerEdge(bucket);
        return lower == 0 ? 0 : lower + (upper(bucket) - lower) / 2;
    }

    private void requireRecords(String what) {
        if (count == 0) {
            throw new IllegalStateException("no records, so no " + what + "; ask count() first");
        }
    }
}
