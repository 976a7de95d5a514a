// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.AbstractMeter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.util.TimeUtils;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A gauge that holds its object strongly; a function that throws reads as NaN, which readers treat as no data. */
sealed class HeldGauge<T> extends AbstractMeter implements Gauge {
    private final @Nullable T object;
    private final ToDoubleFunction<T> function;

    HeldGauge(Id id, @Nullable T object, ToDoubleFunction<T> function) {
        super(id);
        this.object = object;
        this.function = function;
    }

    @Override
    @SuppressWarnings("NullAway") // Micrometer's function gauges pass a null object and a function that ignores it
    public double value() {
        try {
            return function.applyAsDouble(object);
        } catch (RuntimeException e) {
            // the application's own function: its failure must not fail the reading of all other meters
            return Double.NaN;
        }
    }

    /** A gauge of a time, told in the registry's unit. */
    static final class OfTime<T> extends HeldGauge<T> implements TimeGauge {
        private final TimeUnit unit;
        private final TimeUnit baseUnit;

        OfTime(Id id, @Nullable T object, TimeUnit unit, TimeUnit baseUnit, ToDoubleFunction<T> function) {
            super(id, object, function);
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
