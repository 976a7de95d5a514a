// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.AbstractMeter;
import io.micrometer.core.instrument.FunctionCounter;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.function.ToDoubleFunction;

/** A counter kept elsewhere. It tells the highest value it has seen: a function that goes back or throws changes nothing. */
final class HeldFunctionCounter<T> extends AbstractMeter implements FunctionCounter {
    private final T object;
    private final ToDoubleFunction<T> function;
    private final DoubleAccumulator highest = new DoubleAccumulator(Math::max, 0);

    HeldFunctionCounter(Id id, T object, ToDoubleFunction<T> function) {
        super(id);
        this.object = object;
        this.function = function;
    }

    @Override
    public double count() {
        try {
            double now = function.applyAsDouble(object);
            if (Double.isFinite(now)) {
                highest.accumulate(now);
            }
        } catch (RuntimeException e) {
            // the application's own function: its failure must not fail the reading of all other meters
            return highest.get();
        }
        return highest.get();
    }
}
