// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.AbstractMeter;
import io.micrometer.core.instrument.Counter;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A counter that adds whole amounts exactly, up to 2^63, and fractions apart from them, so that the usual {@code increment()}
 * costs what a {@code LongAdder} costs. Amounts that are negative or not finite are ignored, since a counter never goes back,
 * and counted. Thread-safety: thread-safe.
 */
final class AddingCounter extends AbstractMeter implements Counter, ExemplarMeter {
    private static final double LARGEST_EXACT = 1L << 53;

    private final Mishaps mishaps;
    private final @Nullable ExemplarSampler exemplars;
    private final LongAdder whole = new LongAdder();
    private final DoubleAdder fractions = new DoubleAdder();

    AddingCounter(Id id, Mishaps mishaps, @Nullable ExemplarSampler exemplars) {
        super(id);
        this.mishaps = mishaps;
        this.exemplars = exemplars;
    }

    @Override
    public void increment() {
        if (exemplars == null) { // asked first: behind the addition the question would wait for it
            whole.increment();
        } else {
            whole.increment();
            exemplars.offer(1);
        }
    }

    @Override
    public void increment(double amount) {
        if (amount >= 0 && amount <= LARGEST_EXACT && amount == (long) amount) {
            whole.add((long) amount);
        } else if (amount > 0 && amount <= Double.MAX_VALUE) {
            fractions.add(amount);
        } else {
            mishaps.rejected(getId());
            return;
        }
        if (exemplars != null) {
            exemplars.offer(amount);
        }
    }

    @Override
    public double count() {
        return whole.sum() + fractions.sum();
    }

    @Override
    public @Nullable ExemplarSampler sampler() {
        return exemplars;
    }
}
