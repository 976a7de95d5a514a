// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

/**
 * Records durations in nanoseconds, exactly up to 63 ns and with at most 1/128 relative error up to 2^42 ns (73 minutes).
 * Longer ones are counted in one bucket beyond that, shorter than zero as zero; the sum stays exact in every case.
 *
 * <p>Recording is lock-free and reads no clock. It allocates what the recorder grows by, and where threads own lanes some 30
 * bytes when one takes over from another that has ended. See {@code Cells} for layout, memory order and contention.
 *
 * <p>Not final, for a meter that is its own recorder saves each record a load; nothing can be overridden that matters.
 *
 * <p>Thread-safety: thread-safe.
 */
public class LatencyRecorder extends Cells {
    static final int LOG_SLOTS = 6;
    static final int BEYOND_EXPONENT = 42;
    static final int BEYOND_PAGE = BEYOND_EXPONENT - LOG_SLOTS + 1;

    private static final int PAGES = BEYOND_PAGE + 1;
    private static final int SHORTEST_ZEROS = Long.SIZE - LOG_SLOTS; // leading zeros of what is below 64 ns, at least

    /** The one that a duration without leading zeros would have, were its top seven bits zero. */
    private static final int FIRST_BUCKET = (Long.SIZE - 1 - LOG_SLOTS) << LOG_SLOTS;

    /**
     * Creates an empty recorder of some 90 bytes. It grows to 5.5 kB when it is used more than a few times, and by 0.5 kB for each
     * octave of durations far from the usual ones. It grows further by
     * 5 kB for each thread if threads contend for it, or one records a million times a second: up to 40 kB on two processors
     * and 80 kB on more.
     */
    public LatencyRecorder() {}

    /**
     * Adds one duration.
     *
     * @param nanos the duration in nanoseconds; below zero counts as zero
     */
    public final void record(long nanos) {
        int zeros = Long.numberOfLeadingZeros(nanos);
        // the seven top bits are 64 plus the slot. Less than 64 ns, 2^42 ns or more and less than zero give numbers
        // below the first and above the last page of any lane
        if (!addInLane(top(nanos, zeros), zeros << LOG_SLOTS, one(zeros) + nanos)) {
            recordOutside(nanos); // and works it out anew: what is kept for a call takes registers from everything else
        }
    }

    private void recordOutside(long nanos) {
        if (nanos >= 1L << BEYOND_EXPONENT) {
            addBeyond(BEYOND_PAGE, 0, nanos);
        } else if (nanos >= SLOTS) {
            int zeros = Long.numberOfLeadingZeros(nanos);
            addOutOfLane(top(nanos, zeros) + FIRST_BUCKET - (zeros << LOG_SLOTS), one(zeros) + nanos);
        } else {
            recordTiny(Math.max(0, nanos));
        }
    }

    private static int top(long nanos, int zeros) {
        return (int) (nanos << zeros >>> (Long.SIZE - 1 - LOG_SLOTS));
    }

    private void recordTiny(long nanos) {
        addOutOfLane((int) nanos, one(SHORTEST_ZEROS) + nanos);
    }

    /** One in the count field: durations of 64 - z bits leave room for z / 2 bits of count. */
    private static long one(int zeros) {
        return Long.rotateRight(1, zeros >> 1);
    }

    @Override
    final int pages() {
        return PAGES;
    }

    @Override
    final int laneFrom() {
        return 1;
    }

    @Override
    final int laneEnd() {
        return BEYOND_PAGE;
    }

    @Override
    final int firstBucket() {
        return FIRST_BUCKET;
    }

    @Override
    final int shift(int page) {
        return Long.SIZE - ((SHORTEST_ZEROS - page) >> 1);
    }

    /**
     * Copies what has been recorded since creation.
     *
     * @return a copy whose count, sum and quantiles agree; it holds all records that ended before this call
     */
    public HistogramCopy copy() {
        try (Tally tally = Tally.of(HistogramCopy.Scale.NANOS)) {
            addTo(tally);
            return tally.toCopy();
        }
    }

    /**
     * Adds what {@link #copy} would show to a tally, without making a copy.
     *
     * @param tally a tally of nanoseconds
     */
    public void addTo(Tally tally) {
        tally.addNanos(this);
    }

    /**
     * Counts the records since creation, without garbage.
     *
     * @return never less than before
     */
    public long recorded() {
        return count(0, PAGES);
    }

    /**
     * Tells whether anything was recorded, at the price of one read, or of counting all records once threads own lanes.
     *
     * @return the same as an earlier call only if a copy made after that call holds all records that ended before this one
     */
    @Override
    public long changes() {
        return super.changes();
    }

    /**
     * Has the memory that {@link #addTo} reads brought near, without waiting for it.
     *
     * @param known what {@link #changes} last told; nothing is done if it would tell the same
     * @return a number without meaning, to be kept so that no compiler leaves the reads out
     */
    @Override
    public long touch(long known) {
        return super.touch(known);
    }

    /**
     * Counts the durations of 2^42 ns (73 minutes) or more, whose size is known only through the sum.
     *
     * @return never less than before
     */
    public long clamped() {
        return isSpilled() ? count(BEYOND_PAGE, PAGES) : 0; // they are nowhere else
    }

    /**
     * Has the objects brought near that {@link #touch} goes through, without waiting for them.
     *
     * @return a number without meaning, to be kept so that no compiler leaves the reads out
     */
    @Override
    public long approach() {
        return super.approach();
    }

    static long lowerEdge(int bucket) {
        int page = bucket >>> LOG_SLOTS;
        int slot = bucket & (SLOTS - 1);
        return page == 0 ? slot : (long) (SLOTS + slot) << (page - 1);
    }

    static long width(int bucket) {
        return 1L << Math.max(0, (bucket >>> LOG_SLOTS) - 1);
    }
}
