// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The upper bounds of a classic histogram, and the labels that tell them, encoded once.
 *
 * <p>Thread-safety: immutable.
 */
final class Bounds {
    /** What timers without bounds of their own get, in nanoseconds: 1 ms to 1 min. */
    static final Bounds OF_TIMES = new Bounds(
            new double[] {1e6, 2.5e6, 5e6, 1e7, 2.5e7, 5e7, 1e8, 2.5e8, 5e8, 1e9, 2.5e9, 5e9, 1e10, 3e10, 6e10}, 1e9);
    /** What other summaries without bounds of their own get, whose range nobody knows: the powers of four up to 2^30. */
    static final Bounds OF_VALUES = new Bounds(powersOfFour(), 1);

    private final double[] recorded;
    private final double[] told;
    private final byte[][] labels;

    /**
     * Encodes bounds.
     *
     * @param bounds in the unit of the recorder; those that are not finite are left out, {@code +Inf} is there anyway
     * @param perUnit how many of the recorder's units are one of those told
     */
    Bounds(double[] bounds, double perUnit) {
        recorded = Arrays.stream(bounds)
                .filter(Double::isFinite)
                .sorted()
                .distinct()
                .toArray();
        told = Arrays.stream(recorded).map(bound -> bound / perUnit).toArray();
        List<byte[]> encoded = new ArrayList<>();
        for (double bound : told) {
            encoded.add(("le=\"" + canonical(bound) + "\"} ").getBytes(StandardCharsets.US_ASCII));
        }
        encoded.add("le=\"+Inf\"} ".getBytes(StandardCharsets.US_ASCII));
        labels = encoded.toArray(new byte[0][]);
    }

    /** OpenMetrics' canonical form has a point in every number; both formats tell the same, so that series stay the same. */
    private static String canonical(double bound) {
        AsciiBuffer text = new AsciiBuffer(32).number(bound);
        String plain = new String(text.copyFrom(0), StandardCharsets.US_ASCII);
        return plain.matches("-?\\d+") ? plain + ".0" : plain;
    }

    private static double[] powersOfFour() {
        double[] powers = new double[16];
        Arrays.setAll(powers, i -> Math.scalb(1.0, 2 * i));
        return powers;
    }

    int size() {
        return recorded.length;
    }

    /** A bound in the unit of the recorder. */
    double recorded(int index) {
        return recorded[index];
    }

    /** A bound in the unit that is told. */
    double told(int index) {
        return told[index];
    }

    /** The label of a bucket with all that follows up to its value; {@link #size()} is the one for everything. */
    byte[] label(int index) {
        return labels[index];
    }
}
