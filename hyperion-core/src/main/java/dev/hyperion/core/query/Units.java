// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.monitoring.Statistic;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import java.util.Optional;

/** The units in which meters and their statistics are told. */
final class Units {
    private Units() {}

    /** Seconds for times, else the unit the meter was registered with; empty if it has none. */
    static String of(Meter meter) {
        if (meter instanceof Timer || meter instanceof FunctionTimer || meter instanceof LongTaskTimer) {
            return "seconds";
        }
        String unit = meter.getId().getBaseUnit();
        return unit == null ? "" : unit;
    }

    /** The unit of a statistic of something told in the given unit. */
    static String of(String unit, Optional<Statistic> statistic) {
        if (statistic.isEmpty()) {
            return unit;
        }
        return switch (statistic.get()) {
            case RATE -> "1/s";
            case COUNT -> "";
            default -> unit;
        };
    }
}
