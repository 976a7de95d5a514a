// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.record.Tally;

/** A timer or summary of ours, read as the histogram that it records into. Thread-safety: thread-safe. */
public interface DistributionMeter extends TracedMeter {

    /**
     * Copies everything recorded since the meter was created.
     *
     * @return a copy in nanoseconds for timers, in the recorded unit for summaries
     */
    HistogramCopy copy();

    /**
     * Counts everything recorded since the meter was created.
     *
     * @return the number of records, never less than before
     */
    default long recorded() {
        return copy().count();
    }

    /**
     * Tells whether anything was recorded, as cheaply as this meter can.
     *
     * @return the same as an earlier call only if a copy made after that call holds all records that ended before this one
     */
    default long changes() {
        return recorded();
    }

    /**
     * Tells the bounds of the buckets that this meter publishes.
     *
     * @return in the unit of {@link #copy}, rising; none if it publishes no histogram and has no objectives
     */
    default double[] bounds() {
        return new double[0];
    }

    /**
     * Counts the records at or below one of the {@link #bounds}.
     *
     * @param bound in the unit of {@link #copy}
     * @param copy a copy of this meter
     * @return how many of the copy's records
     */
    default long countUpTo(double bound, HistogramCopy copy) {
        return copy.countUpTo(bound);
    }

    /**
     * Adds what {@link #copy} would show to a tally, so that a reader of many meters makes no garbage.
     *
     * @param tally a tally of nanoseconds for timers, of values for summaries
     */
    default void addTo(Tally tally) {
        tally.add(copy());
    }

    /**
     * Has the memory that {@link #addTo} reads brought near, without waiting for it: a reader of thousands of meters does so some
     * meters ahead, and then waits for many places at once instead of for one after the other.
     *
     * @param known what {@link #changes} last told; nothing need be done if it would tell the same
     * @return 0 if nothing was done; else a number without meaning, to be kept so that no compiler leaves the reads out
     */
    default long touch(long known) {
        return 0;
    }

    /**
     * Has the objects brought near that {@link #touch} goes through: a reader does so for several meters before it touches the
     * first of them, since what is found through one object after the other cannot be waited for at once.
     *
     * @return a number without meaning, as that of {@link #touch}
     */
    default long approach() {
        return 0;
    }

    /**
     * Counts the records that were above the range of the recorder, and so are told as its upper end.
     *
     * @return the number of such records, never less than before
     */
    default long clamped() {
        return 0;
    }
}
