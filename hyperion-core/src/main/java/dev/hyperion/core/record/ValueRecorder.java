// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Records any non-negative finite double, bucketed by its exponent and its six top mantissa bits: at most 1/128 relative
 * error over the whole range of normal doubles. The sum is exact until it is rounded once, to a double, in the copy.
 * Infinity counts as the largest double, below zero as zero; NaN is ignored.
 *
 * <p>Recording is lock-free, allocates nothing once the octave has been touched, and reads no clock. See {@code Cells} for
 * layout, memory order and contention.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class ValueRecorder {
    private static final int MANTISSA_BITS = 52;
    private static final int LOG_SLOTS = 6;
    private static final int RESIDUAL_BITS = MANTISSA_BITS - LOG_SLOTS;
    private static final int SHIFT = RESIDUAL_BITS + (64 - RESIDUAL_BITS) / 2;
    /** Exponents come in 32 groups of 64, each with cells of its own, created when first met. */
    private static final int LOG_GROUP = 6;

    private static final int GROUPS = 2048 >>> LOG_GROUP;
    private static final VarHandle GROUP = MethodHandles.arrayElementVarHandle(Cells[].class);

    private final Cells[] groups = new Cells[GROUPS];

    /** Creates an empty recorder of some 150 bytes; it grows by 0.5 kB for each octave of values it meets. */
    public ValueRecorder() {}

    /**
     * Adds one value.
     *
     * @param value the value; see the class for what becomes of values that are negative or not finite
     */
    public void record(double value) {
        if (Double.isNaN(value)) {
            return;
        }
        long bits = value <= 0 ? 0 : Double.doubleToRawLongBits(Math.min(value, Double.MAX_VALUE));
        int exponent = (int) (bits >>> MANTISSA_BITS);
        int slot = (int) (bits >>> RESIDUAL_BITS) & (Cells.SLOTS - 1);
        Cells cells = group(exponent >>> LOG_GROUP);
        cells.add(exponent & ((1 << LOG_GROUP) - 1), slot, bits & ((1L << RESIDUAL_BITS) - 1), SHIFT);
    }

    private Cells group(int index) {
        Cells found = (Cells) GROUP.getAcquire(groups, index);
        if (found != null) {
            return found;
        }
        Cells fresh = new Cells(1 << LOG_GROUP);
        return GROUP.compareAndSet(groups, index, null, fresh) ? fresh : (Cells) GROUP.getAcquire(groups, index);
    }

    /**
     * Copies what has been recorded since creation.
     *
     * @return a copy whose count, sum and quantiles agree; it holds all records that ended before this call
     */
    public HistogramCopy copy() {
        Builder builder = new Builder();
        for (int i = 0; i < GROUPS; i++) {
            Cells cells = (Cells) GROUP.getAcquire(groups, i);
            if (cells != null) {
                builder.firstExponent = i << LOG_GROUP;
                cells.copy(page -> SHIFT, builder);
            }
        }
        return builder.build();
    }

    static double lowerEdge(int bucket) {
        return Double.longBitsToDouble((long) bucket << RESIDUAL_BITS);
    }

    private static final class Builder implements Cells.Visitor {
        private int firstExponent;
        private int[] buckets = new int[32];
        private long[] counts = new long[32];
        private double[] sums = new double[32];
        private int size;
        private double sum;
        private double lost; // Neumaier's compensation: what the additions so far rounded away

        @Override
        public void bucket(int page, int slot, long count, long residualLow, long residualHigh) {
            if (size == buckets.length) {
                buckets = Arrays.copyOf(buckets, size * 2);
                counts = Arrays.copyOf(counts, size * 2);
                sums = Arrays.copyOf(sums, size * 2);
            }
            int exponent = firstExponent + page;
            int bucket = exponent << LOG_SLOTS | slot;
            buckets[size] = bucket;
            double unit = Math.scalb(1.0, Math.max(1, exponent) - 1075);
            double edges = lowerEdge(bucket) * count;
            double residuals = (residualHigh * 0x1p64 + unsigned(residualLow)) * unit;
            add(edges);
            add(residuals);
            sums[size] = edges + residuals;
            counts[size++] = count;
        }

        private static double unsigned(long low) {
            return (low >>> 1) * 2.0 + (low & 1);
        }

        private void add(double term) {
            double next = sum + term;
            lost += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
            sum = next;
        }

        HistogramCopy build() {
            double total = sum + lost;
            return HistogramCopy.ofValues(
                    Arrays.copyOf(buckets, size),
                    Arrays.copyOf(counts, size),
                    Arrays.copyOf(sums, size),
                    Double.isFinite(total) ? total : Double.MAX_VALUE);
        }
    }
}
