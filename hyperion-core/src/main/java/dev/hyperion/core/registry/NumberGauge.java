// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.AbstractMeter;
import io.micrometer.core.instrument.Gauge;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A gauge over a number of the JDK: nothing of the application is called, so that it can neither hang nor throw, and whoever
 * reads it does so on the own thread. Thread-safety: thread-safe.
 */
final class NumberGauge extends AbstractMeter implements Gauge {
    /** The function by which the registry knows that an object is such a number. */
    static final ToDoubleFunction<Number> VALUE = Number::doubleValue;

    /** Not accumulators, whose function is the application's, and no subclasses. */
    private static final Set<Class<?>> ANSWER_AT_ONCE = Set.of(
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            AtomicInteger.class,
            AtomicLong.class,
            LongAdder.class,
            DoubleAdder.class);

    private final @Nullable Number number;
    private final @Nullable WeakReference<Number> weak;

    NumberGauge(Id id, HyperionMeterRegistry.GaugeHold hold, Number number) {
        super(id);
        boolean strong = hold == HyperionMeterRegistry.GaugeHold.STRONG;
        this.number = strong ? number : null;
        this.weak = strong ? null : new WeakReference<>(number);
    }

    static boolean isFor(@Nullable Number number) {
        return number != null && ANSWER_AT_ONCE.contains(number.getClass());
    }

    @Override
    public double value() {
        Number observed = weak == null ? number : weak.get();
        return observed == null ? Double.NaN : observed.doubleValue();
    }
}
