// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.util.TimeUtils;
import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A gauge over an object; a function that throws or does not answer reads as NaN, which readers treat as no data. */
sealed class HeldGauge<T> extends FunctionMeter implements Gauge {
    private final @Nullable T object;
    private final @Nullable WeakReference<T> weak;
    private final ToDoubleFunction<T> function;
    private volatile double last = Double.NaN;

    HeldGauge(
            Id id,
            FunctionCalls calls,
            @Nullable T object,
            HyperionMeterRegistry.GaugeHold hold,
            ToDoubleFunction<T> function) {
        super(id, calls);
        boolean strong = hold == HyperionMeterRegistry.GaugeHold.STRONG;
        this.object = strong ? object : null;
        this.weak = strong || object == null ? null : new WeakReference<>(object);
        this.function = function;
    }

    @Override
    Runnable sample() {
        T observed = weak == null ? object : weak.get();
        double told = observed == null ? Double.NaN : ask(() -> function.applyAsDouble(observed));
        return () -> last = told;
    }

    @Override
    void unknown() {
        last = Double.NaN;
    }

    @Override
    public double value() {
        refresh();
        return last;
    }

    /** A gauge of a time, told in the registry's unit. */
    static final class OfTime<T> extends HeldGauge<T> implements TimeGauge {
        private final TimeUnit unit;
        private final TimeUnit baseUnit;

        OfTime(
                Id id,
                FunctionCalls calls,
                @Nullable T object,
                HyperionMeterRegistry.GaugeHold hold,
                TimeUnit unit,
                TimeUnit baseUnit,
                ToDoubleFunction<T> function) {
            super(id, calls, object, hold, function);
            this.unit = unit;
            this.baseUnit = baseUnit;
        }

        @Override
        public double value() {
            return TimeUtils.convert(super.value(), unit, baseUnit);
        }

        @Override
        public TimeUnit baseTimeUnit() {
            return baseUnit;
        }
    }
}
