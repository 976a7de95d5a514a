// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.told;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Figures and times as text. Thread-safety: thread-safe, without state. */
public final class Told {
    private static final MathContext FOUR_DIGITS = new MathContext(4);
    private static final double FIVE_DIGITS = 10_000;

    /** Years that are written with four digits and no sign. */
    private static final long YEAR_0 = -62_167_219_200L;

    private static final long YEAR_10000 = 253_402_300_800L;

    private Told() {}

    /**
     * A number for people.
     *
     * @param value the number
     * @return four digits of it, without an exponent
     */
    public static String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        if (value == Math.rint(value) && Math.abs(value) < FIVE_DIGITS) {
            return Long.toString((long) value);
        }
        return new BigDecimal(value).round(FOUR_DIGITS).stripTrailingZeros().toPlainString();
    }

    /**
     * A time that is left, for people.
     *
     * @param left how long
     * @return whole seconds, rounded up, at least one, such as {@code 42 s}
     */
    public static String seconds(Duration left) {
        return Math.max(1, (left.toMillis() + 999) / 1_000) + " s";
    }

    /**
     * Appends a time as {@link Instant#toString} has it, whose way through a formatter costs as much as a tenth of a record.
     *
     * @param text where
     * @param time the time
     * @return the text
     */
    public static StringBuilder append(StringBuilder text, Instant time) {
        if (time.getEpochSecond() < YEAR_0 || time.getEpochSecond() >= YEAR_10000) {
            return text.append(time);
        }
        LocalDateTime at = LocalDateTime.ofEpochSecond(time.getEpochSecond(), time.getNano(), ZoneOffset.UTC);
        digits(text, at.getYear(), 4).append('-');
        digits(text, at.getMonthValue(), 2).append('-');
        digits(text, at.getDayOfMonth(), 2).append('T');
        digits(text, at.getHour(), 2).append(':');
        digits(text, at.getMinute(), 2).append(':');
        digits(text, at.getSecond(), 2);
        int nano = at.getNano();
        if (nano != 0) {
            text.append('.');
            if (nano % 1_000_000 == 0) {
                digits(text, nano / 1_000_000, 3);
            } else if (nano % 1_000 == 0) {
                digits(text, nano / 1_000, 6);
            } else {
                digits(text, nano, 9);
            }
        }
        return text.append('Z');
    }

    private static StringBuilder digits(StringBuilder text, int number, int count) {
        int power = 10;
        for (int i = 1; i < count; i++) {
            if (number < power) {
                text.append('0');
            }
            power *= 10;
        }
        return text.append(number);
    }
}
