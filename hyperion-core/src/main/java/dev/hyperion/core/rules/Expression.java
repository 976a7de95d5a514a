// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.rules;

import dev.hyperion.core.expose.ExpositionNames;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.Statistic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One question in PromQL, over the series of the exposition: one sample per label set of the question, and of no label set
 * without data. Confined to one call.
 */
final class Expression {
    private static final Set<String> NUMBERS = Set.of("inf", "nan");

    /** Words of PromQL 2.42 that stand for themselves where a metric's name is expected. */
    private static final Set<String> WORDS = Set.of(
            ("inf nan and or unless atan2 offset by without on ignoring group_left group_right bool start end sum avg count"
                            + " min max group stddev stdvar topk bottomk count_values quantile")
                    .split(" "));

    private final MetricQuery query;
    private final ExportedMeter meter;
    private final Duration expositionWindow;
    private final List<String> notes = new ArrayList<>();

    /**
     * A question about a meter.
     *
     * @param expositionWindow what quantiles and maxima of the exposition are taken from
     */
    Expression(MetricQuery query, ExportedMeter meter, Duration expositionWindow) {
        this.query = query;
        this.meter = meter;
        this.expositionWindow = expositionWindow;
        if (!meter.note().isEmpty()) {
            notes.add(meter.note());
        }
    }

    /** What differs, to be told beside the rule. */
    List<String> notes() {
        return notes;
    }

    /** The expression; empty if the exposition has nothing that would answer the question. */
    Optional<String> text() {
        Optional<String> number = query.by().stream()
                .map(ExpositionNames::label)
                .filter(NUMBERS::contains)
                .findFirst();
        if (number.isPresent()) {
            notes.add("PromQL cannot group by the label " + number.get() + ", which is a number there");
            return Optional.empty();
        }
        return switch (meter.kind()) {
            case GAUGE -> gauge(query.stat().orElse(Statistic.LAST));
            case COUNTER -> counter(query.stat().orElse(Statistic.COUNT));
            case DISTRIBUTION -> distribution(query.stat().orElse(Statistic.MEAN));
            case COUNT_AND_SUM -> countAndSum(query.stat().orElse(Statistic.MEAN));
        };
    }

    private Optional<String> gauge(Statistic statistic) {
        String function = switch (statistic) {
            case LAST, SUM -> "sum";
            case MEAN -> "avg";
            case MAX -> "max";
            case MIN -> "min";
            case COUNT -> "count";
            case P50, P90, P95, P99, P999, RATE -> "";
        };
        return function.isEmpty() ? none(statistic) : Optional.of(over(function, selector(meter.family(), "")));
    }

    private Optional<String> counter(Statistic statistic) {
        return switch (statistic) {
            case RATE -> Optional.of(rate("_total"));
            case COUNT, SUM -> Optional.of(increase("_total"));
            case LAST -> {
                notes.add("the total counts from the start of the process there, from the last reset here");
                yield Optional.of(over("sum", selector(meter.family() + "_total", "")));
            }
            case MEAN, MAX, MIN, P50, P90, P95, P99, P999 -> none(statistic);
        };
    }

    private Optional<String> countAndSum(Statistic statistic) {
        return switch (statistic) {
            case RATE -> Optional.of(rate("_count"));
            case COUNT -> Optional.of(increase("_count"));
            case SUM -> Optional.of(increase("_sum"));
            case MEAN -> Optional.of(rate("_sum") + " / " + "(" + rate("_count") + " != 0)");
            case MAX, MIN, P50, P90, P95, P99, P999, LAST -> none(statistic);
        };
    }

    private Optional<String> distribution(Statistic statistic) {
        return switch (statistic) {
            case P50 -> Optional.of(quantile("0.5"));
            case P90 -> Optional.of(quantile("0.9"));
            case P95 -> Optional.of(quantile("0.95"));
            case P99 -> Optional.of(quantile("0.99"));
            case P999 -> Optional.of(quantile("0.999"));
            case MAX -> Optional.of(ofWindow(meter.family() + "_max", ""));
            case RATE, COUNT, SUM, MEAN -> countAndSum(statistic);
            case MIN, LAST -> none(statistic);
        };
    }

    private String quantile(String value) {
        notes.add("quantiles of several series cannot be merged there: the largest of them is compared");
        return ofWindow(meter.family(), "quantile=\"" + value + "\"");
    }

    /** The exposition has one window for all quantiles and maxima. */
    private String ofWindow(String name, String matcher) {
        if (!query.window().equals(expositionWindow)) {
            notes.add("the window of " + PromText.time(query.window()) + " has no counterpart: the exposition's is "
                    + PromText.time(expositionWindow));
        }
        return over("max", selector(name, matcher));
    }

    private Optional<String> none(Statistic statistic) {
        notes.add("the exposition has no series for " + statistic.word() + " of " + query.name());
        return Optional.empty();
    }

    private String rate(String suffix) {
        return over("sum", "rate(" + ranged(suffix) + ")");
    }

    private String increase(String suffix) {
        notes.add("increase() extrapolates to the edges of the window, and does not see a counter's first value");
        return over("sum", "increase(" + ranged(suffix) + ")");
    }

    private String ranged(String suffix) {
        return selector(meter.family() + suffix, "") + "[" + PromText.time(query.window()) + "]";
    }

    private String over(String function, String series) {
        if (query.by().isEmpty()) {
            return function + "(" + series + ")";
        }
        String labels =
                new TreeSet<>(query.by()).stream().map(ExpositionNames::label).collect(Collectors.joining(", "));
        return function + " by (" + labels + ") (" + series + ")";
    }

    private String selector(String name, String matcher) {
        List<String> matchers = new ArrayList<>();
        boolean word = WORDS.contains(name);
        if (word) {
            matchers.add("__name__=\"" + name + "\"");
        }
        for (Map.Entry<String, String> tag : new TreeMap<>(query.tags()).entrySet()) {
            matchers.add(ExpositionNames.label(tag.getKey()) + "=" + PromText.quoted(tag.getValue()));
        }
        if (!matcher.isEmpty()) {
            matchers.add(matcher);
        }
        String bare = word ? "" : name;
        return matchers.isEmpty() ? bare : bare + "{" + String.join(",", matchers) + "}";
    }
}
