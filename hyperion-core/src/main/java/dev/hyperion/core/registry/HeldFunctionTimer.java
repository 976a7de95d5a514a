// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.util.TimeUtils;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.DoubleAccumulator;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** Count and total time kept elsewhere, each telling the highest value it has seen. */
final class HeldFunctionTimer<T> extends FunctionMeter implements FunctionTimer {
    private final T object;
    private final ToLongFunction<T> count;
    private final ToDoubleFunction<T> total;
    private final TimeUnit unit;
    private final TimeUnit baseUnit;
    private final DoubleAccumulator highestCount = new DoubleAccumulator(Math::max, 0);
    private final DoubleAccumulator highestTotal = new DoubleAccumulator(Math::max, 0);

    HeldFunctionTimer(
            Id id,
            FunctionCalls calls,
            T object,
            ToLongFunction<T> count,
            ToDoubleFunction<T> total,
            TimeUnit unit,
            TimeUnit baseUnit) {
        super(id, calls);
        this.object = object;
        this.count = count;
        this.total = total;
        this.unit = unit;
        this.baseUnit = baseUnit;
    }

    @Override
    Runnable sample() {
        double counted = ask(() -> count.applyAsLong(object));
        double summed = ask(() -> total.applyAsDouble(object));
        return () -> {
            HeldFunctionCounter.advance(highestCount, counted);
            HeldFunctionCounter.advance(highestTotal, summed);
        };
    }

    @Override
    void unknown() {
        // what has been counted stays counted
    }

    @Override
    public double count() {
        refresh();
        return highestCount.get();
    }

    @Override
    public double totalTime(TimeUnit wanted) {
        refresh();
        return TimeUtils.convert(highestTotal.get(), unit, wanted);
    }

    @Override
    public TimeUnit baseTimeUnit() {
        return baseUnit;
    }
}
