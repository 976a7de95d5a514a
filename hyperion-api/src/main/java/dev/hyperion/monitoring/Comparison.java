// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.util.Locale;
import java.util.Optional;

/** How a value is compared with a threshold. */
public enum Comparison {
    /** More than the threshold. */
    GT,
    /** The threshold or more. */
    GE,
    /** Less than the threshold. */
    LT,
    /** The threshold or less. */
    LE,
    /** Exactly the threshold. */
    EQ;

    /**
     * Compares.
     *
     * @param value the value that was read
     * @param threshold the threshold, in the same unit
     * @return whether the comparison holds; false if either is NaN
     */
    public boolean holds(double value, double threshold) {
        return switch (this) {
            case GT -> value > threshold;
            case GE -> value >= threshold;
            case LT -> value < threshold;
            case LE -> value <= threshold;
            case EQ -> value == threshold;
        };
    }

    /**
     * The word that rules and commands use.
     *
     * @return {@code gt}, {@code ge}, {@code lt}, {@code le} or {@code eq}
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads the word of a rule or command.
     *
     * @param word {@code gt}, {@code ge}, {@code lt}, {@code le} or {@code eq}
     * @return empty for any other word
     */
    public static Optional<Comparison> ofWord(String word) {
        for (Comparison comparison : values()) {
            if (comparison.word().equals(word)) {
                return Optional.of(comparison);
            }
        }
        return Optional.empty();
    }
}
