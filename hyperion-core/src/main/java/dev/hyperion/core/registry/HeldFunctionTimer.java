// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.AbstractMeter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.util.TimeUtils;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** Count and total time kept elsewhere, each telling the highest value it has seen. */
final class HeldFunctionTimer<T> extends AbstractMeter implements FunctionTimer {
    private final T object;
    private final ToLongFunction<T> count;
    private final ToDoubleFunction<T> total;
    private final TimeUnit unit;
    private final TimeUnit baseUnit;
    private final DoubleAccumulator highestCount = new DoubleAccumulator(Math::max, 0);
    private final DoubleAccumulator highestTotal = new DoubleAccumulator(Math::max, 0);

    HeldFunctionTimer(
            Id id, T object, ToLongFunction<T> count, ToDoubleFunction<T> total, TimeUnit unit, TimeUnit baseUnit) {
        super(id);
        this.object = object;
        this.count = count;
        this.total = total;
        this.unit = unit;
        this.baseUnit = baseUnit;
    }

    @Override
    public double count() {
        return advance(highestCount, () -> count.applyAsLong(object));
    }

    @Override
    public double totalTime(TimeUnit wanted) {
        return TimeUtils.convert(advance(highestTotal, () -> total.applyAsDouble(object)), unit, wanted);
    }

    private static double advance(DoubleAccumulator highest, DoubleSupplier function) {
        try {
            double now = function.getAsDouble();
            if (Double.isFinite(now)) {
                highest.accumulate(now);
            }
        } catch (RuntimeException e) {
            // the application's own function: its failure must not fail the reading of all other meters
            return highest.get();
        }
        return highest.get();
    }

    @Override
    public TimeUnit baseTimeUnit() {
        return baseUnit;
    }
}
