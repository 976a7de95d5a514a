// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Records any non-negative finite double, bucketed by its exponent and its six top mantissa bits: at most 1/128 relative
 * error over the whole range of normal doubles. The sum is exact until it is rounded once, to a double, in the copy.
 * Infinity counts as the largest double and makes the sum the largest double too, below zero counts as zero, and NaN is
 * ignored.
 *
 * <p>Recording is lock-free and reads no clock. It allocates what the recorder grows by, and where threads own lanes some 30
 * bytes when one takes over from another that has ended. See {@code Cells} for layout, memory order and contention.
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

    private static final int GROUP_SIZE = 1 << LOG_GROUP;

    private static final int GROUPS = 2048 >>> LOG_GROUP;
    private static final int INFINITE_EXPONENT = 2047;
    private static final VarHandle GROUP = MethodHandles.arrayElementVarHandle(Cells[].class);

    /** The exponents of one group; amounts are the lower bits of the mantissa. */
    private static final class Group extends Cells {
        @Override
        int pages() {
            return GROUP_SIZE;
        }

        @Override
        int laneFrom() {
            return 0;
        }

        @Override
        int laneEnd() {
            return GROUP_SIZE;
        }

        @Override
        int firstBucket() {
            return 0;
        }

        @Override
        int shift(int page) {
            return SHIFT;
        }
    }

    private final Cells[] groups = new Cells[GROUPS];

    /**
     * Creates an empty recorder of some 150 bytes. It grows to 5.5 kB when it is used more than a few times, and by 0.5 kB for
     * each octave of values far from the usual ones. It grows further by
     * 5 kB for each thread if threads contend for it, or one records a million times a second: up to 40 kB on two processors
     * and 80 kB on more.
     */
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
        long bits = value <= 0 ? 0 : Double.doubleToRawLongBits(value);
        int exponent = (int) (bits >>> MANTISSA_BITS);
        int bucket = (int) (bits >>> RESIDUAL_BITS) & (GROUP_SIZE * Cells.SLOTS - 1);
        long added = (1L << SHIFT) + (bits & ((1L << RESIDUAL_BITS) - 1));
        Cells cells = group(exponent >>> LOG_GROUP);
        if (!cells.addInLane(bucket, 0, added)) {
            cells.addOutOfLane(bucket, added);
        }
    }

    private Cells group(int index) {
        Cells found = (Cells) GROUP.getAcquire(groups, index);
        if (found != null) {
            return found;
        }
        Cells fresh = new Group();
        return GROUP.compareAndSet(groups, index, null, fresh) ? fresh : (Cells) GROUP.getAcquire(groups, index);
    }

    /**
     * Copies what has been recorded since creation.
     *
     * @return a copy whose count, sum and quantiles agree; it holds all records that ended before this call
     */
    public HistogramCopy copy() {
        try (Tally tally = Tally.of(HistogramCopy.Scale.VALUES)) {
            addTo(tally);
            return tally.toCopy();
        }
    }

    /**
     * Adds what {@link #copy} would show to a tally, without making a copy.
     *
     * @param tally a tally of values
     */
    public void addTo(Tally tally) {
        for (int i = 0; i < GROUPS; i++) {
            Cells cells = (Cells) GROUP.getAcquire(groups, i);
            if (cells != null) {
                tally.addValues(cells, i << LOG_GROUP);
            }
        }
    }

    /**
     * Counts the records since creation, without garbage.
     *
     * @return never less than before
     */
    public long recorded() {
        long total = 0;
        for (int i = 0; i < GROUPS; i++) {
            Cells cells = (Cells) GROUP.getAcquire(groups, i);
            total += cells == null ? 0 : cells.count(0, GROUP_SIZE);
        }
        return total;
    }

    /**
     * Tells whether anything was recorded, at the price of a few reads, or of counting all records once threads own lanes.
     *
     * @return the same as an earlier call only if a copy made after that call holds all records that ended before this one
     */
    public long changes() {
        long total = 0; // none of them ever goes back, so equal sums are of equal terms
        for (int i = 0; i < GROUPS; i++) {
            Cells cells = (Cells) GROUP.getAcquire(groups, i);
            total += cells == null ? 0 : cells.changes();
        }
        return total;
    }

    /** Whether threads own lanes anywhere. */
    boolean isOwned() {
        for (int i = 0; i < GROUPS; i++) {
            Cells cells = (Cells) GROUP.getAcquire(groups, i);
            if (cells != null && cells.isOwned()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Counts the records that were infinite, which is the only way to be above the range.
     *
     * @return never less than before
     */
    public long clamped() {
        Cells cells = (Cells) GROUP.getAcquire(groups, GROUPS - 1);
        return cells == null ? 0 : cells.count(INFINITE_EXPONENT & (GROUP_SIZE - 1), GROUP_SIZE);
    }

    /** Which bucket the first one of a page is, in cells whose first page has the given exponent. */
    static int bucket(int firstExponent, int page) {
        return (firstExponent + page) << LOG_SLOTS;
    }

    /** What one unit of the residuals of a bucket is worth. */
    static double unit(int bucket) {
        return Math.scalb(1.0, Math.max(1, bucket >>> LOG_SLOTS) - 1075);
    }

    static boolean isInfinite(int bucket) {
        return bucket >>> LOG_SLOTS == INFINITE_EXPONENT;
    }

    static double lowerEdge(int bucket) {
        return isInfinite(bucket) ? Double.MAX_VALUE : Double.longBitsToDouble((long) bucket << RESIDUAL_BITS);
    }

    static double upperEdge(int bucket) {
        return isInfinite(bucket) ? Double.MAX_VALUE : lowerEdge(bucket + 1);
    }
}
