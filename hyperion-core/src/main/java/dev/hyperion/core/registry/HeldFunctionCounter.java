// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.FunctionCounter;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.function.ToDoubleFunction;

/**
 * A counter kept elsewhere. It tells the highest value it has seen: a function that goes back, throws or does not answer
 * changes nothing.
 */
final class HeldFunctionCounter<T> extends FunctionMeter implements FunctionCounter {
    private final T object;
    private final ToDoubleFunction<T> function;
    private final DoubleAccumulator highest = new DoubleAccumulator(Math::max, 0);

    HeldFunctionCounter(Id id, FunctionCalls calls, T object, ToDoubleFunction<T> function) {
        super(id, calls);
        this.object = object;
        this.function = function;
    }

    @Override
    Runnable sample() {
        double told = ask(() -> function.applyAsDouble(object));
        return () -> advance(highest, told);
    }

    static void advance(DoubleAccumulator highest, double told) {
        if (Double.isFinite(told)) {
            highest.accumulate(told);
        }
    }

    @Override
    void unknown() {
        // what has been counted stays counted
    }

    @Override
    public double count() {
        refresh();
        return highest.get();
    }
}
