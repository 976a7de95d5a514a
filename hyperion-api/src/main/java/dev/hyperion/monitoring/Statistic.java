// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.util.Locale;
import java.util.Optional;

/** What is computed from the records of a window. */
public enum Statistic {
    /** How many were recorded within the window. */
    COUNT,
    /** The sum of what was recorded within the window. */
    SUM,
    /** The arithmetic mean. */
    MEAN,
    /** The largest. */
    MAX,
    /** The smallest. */
    MIN,
    /** The median, by nearest rank. */
    P50,
    /** The 90th percentile, by nearest rank. */
    P90,
    /** The 95th percentile, by nearest rank. */
    P95,
    /** The 99th percentile, by nearest rank. */
    P99,
    /** The 99.9th percentile, by nearest rank. */
    P999,
    /** Records per second over the window. */
    RATE,
    /** The newest value; of a counter, its total since the last reset. */
    LAST;

    private final String word = name().toLowerCase(Locale.ROOT);

    /**
     * The word that an address uses for it.
     *
     * @return such as {@code p95}
     */
    public String word() {
        return word;
    }

    /**
     * Reads the word of an address.
     *
     * @param word such as {@code p95}, in lower case
     * @return empty if no statistic has this word
     */
    public static Optional<Statistic> ofWord(String word) {
        for (Statistic statistic : values()) {
            if (statistic.word().equals(word)) {
                return Optional.of(statistic);
            }
        }
        return Optional.empty();
    }
}
