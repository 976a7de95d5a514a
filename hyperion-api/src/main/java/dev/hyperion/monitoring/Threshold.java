// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import dev.hyperion.HyperionException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A limit as people write it, such as {@code 250 ms}, {@code 5 errors/min} or {@code 75}. What is counted ("errors") is
 * for people: the metric says it.
 *
 * <p>Thread-safety: immutable.
 *
 * @param value the number as written
 * @param unit the unit as written; empty for a plain number
 */
public record Threshold(double value, String unit) {
    private static final Pattern FORM = Pattern.compile("\\s*([-+]?[0-9]*\\.?[0-9]+(?:[eE][-+]?[0-9]+)?)\\s*(\\S.*)?");
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
    private static final Set<String> PLAIN = Set.of("", "%", "percent");
    private static final String EXPECTED =
            "expected a number, alone or with a unit such as ms, s, MiB, % or errors/min";

    /**
     * Checks value and unit.
     *
     * @throws HyperionException if the value is NaN or the unit is none of those known
     */
    public Threshold {
        Objects.requireNonNull(unit, "unit");
        if (Double.isNaN(value)) {
            throw new HyperionException("threshold is NaN; " + EXPECTED);
        }
        factor(unit);
    }

    /**
     * Reads a threshold.
     *
     * @param text such as {@code 250 ms}
     * @return the threshold
     * @throws HyperionException if it is not a number with a known unit
     */
    public static Threshold parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new HyperionException("threshold '" + text + "' is not a number; " + EXPECTED);
        }
        String unit = matcher.group(2) == null ? "" : matcher.group(2).strip();
        return new Threshold(Double.parseDouble(matcher.group(1)), unit);
    }

    /**
     * The limit in the unit in which queries answer: seconds, bytes, per second, or as it is.
     *
     * @return the value to compare with
     */
    public double baseValue() {
        return value * factor(unit);
    }

    /**
     * Whether the unit is a rate, so that a metric without a statistic means its rate.
     *
     * @return true for {@code /s}, {@code /min} and {@code /h}
     */
    public boolean isRate() {
        return unit.indexOf('/') >= 0;
    }

    private static double factor(String text) {
        String unit = text.strip().toLowerCase(Locale.ROOT);
        int slash = unit.lastIndexOf('/');
        Double factor;
        if (slash >= 0) {
            Double seconds = PER.get(unit.substring(slash + 1).strip());
            factor = seconds == null ? null : (Double) (1 / seconds);
        } else if (PLAIN.contains(unit)) {
            factor = 1.0;
        } else {
            factor = TIMES.getOrDefault(unit, SIZES.get(unit));
        }
        if (factor == null) {
            throw new HyperionException("threshold unit '" + text + "' is not known; " + EXPECTED);
        }
        return factor;
    }

    /**
     * The threshold as people write it; {@link #parse} reads it back.
     *
     * @return such as {@code 250 ms}
     */
    @Override
    public String toString() {
        String number = Double.isInfinite(value)
                ? Double.toString(value)
                : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
        return unit.isEmpty() ? number : number + " " + unit;
    }
}
