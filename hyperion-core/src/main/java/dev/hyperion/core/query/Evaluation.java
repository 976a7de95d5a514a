// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.HyperionException;
import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.record.Records;
import dev.hyperion.monitoring.Distribution;
import dev.hyperion.monitoring.Statistic;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/**
 * Computes one statistic of one group of series. No data is an empty answer, never zero or NaN; a statistic that the kind
 * of series does not have is an error that names those it has.
 */
final class Evaluation {
    /** Below this a rate says more about when one looked than about what happened. */
    private static final Duration SHORTEST_RATE = Duration.ofMillis(500);

    private Evaluation() {}

    /** The statistic of a label set, or the usual one for its kind: the count of counters, the mean of timers. */
    static OptionalDouble of(String name, Raw.Group group, Optional<Statistic> statistic) {
        if (group instanceof Raw.Level level) {
            return level.value();
        }
        Raw.Counted counted = (Raw.Counted) group;
        boolean counter = counted.totals() instanceof Totals.Count;
        Statistic meant = statistic.orElse(counter ? Statistic.COUNT : Statistic.MEAN);
        return counter && meant == Statistic.LAST
                ? OptionalDouble.of(counted.totals().count())
                : of(name, counted.totals(), counted.length(), meant);
    }

    /** The statistic of what was counted over a length of time; times in seconds, rates per second. */
    static OptionalDouble of(String name, Totals totals, Duration length, Statistic statistic) {
        if (statistic == Statistic.COUNT) {
            return OptionalDouble.of(totals.count());
        }
        if (statistic == Statistic.RATE) {
            return rate(totals.count(), length);
        }
        if (totals instanceof Totals.Count) {
            if (statistic == Statistic.SUM) {
                return OptionalDouble.of(totals.count());
            }
            throw none(name, statistic, "a counter", "count, sum, rate, last");
        }
        if (totals instanceof Totals.CountAndSum both) {
            return switch (statistic) {
                case SUM -> OptionalDouble.of(both.sum());
                case MEAN -> both.count() == 0 ? OptionalDouble.empty() : OptionalDouble.of(both.sum() / both.count());
                default -> throw none(name, statistic, "a timer kept elsewhere", "count, sum, mean, rate");
            };
        }
        if (totals instanceof Totals.Distributed distributed) {
            requireDistribution(name, statistic);
            Distribution told = distributed.distribution();
            return ofDistribution(told.count(), told.sum(), told::quantile, statistic);
        }
        return ofRecords(name, ((Totals.Histogram) totals).copy(), length, statistic);
    }

    /** The statistic of what was recorded over a length of time; times in seconds, rates per second. */
    private static OptionalDouble ofRecords(String name, Records records, Duration length, Statistic statistic) {
        double figure = figure(name, records, length, statistic);
        return Double.isNaN(figure) ? OptionalDouble.empty() : OptionalDouble.of(figure);
    }

    /** The same as a bare number, NaN if there is none: this is what is asked most often. */
    static double figure(String name, Records records, Duration length, Statistic statistic) {
        double perUnit = records.scale() == HistogramCopy.Scale.NANOS ? 1e9 : 1;
        boolean none = records.count() == 0;
        return switch (statistic) {
            case COUNT -> records.count();
            case RATE -> rate(records.count(), length).orElse(Double.NaN);
            case SUM -> records.sum() / perUnit;
            case LAST -> {
                requireDistribution(name, statistic);
                yield Double.NaN;
            }
            case MEAN -> none ? Double.NaN : records.sum() / perUnit / records.count();
            case MAX -> none ? Double.NaN : records.max() / perUnit;
            case MIN -> none ? Double.NaN : records.quantile(0) / perUnit;
            case P50 -> none ? Double.NaN : records.quantile(0.5) / perUnit;
            case P90 -> none ? Double.NaN : records.quantile(0.9) / perUnit;
            case P95 -> none ? Double.NaN : records.quantile(0.95) / perUnit;
            case P99 -> none ? Double.NaN : records.quantile(0.99) / perUnit;
            case P999 -> none ? Double.NaN : records.quantile(0.999) / perUnit;
        };
    }

    private static OptionalDouble rate(double count, Duration length) {
        return length.compareTo(SHORTEST_RATE) < 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(count / (length.toNanos() / 1e9));
    }

    private static void requireDistribution(String name, Statistic statistic) {
        if (statistic == Statistic.LAST) {
            throw none(
                    name,
                    statistic,
                    "a timer or summary",
                    "count, sum, mean, max, min, p50, p90, p95, p99, p999, rate");
        }
    }

    private static OptionalDouble ofDistribution(
            double count, double sum, DoubleUnaryOperator quantile, Statistic statistic) {
        if (statistic == Statistic.SUM) {
            return OptionalDouble.of(sum);
        }
        if (count == 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(
                switch (statistic) {
                    case MEAN -> sum / count;
                    case MAX -> quantile.applyAsDouble(1);
                    case MIN -> quantile.applyAsDouble(0);
                    case P50 -> quantile.applyAsDouble(0.5);
                    case P90 -> quantile.applyAsDouble(0.9);
                    case P95 -> quantile.applyAsDouble(0.95);
                    case P99 -> quantile.applyAsDouble(0.99);
                    case P999 -> quantile.applyAsDouble(0.999);
                    case COUNT, SUM, RATE, LAST -> throw new IllegalStateException("handled above: " + statistic);
                });
    }

    /** The statistic of gauges as they read now; those without a value are left out. */
    static OptionalDouble ofGauges(String name, List<Double> values, Statistic statistic) {
        double[] present = values.stream()
                .mapToDouble(Double::doubleValue)
                .filter(v -> !Double.isNaN(v))
                .toArray();
        if (present.length == 0) {
            return OptionalDouble.empty();
        }
        switch (statistic) {
            case LAST:
                if (present.length > 1) {
                    throw new HyperionException("metric " + name + " has " + present.length
                            + " gauges and no rule to make them one; append .sum, .max, .min or .mean, or name a tag");
                }
                return OptionalDouble.of(present[0]);
            case SUM:
                return OptionalDouble.of(Arrays.stream(present).sum());
            case MEAN:
                return Arrays.stream(present).average();
            case MAX:
                return Arrays.stream(present).max();
            case MIN:
                return Arrays.stream(present).min();
            case COUNT:
                return OptionalDouble.of(present.length);
            case P50, P90, P95, P99, P999, RATE:
                throw none(name, statistic, "a gauge", "last, sum, mean, max, min, count");
        }
        throw new IllegalStateException("unknown statistic " + statistic);
    }

    private static HyperionException none(String name, Statistic statistic, String kind, String has) {
        return new HyperionException("metric " + name + " is " + kind + " and has no ."
                + statistic.name().toLowerCase(Locale.ROOT) + "; use one of " + has);
    }
}
