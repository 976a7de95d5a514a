// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

/**
 * Records durations in nanoseconds, exactly up to 63 ns and with at most 1/128 relative error up to 2^42 ns (73 minutes).
 * Longer ones are counted in one bucket beyond that, shorter than zero as zero; the sum stays exact in every case.
 *
 * <p>Recording is lock-free, allocates nothing once the octave has been touched, and reads no clock. See {@code Cells} for
 * layout, memory order and contention.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class LatencyRecorder {
    static final int LOG_SLOTS = 6;
    static final int BEYOND_EXPONENT = 42;
    static final int BEYOND_PAGE = BEYOND_EXPONENT - LOG_SLOTS + 1;

    private static final int PAGES = BEYOND_PAGE + 1;

    private final Cells cells = new Cells(PAGES);

    /** Creates an empty recorder of some 50 bytes; it grows by 0.5 kB for each octave of durations it meets. */
    public LatencyRecorder() {}

    /**
     * Adds one duration.
     *
     * @param nanos the duration in nanoseconds; below zero counts as zero
     */
    public void record(long nanos) {
        if (nanos < Cells.SLOTS) {
            cells.add(0, (int) Math.max(0, nanos), 0, shift(0));
            return;
        }
        int exponent = 63 - Long.numberOfLeadingZeros(nanos);
        if (exponent >= BEYOND_EXPONENT) {
            cells.addBeyond(BEYOND_PAGE, 0, nanos - (1L << BEYOND_EXPONENT));
            return;
        }
        int residualBits = exponent - LOG_SLOTS;
        int slot = (int) (nanos >>> residualBits) & (Cells.SLOTS - 1);
        int page = residualBits + 1;
        cells.add(page, slot, nanos & ((1L << residualBits) - 1), shift(page));
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
        tally.addNanos(cells);
    }

    /**
     * Counts the records since creation, without garbage.
     *
     * @return never less than before
     */
    public long recorded() {
        return cells.count(LatencyRecorder::shift, 0, PAGES);
    }

    /**
     * Tells at the price of one read whether anything was recorded.
     *
     * @return the same as an earlier call only if a copy made after that call holds all records that ended before this one
     */
    public long changes() {
        return cells.changes();
    }

    /**
     * Counts the durations of 2^42 ns (73 minutes) or more, whose size is known only through the sum.
     *
     * @return never less than before
     */
    public long clamped() {
        return cells.count(LatencyRecorder::shift, BEYOND_PAGE, PAGES);
    }

    /** Bits below the count field: the residual's own bits, and at least as many more as the count field has (rounded up). */
    static int shift(int page) {
        int residualBits = Math.max(0, page - 1);
        return residualBits + (65 - residualBits) / 2;
    }

    static long lowerEdge(int bucket) {
        int page = bucket >>> LOG_SLOTS;
        int slot = bucket & (Cells.SLOTS - 1);
        return page == 0 ? slot : (long) (Cells.SLOTS + slot) << (page - 1);
    }

    static long width(int bucket) {
        return 1L << Math.max(0, (bucket >>> LOG_SLOTS) - 1);
    }
}
