// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import dev.hyperion.HyperionException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    private static final Pattern WORDS = Pattern.compile("(?:\\p{L}[\\p{L}\\p{N}_.-]*\\s*)*");
    private static final Map<String, Double> TIMES = Map.ofEntries(
            Map.entry("ns", 1e-9),
            Map.entry("nanoseconds", 1e-9),
            Map.entry("us", 1e-6),
            Map.entry("\u00b5s", 1e-6),
            Map.entry("microseconds", 1e-6),
            Map.entry("ms", 1e-3),
            Map.entry("milliseconds", 1e-3),
            Map.entry("s", 1.0),
            Map.entry("sec", 1.0),
            Map.entry("second", 1.0),
            Map.entry("seconds", 1.0),
            Map.entry("min", 60.0),
            Map.entry("minutes", 60.0),
            Map.entry("h", 3_600.0),
            Map.entry("hours", 3_600.0));
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
    private static final Set<String> PERCENT = Set.of("%", "percent");
    private static final String EXPECTED =
            "expected a number, alone or with a unit such as ms, s, MiB, % or errors/min";

    /** What a unit measures. */
    public enum Dimension {
        /** A plain number, in whatever the metric is told in. */
        NUMBER,
        /** Hundredths, or the percent in which a metric is told. */
        PERCENT,
        /** A time. */
        TIME,
        /** Bytes. */
        SIZE,
        /** Something counted, per time. */
        RATE,
        /** Bytes per time. */
        SIZE_RATE,
        /** Time per time. */
        TIME_RATE
    }

    /** A unit understood: what it measures and how much of the base unit it is. */
    private record Unit(Dimension dimension, double factor) {}

    /**
     * Checks value and unit.
     *
     * @throws HyperionException if the value is not finite or the unit is none of those known
     */
    public Threshold {
        Objects.requireNonNull(unit, "unit");
        if (Double.isNaN(value) || Double.isInfinite(value * understood(unit).factor())) {
            throw new HyperionException("threshold is " + value + (unit.isEmpty() ? "" : " " + unit) + "; " + EXPECTED);
        }
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
     * What a unit measures.
     *
     * @param unit such as {@code ms}, {@code bytes} or {@code errors/min}; empty for none
     * @return empty if the unit is not known
     */
    public static Optional<Dimension> dimensionOf(String unit) {
        return find(unit).map(Unit::dimension);
    }

    /**
     * What its unit measures.
     *
     * @return {@link Dimension#NUMBER} without a unit
     */
    public Dimension dimension() {
        return understood(unit).dimension();
    }

    /**
     * The limit in the unit in which queries answer: seconds, bytes, per second, or as it is.
     *
     * @return the value to compare with
     */
    public double baseValue() {
        return value * understood(unit).factor();
    }

    /**
     * The limit in another unit of the same dimension, such as that of a gauge that counts milliseconds.
     *
     * @param other a known unit
     * @return the value to compare with
     * @throws HyperionException if the other unit is not known
     */
    public double in(String other) {
        return baseValue() / understood(other).factor();
    }

    /**
     * Whether the unit is a rate, so that a metric without a statistic means its rate.
     *
     * @return true for {@code /s}, {@code /min} and {@code /h}
     */
    public boolean isRate() {
        return unit.indexOf('/') >= 0;
    }

    /**
     * A reading in this threshold's unit, rounded for people.
     *
     * @param base the reading, in the unit of {@link #baseValue}
     * @return such as {@code 312.5 ms}
     */
    public String tell(double base) {
        double told = base / understood(unit).factor();
        if (!Double.isFinite(told)) {
            return told + (unit.isEmpty() ? "" : " " + unit);
        }
        BigDecimal rounded = BigDecimal.valueOf(told).round(new MathContext(4));
        return written(rounded, unit);
    }

    private static Unit understood(String unit) {
        return find(unit)
                .orElseThrow(() -> new HyperionException("threshold unit '" + unit + "' is not known; " + EXPECTED));
    }

    private static Optional<Unit> find(String text) {
        String unit = text.strip().toLowerCase(Locale.ROOT);
        int slash = unit.lastIndexOf('/');
        return slash < 0
                ? plain(unit)
                : Optional.ofNullable(PER.get(unit.substring(slash + 1).strip()))
                        .flatMap(seconds -> per(unit.substring(0, slash).strip(), seconds));
    }

    private static Optional<Unit> plain(String unit) {
        if (unit.isEmpty()) {
            return Optional.of(new Unit(Dimension.NUMBER, 1));
        }
        if (PERCENT.contains(unit)) {
            return Optional.of(new Unit(Dimension.PERCENT, 1));
        }
        return Optional.ofNullable(TIMES.get(unit))
                .map(factor -> new Unit(Dimension.TIME, factor))
                .or(() -> Optional.ofNullable(SIZES.get(unit)).map(factor -> new Unit(Dimension.SIZE, factor)));
    }

    /** What is counted is any words, but bytes and times are what they are. */
    private static Optional<Unit> per(String what, double seconds) {
        if (SIZES.containsKey(what)) {
            return Optional.of(new Unit(Dimension.SIZE_RATE, SIZES.get(what) / seconds));
        }
        if (TIMES.containsKey(what)) {
            return Optional.of(new Unit(Dimension.TIME_RATE, TIMES.get(what) / seconds));
        }
        return WORDS.matcher(what).matches() && !PERCENT.contains(what)
                ? Optional.of(new Unit(Dimension.RATE, 1 / seconds))
                : Optional.empty();
    }

    /**
     * The threshold as people write it; {@link #parse} reads it back.
     *
     * @return such as {@code 250 ms}
     */
    @Override
    public String toString() {
        return written(BigDecimal.valueOf(value), unit);
    }

    private static String written(BigDecimal number, String unit) {
        String digits = number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        return unit.isEmpty() ? digits : digits + " " + unit;
    }
}
