// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.peers;

/** One peer's registry, or what it has in the place of one. Thread-safety: confined to the thread that sets up. */
@FunctionalInterface
public interface Instruments extends AutoCloseable {
    /**
     * Makes the instrument of one of many series.
     *
     * @param label the series' tag value
     * @return resolved, as an application keeps it in a field
     */
    LatencyInstrument series(String label);

    /**
     * Makes an instrument without tags.
     *
     * @return resolved, as an application keeps it in a field
     */
    default LatencyInstrument single() {
        return series("all");
    }

    /**
     * Waits until what runs in the background has taken notice of the records.
     *
     * @param records how many were recorded into all series
     */
    default void settle(long records) {}

    @Override
    default void close() {}
}
