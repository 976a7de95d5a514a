// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import java.util.ArrayList;
import java.util.List;

/** A meter of the application's own making; a measurement that throws or does not answer reads as NaN. */
final class HeldMeter extends FunctionMeter implements Meter {
    private final Iterable<Measurement> measurements;
    private volatile List<Measurement> last = List.of();

    HeldMeter(Id id, FunctionCalls calls, Iterable<Measurement> measurements) {
        super(id, calls);
        this.measurements = measurements;
    }

    @Override
    Runnable sample() {
        List<Measurement> sampled = new ArrayList<>();
        double told = ask(() -> {
            for (Measurement each : measurements) {
                double value = ask(each::getValue);
                sampled.add(new Measurement(() -> value, each.getStatistic()));
            }
            return sampled.size();
        });
        List<Measurement> kept = Double.isNaN(told) ? List.of() : List.copyOf(sampled);
        return () -> last = kept;
    }

    @Override
    void unknown() {
        last = List.of();
    }

    @Override
    public Iterable<Measurement> measure() {
        refresh();
        return last;
    }
}
