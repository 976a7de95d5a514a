// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the unit of a threshold means in the units in which queries answer: times in seconds, rates per second, sizes in
 * bytes, everything else as it is.
 *
 * <p>Thread-safety: immutable.
 *
 * @param factor by which a threshold in this unit is multiplied
 * @param rate whether it is a rate, so that the query's statistic is {@code rate} if it names none
 */
public record ThresholdUnit(double factor, boolean rate) {
    private static final Map<String, Double> TIMES = Map.of(
            "ns", 1e-9, "us", 1e-6, "\u00b5s", 1e-6, "ms", 1e-3, "s", 1.0, "sec", 1.0, "seconds", 1.0, "min", 60.0, "h",
            3_600.0);
    private static final Map<String, Double> SIZES = Map.of(
            "b", 1.0,
            "bytes", 1.0,
            "kb", 1e3,
            "mb", 1e6,
            "gb", 1e9,
            "kib", 1_024.0,
            "mib", 1_024.0 * 1_024,
            "gib", 1_024.0 * 1_024 * 1_024);
    private static final Map<String, Double> PER = Map.of("s", 1.0, "sec", 1.0, "min", 60.0, "m", 60.0, "h", 3_600.0);
    private static final List<String> PLAIN = List.of("", "%", "percent");

    /**
     * Reads a unit such as {@code ms}, {@code MiB}, {@code %} or {@code errors/min}.
     *
     * @param text the unit as written; empty for a plain number
     * @return empty if it is none of these
     */
    public static Optional<ThresholdUnit> parse(String text) {
        String unit = text.strip().toLowerCase(Locale.ROOT);
        int slash = unit.lastIndexOf('/');
        if (slash >= 0) {
            // what is counted ("errors", "requests") is for people: the metric says it
            return Optional.ofNullable(PER.get(unit.substring(slash + 1).strip()))
                    .map(seconds -> new ThresholdUnit(1 / seconds, true));
        }
        if (PLAIN.contains(unit)) {
            return Optional.of(new ThresholdUnit(1, false));
        }
        Double time = TIMES.get(unit);
        Double factor = time == null ? SIZES.get(unit) : time;
        return Optional.ofNullable(factor).map(f -> new ThresholdUnit(f, false));
    }
}
