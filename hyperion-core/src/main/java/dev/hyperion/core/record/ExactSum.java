// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

/**
 * A sum of records that can be added to and subtracted from without losing what is small beside what is large.
 *
 * <p>Of nanoseconds: exact modulo 2^64 together with a double that tells how large it is, so that differences are exact
 * even where the totals have outgrown 292 years. Of values: a double and what its roundings lost. Infinite records are
 * counted apart, so that they are gone from the windows after them.
 *
 * <p>Thread-safety: immutable.
 *
 * @param ofNanos which of the two it is
 * @param nanos the whole nanoseconds modulo 2^64; 0 for values
 * @param rounded the sum as a double
 * @param lost what rounding took from {@code rounded}; 0 for nanoseconds
 * @param infinite how many records were infinite
 */
record ExactSum(boolean ofNanos, long nanos, double rounded, double lost, long infinite) {
    static final ExactSum ZERO = new ExactSum(false, 0, 0, 0, 0);

    /** The sum as one double: exact to its last bit, at most the largest double. */
    double value() {
        return value(ofNanos, nanos, rounded, lost, infinite);
    }

    static double value(boolean ofNanos, long nanos, double rounded, double lost, long infinite) {
        if (ofNanos) {
            return nanos >= 0 && rounded < 0x1p63 ? nanos : Math.max(0, rounded);
        }
        return infinite > 0 ? Double.MAX_VALUE : Math.max(0, Math.min(Double.MAX_VALUE, rounded + lost));
    }

    /** Whole nanoseconds, at most the largest long. */
    long wholeNanos() {
        return nanos >= 0 && rounded < 0x1p63 ? nanos : Long.MAX_VALUE;
    }

    ExactSum plus(ExactSum other) {
        return combine(other, 1);
    }

    ExactSum minus(ExactSum other) {
        return combine(other, -1);
    }

    private ExactSum combine(ExactSum other, int sign) {
        double term = sign * other.rounded;
        return new ExactSum(
                ofNanos || other.ofNanos,
                nanos + sign * other.nanos,
                add(rounded, term),
                lost + sign * other.lost + roundedOff(rounded, term),
                infinite + sign * other.infinite);
    }

    /** The sum of two doubles, at most the largest double. */
    static double add(double a, double b) {
        return Math.min(Double.MAX_VALUE, a + b);
    }

    /** What {@link #add} rounds away, by Neumaier's rule; nothing where the sum is the largest double. */
    static double roundedOff(double a, double b) {
        double sum = a + b;
        if (sum > Double.MAX_VALUE) {
            return 0;
        }
        return Math.abs(a) >= Math.abs(b) ? (a - sum) + b : (b - sum) + a;
    }
}
