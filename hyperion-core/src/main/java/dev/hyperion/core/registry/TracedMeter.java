// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.Meter;
import java.util.List;

/** A meter that links some of its records to traces: the timers, summaries and counters of ours. Thread-safety: thread-safe. */
public interface TracedMeter extends Meter {
    /**
     * Tells some of the newest records together with the traces that they belong to: at most one for each doubling of the
     * value, so that slow records are among them however rare they are.
     *
     * @return newest last; empty if the registry knows of no traces
     */
    List<Exemplar> exemplars();
}
