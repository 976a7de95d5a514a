// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.HyperionException;
import dev.hyperion.core.alert.Condition;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.MeterSpec;
import dev.hyperion.monitoring.MetricCatalogue;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.Statistic;
import dev.hyperion.monitoring.Threshold;
import dev.hyperion.monitoring.Threshold.Dimension;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Reads a rule: its address becomes a query, its threshold a limit in the units in which queries answer.
 *
 * <p>What the metric measures is known from its meter, or before there is one from the catalogue of Hyperion's own. A
 * threshold that measures something else is refused; of a metric that nobody knows yet every threshold is accepted.
 *
 * <p>Thread-safety: thread-safe.
 */
final class RuleReader {
    private static final Set<Dimension> RATES = Set.of(Dimension.RATE, Dimension.SIZE_RATE, Dimension.TIME_RATE);

    private final Duration window;
    private final UnaryOperator<MetricQuery> resolve;
    private final Function<String, Optional<Meter>> meters;

    /** What a reading measures: nothing in particular, if neither is known. */
    private record Measured(Optional<Dimension> dimension, String unit) {
        static Measured unknown() {
            return new Measured(Optional.empty(), "");
        }

        static Measured in(String unit) {
            return new Measured(Threshold.dimensionOf(unit).filter(dimension -> !unit.isEmpty()), unit);
        }

        static Measured number() {
            return new Measured(Optional.of(Dimension.NUMBER), "");
        }

        /** What is left of it per second. */
        Measured perSecond() {
            Dimension of = dimension.orElse(Dimension.NUMBER);
            return new Measured(
                    Optional.of(
                            of == Dimension.SIZE
                                    ? Dimension.SIZE_RATE
                                    : of == Dimension.TIME ? Dimension.TIME_RATE : Dimension.RATE),
                    "");
        }
    }

    RuleReader(Duration window, UnaryOperator<MetricQuery> resolve, Function<String, Optional<Meter>> meters) {
        this.window = window;
        this.resolve = resolve;
        this.meters = meters;
    }

    Condition read(AlertRule rule) {
        MetricQuery query = rule.query(window);
        Optional<MetricQuery> divisor = rule.divisor(window);
        return divisor.isPresent() ? ratio(rule, query, divisor.get()) : single(rule, query);
    }

    private Condition single(AlertRule rule, MetricQuery query) {
        Threshold threshold = rule.threshold();
        Measured measured = measured(query);
        if (!fits(threshold.dimension(), query, measured)) {
            throw wrong(rule, "its readings are " + tell(query, measured));
        }
        boolean converts = threshold.dimension() != Dimension.NUMBER
                && measured.dimension()
                        .filter(of -> of == Dimension.TIME || of == Dimension.SIZE)
                        .isPresent();
        double scale = converts ? Threshold.parse("1 " + measured.unit()).baseValue() : 1;
        return condition(rule, query, Optional.empty(), scale);
    }

    /**
     * A quotient of rates is that of counts over the one window that both sides have: a counter that is younger than the
     * window was zero before, while its rate would be that of its short life.
     */
    private Condition ratio(AlertRule rule, MetricQuery dividend, MetricQuery divisor) {
        Dimension dimension = rule.threshold().dimension();
        if (dimension != Dimension.NUMBER && dimension != Dimension.PERCENT) {
            throw wrong(rule, "a quotient is a plain number or %");
        }
        boolean rates = isRate(dividend) && isRate(divisor);
        return condition(
                rule,
                rates ? dividend.as(Statistic.COUNT) : dividend,
                Optional.of(rates ? divisor.as(Statistic.COUNT) : divisor),
                dimension == Dimension.PERCENT ? 100 : 1);
    }

    private boolean isRate(MetricQuery query) {
        return resolve.apply(query).stat().equals(Optional.of(Statistic.RATE));
    }

    private static Condition condition(AlertRule rule, MetricQuery query, Optional<MetricQuery> divisor, double scale) {
        double limit = rule.threshold().baseValue() / scale;
        double clear = rule.clearThreshold()
                .map(threshold -> threshold.baseValue() / scale)
                .orElse(limit);
        return new Condition(query, divisor, rule.comparison(), rule.threshold(), limit, clear, scale);
    }

    private static boolean fits(Dimension dimension, MetricQuery query, Measured measured) {
        if (dimension == Dimension.NUMBER) {
            return true;
        }
        if (measured.dimension().isPresent()) {
            return measured.dimension().get() == dimension;
        }
        // of what nobody knows the statistic alone is known
        boolean rate = query.stat().equals(Optional.of(Statistic.RATE));
        return measured.unit().isEmpty() && rate == RATES.contains(dimension);
    }

    private Measured measured(MetricQuery asked) {
        MetricQuery query = resolve.apply(asked);
        return meters.apply(query.name())
                .map(meter -> measured(kind(meter), Units.of(meter), query.stat()))
                .or(() -> declared(query.name()).map(spec -> measured(spec.kind(), spec.unit(), query.stat())))
                .orElse(Measured.unknown());
    }

    private static Optional<MeterSpec> declared(String name) {
        return Stream.concat(MetricCatalogue.all().stream(), MetricCatalogue.ofSources().stream())
                .filter(spec -> spec.name().equals(name))
                .findFirst();
    }

    private static MeterSpec.Kind kind(Meter meter) {
        if (meter instanceof Timer || meter instanceof FunctionTimer) {
            return MeterSpec.Kind.TIMER;
        }
        if (meter instanceof Counter || meter instanceof FunctionCounter) {
            return MeterSpec.Kind.COUNTER;
        }
        return meter instanceof DistributionSummary ? MeterSpec.Kind.SUMMARY : MeterSpec.Kind.GAUGE;
    }

    private static Measured measured(MeterSpec.Kind kind, String unit, Optional<Statistic> stat) {
        Measured plain = Measured.in(unit);
        boolean counter = kind == MeterSpec.Kind.COUNTER;
        boolean gauge = kind == MeterSpec.Kind.GAUGE;
        if (stat.equals(Optional.of(Statistic.RATE)) && !gauge) {
            return counter ? plain.perSecond() : Measured.number().perSecond();
        }
        if (stat.equals(Optional.of(Statistic.COUNT)) && !counter) {
            return Measured.number();
        }
        return counter && plain.dimension().isEmpty() ? Measured.number() : plain;
    }

    private static String tell(MetricQuery query, Measured measured) {
        if (!measured.unit().isEmpty()) {
            return "in " + measured.unit();
        }
        return measured.dimension()
                .map(of -> of == Dimension.NUMBER
                        ? "counts"
                        : "of the kind " + of.name().toLowerCase(Locale.ROOT))
                .orElse(query.stat().equals(Optional.of(Statistic.RATE)) ? "rates" : "no rates");
    }

    private static HyperionException wrong(AlertRule rule, String why) {
        return new HyperionException("alert " + rule.name() + ": the threshold " + rule.threshold() + " does not fit "
                + rule.metric() + ": " + why);
    }
}
