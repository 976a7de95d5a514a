// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

/** What is read from many records, however they are kept. */
public sealed interface Records permits HistogramCopy, Tally {

    /**
     * Returns what the numbers mean.
     *
     * @return the scale
     */
    HistogramCopy.Scale scale();

    /**
     * Returns the number of records.
     *
     * @return the count, never negative
     */
    long count();

    /**
     * Returns the sum of the records.
     *
     * @return nanoseconds for {@link HistogramCopy.Scale#NANOS}, else the recorded unit
     */
    double sum();

    /**
     * Returns a quantile by the nearest-rank rule: the value below or at which {@code ceil(q * count)} records lie.
     *
     * @param q 0 (smallest) to 1 (largest)
     * @return within 1/128 of that record
     * @throws IllegalStateException if there are no records
     */
    double quantile(double q);

    /**
     * Returns the largest record.
     *
     * @return within 1/128 of that record; exact if no other record fell into its bucket since the series began
     * @throws IllegalStateException if there are no records
     */
    double max();
}
