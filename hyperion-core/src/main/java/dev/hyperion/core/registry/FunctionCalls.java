// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.Meter;
import java.util.Collection;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** How a registry calls the functions behind its meters. Thread-safety: thread-safe. */
final class FunctionCalls {
    private final Mishaps mishaps;
    private volatile @Nullable GaugeReader reader;

    FunctionCalls(Mishaps mishaps) {
        this.mishaps = mishaps;
    }

    void through(GaugeReader given) {
        reader = given;
    }

    /** Has a meter sampled: off this thread if there is a reader, else here. */
    void refresh(FunctionMeter meter) {
        GaugeReader through = reader;
        if (through == null) {
            meter.sample().run();
        } else {
            through.refresh(meter, mishaps);
        }
    }

    /** Has many meters sampled at once; until the handle is closed this thread is told what they said then. */
    GaugeReader.Sampled sampled(Collection<? extends Meter> meters) {
        GaugeReader through = reader;
        return through == null ? GaugeReader.Sampled.NOTHING : through.sampled(meters, mishaps);
    }

    /** Calls one function; NaN if it throws, which is counted and logged. */
    double ask(Meter.Id id, DoubleSupplier function) {
        try {
            return function.getAsDouble();
        } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
            // the application's own function: its failure must not fail the reading of all other meters
            GaugeReader.afterwards(() -> mishaps.failed(id, e));
            return Double.NaN;
        }
    }
}
