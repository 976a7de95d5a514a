// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.AbstractMeter;
import java.util.function.DoubleSupplier;

/**
 * A meter whose figures come from functions of the application, which may throw, block, or take long.
 *
 * <p>Every read of a figure begins with {@link #refresh}, which has {@link #sample} called where it can do no harm, and tells
 * the figures of the last sample that was kept. See {@link GaugeReader}.
 */
abstract class FunctionMeter extends AbstractMeter {
    private final FunctionCalls calls;
    /** The number of the sweep that sampled last. */
    private volatile long sampledIn;

    FunctionMeter(Id id, FunctionCalls calls) {
        super(id);
        this.calls = calls;
    }

    /**
     * Calls the functions. What they tell is kept by whoever runs the answer: one that comes too late is dropped, and no reader
     * sees it.
     */
    abstract Runnable sample();

    /** Keeps that there was no answer. */
    abstract void unknown();

    final void refresh() {
        calls.refresh(this);
    }

    final double ask(DoubleSupplier function) {
        return calls.ask(getId(), function);
    }

    final long sampledIn() {
        return sampledIn;
    }

    final void sampledIn(long sweep) {
        sampledIn = sweep;
    }
}
