// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.util.Arrays;
import java.util.Collection;

/**
 * How often values of which size were recorded: buckets with their edges and counts, and the sum. Times are in seconds.
 *
 * <p>Only non-empty buckets are kept. Distributions with different edges can be merged: a bucket is kept as it came.
 *
 * <p>Thread-safety: immutable.
 */
public final class Distribution {
    private static final Distribution EMPTY = new Distribution(new double[0], new double[0], new long[0], 0);

    private final double[] lower;
    private final double[] upper;
    private final long[] counts;
    private final double sum;
    private final long count;

    private Distribution(double[] lower, double[] upper, long[] counts, double sum) {
        this.lower = lower;
        this.upper = upper;
        this.counts = counts;
        this.sum = sum;
        this.count = Arrays.stream(counts).reduce(0, Math::addExact);
    }

    /**
     * No records.
     *
     * @return the empty distribution
     */
    public static Distribution empty() {
        return EMPTY;
    }

    /**
     * A distribution from its buckets. Empty buckets are left out.
     *
     * @param lower the lower edges, rising, 0 or more
     * @param upper the upper edges, each not below its lower edge
     * @param counts the records in each bucket, 0 or more
     * @param sum the sum of all records, as exact as the source has it
     * @return the distribution
     * @throws IllegalArgumentException if the arrays differ in length or break the rules above
     */
    public static Distribution of(double[] lower, double[] upper, long[] counts, double sum) {
        if (lower.length != upper.length || lower.length != counts.length) {
            throw new IllegalArgumentException("a distribution has " + lower.length + " lower edges, " + upper.length
                    + " upper edges and " + counts.length + " counts; it needs as many of each");
        }
        double[] keptLower = new double[lower.length];
        double[] keptUpper = new double[lower.length];
        long[] keptCounts = new long[lower.length];
        int size = 0;
        for (int i = 0; i < lower.length; i++) {
            boolean rising = i == 0 || lower[i] >= lower[i - 1];
            if (!(lower[i] >= 0) || !(upper[i] >= lower[i]) || !rising || counts[i] < 0) {
                throw new IllegalArgumentException("bucket " + i + " of a distribution is [" + lower[i] + ", "
                        + upper[i] + ") with " + counts[i] + " records; edges rise from 0 and counts are not negative");
            }
            if (counts[i] > 0) {
                keptLower[size] = lower[i];
                keptUpper[size] = upper[i];
                keptCounts[size++] = counts[i];
            }
        }
        return new Distribution(
                Arrays.copyOf(keptLower, size), Arrays.copyOf(keptUpper, size), Arrays.copyOf(keptCounts, size), sum);
    }

    /**
     * The number of records.
     *
     * @return 0 or more
     */
    public long count() {
        return count;
    }

    /**
     * The sum of all records.
     *
     * @return in the unit of the records
     */
    public double sum() {
        return sum;
    }

    /**
     * The mean of the records.
     *
     * @return in the unit of the records
     * @throws IllegalStateException if there are none
     */
    public double mean() {
        requireRecords("mean");
        return sum / count;
    }

    /**
     * A quantile by the nearest-rank rule, told as the middle of the bucket where it lies.
     *
     * @param q 0 (smallest) to 1 (largest)
     * @return in the unit of the records; off by half the bucket's width at most
     * @throws IllegalStateException if there are no records
     * @throws IllegalArgumentException if q is outside 0 to 1
     */
    public double quantile(double q) {
        requireRecords("quantile");
        if (!(q >= 0 && q <= 1)) {
            throw new IllegalArgumentException("quantile is " + q + "; expected 0 to 1");
        }
        double exact = q * count;
        double nearest = Math.rint(exact); // 0.07 of 100 are 7, but the product of the doubles is a bit more
        long rank = Math.max(1, (long) (exact - nearest <= Math.ulp(exact) ? nearest : Math.ceil(exact)));
        long seen = 0;
        int i = -1;
        while (seen < rank) {
            seen += counts[++i];
        }
        return Double.isInfinite(upper[i]) ? lower[i] : lower[i] + (upper[i] - lower[i]) / 2;
    }

    /**
     * The smallest record, to the width of its bucket.
     *
     * @return in the unit of the records
     * @throws IllegalStateException if there are none
     */
    public double min() {
        return quantile(0);
    }

    /**
     * The largest record, to the width of its bucket.
     *
     * @return in the unit of the records
     * @throws IllegalStateException if there are none
     */
    public double max() {
        return quantile(1);
    }

    /**
     * The records of both.
     *
     * @param other what is added
     * @return a new distribution
     */
    public Distribution merge(Distribution other) {
        return combine(other, 1);
    }

    /**
     * The records of many, merged in pairs, so that the price grows hardly faster than their number.
     *
     * @param all what is merged, such as the distributions of all replicas
     * @return a new distribution; empty if there are none
     */
    public static Distribution merge(Collection<Distribution> all) {
        Distribution[] left = all.toArray(new Distribution[0]);
        for (int size = left.length; size > 1; size = (size + 1) / 2) {
            for (int i = 0; i < size / 2; i++) {
                left[i] = left[i].merge(left[size - 1 - i]);
            }
        }
        return left.length == 0 ? EMPTY : left[0];
    }

    /**
     * What was recorded after an earlier state of the same distribution.
     *
     * @param earlier a state of this distribution, taken before
     * @return the difference
     * @throws IllegalArgumentException if a bucket would hold less than nothing: it was no earlier state
     */
    public Distribution minus(Distribution earlier) {
        return combine(earlier, -1);
    }

    private Distribution combine(Distribution other, int sign) {
        int most = counts.length + other.counts.length;
        double[] l = new double[most];
        double[] u = new double[most];
        long[] c = new long[most];
        int size = 0;
        int i = 0;
        int j = 0;
        while (i < counts.length || j < other.counts.length) {
            int order = i == counts.length ? 1 : j == other.counts.length ? -1 : compare(i, other, j);
            l[size] = order <= 0 ? lower[i] : other.lower[j];
            u[size] = order <= 0 ? upper[i] : other.upper[j];
            long total = (order <= 0 ? counts[i++] : 0) + (order >= 0 ? sign * other.counts[j++] : 0);
            if (total < 0) {
                throw new IllegalArgumentException("bucket [" + l[size] + ", " + u[size] + ") would hold " + total
                        + " records; subtract only an earlier state of the same distribution");
            }
            c[size] = total;
            size += total > 0 ? 1 : 0;
        }
        return new Distribution(
                Arrays.copyOf(l, size),
                Arrays.copyOf(u, size),
                Arrays.copyOf(c, size),
                size == 0 ? 0 : Math.max(0, sum + sign * other.sum));
    }

    private int compare(int mine, Distribution other, int theirs) {
        int byLower = Double.compare(lower[mine], other.lower[theirs]);
        return byLower != 0 ? byLower : Double.compare(upper[mine], other.upper[theirs]);
    }

    /**
     * Hands out the non-empty buckets in rising order.
     *
     * @param visitor called once per bucket
     */
    public void forEachBucket(BucketVisitor visitor) {
        for (int i = 0; i < counts.length; i++) {
            visitor.bucket(lower[i], upper[i], counts[i]);
        }
    }

    /** Takes the buckets of a distribution. */
    @FunctionalInterface
    public interface BucketVisitor {
        /**
         * Takes one bucket.
         *
         * @param lower its lower edge
         * @param upper its upper edge
         * @param count its records, 1 or more
         */
        void bucket(double lower, double upper, long count);
    }

    private void requireRecords(String what) {
        if (count == 0) {
            throw new IllegalStateException("no records, so no " + what + "; ask count() first");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Distribution that
                && Arrays.equals(lower, that.lower)
                && Arrays.equals(upper, that.upper)
                && Arrays.equals(counts, that.counts)
                && sum == that.sum;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts) * 31 + Double.hashCode(sum);
    }

    @Override
    public String toString() {
        return count == 0
                ? "no records"
                : count + " records, mean " + mean() + ", p50 " + quantile(0.5) + ", p99 " + quantile(0.99);
    }
}
