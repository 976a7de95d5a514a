// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.monitoring.Statistic;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The words by which addresses name statistics: the constants in lower case. */
final class StatisticWords {
    private StatisticWords() {}

    static Optional<Statistic> parse(String word) {
        return Arrays.stream(Statistic.values())
                .filter(s -> word(s).equals(word))
                .findFirst();
    }

    static boolean isStatistic(String word) {
        return parse(word).isPresent();
    }

    static String all() {
        return Arrays.stream(Statistic.values()).map(StatisticWords::word).collect(Collectors.joining(" "));
    }

    static String word(Statistic statistic) {
        return statistic.name().toLowerCase(Locale.ROOT);
    }
}
