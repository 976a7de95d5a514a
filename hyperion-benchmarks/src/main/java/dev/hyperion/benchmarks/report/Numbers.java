// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.report;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/** Figures as people read them. */
final class Numbers {
    static final String ABSENT = "–";

    private Numbers() {}

    /** Three digits that mean something: 7.68, 138, 12,400. */
    static String of(double value) {
        double size = Math.abs(value);
        if (size >= 99.95) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 9.995 ? "%.1f" : "%.2f", value);
    }

    static String of(OptionalDouble value) {
        return of(value, Numbers::of);
    }

    static String of(OptionalDouble value, DoubleFunction<String> format) {
        return value.isPresent() ? format.apply(value.getAsDouble()) : ABSENT;
    }

    static String times(double ratio) {
        return of(ratio) + " ×";
    }

    /** Bytes per call: less than half a byte is what JMH and the JVM allocate beside the calls. */
    static String bytesPerCall(double bytes) {
        return bytes < 0.5 ? "0" : String.format(Locale.ROOT, "%,.0f", bytes);
    }

    static String bytes(double bytes) {
        if (bytes >= 999_500) {
            return of(bytes / 1e6) + " MB";
        }
        return bytes >= 999.5 ? of(bytes / 1e3) + " kB" : bytesPerCall(bytes) + " B";
    }
}
