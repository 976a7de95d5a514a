// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import dev.hyperion.core.record.HistogramCopy;
import io.micrometer.core.instrument.Meter;

/** A timer or summary of ours, read as the histogram that it records into. Thread-safety: thread-safe. */
public interface DistributionMeter extends Meter {

    /**
     * Copies everything recorded since the meter was created.
     *
     * @return a copy in nanoseconds for timers, in the recorded unit for summaries
     */
    HistogramCopy copy();
}
