// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.rules;

import dev.hyperion.core.expose.ExpositionNames;
import dev.hyperion.monitoring.MeterSpec;
import dev.hyperion.monitoring.MetricCatalogue;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.Statistic;
import dev.hyperion.monitoring.Threshold;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the exposition makes of a meter. Thread-safety: immutable.
 *
 * @param kind which series there are
 * @param family their name, without {@code _total} and the like
 * @param note what a reader of the rule should know; empty if there is nothing
 */
record ExportedMeter(Kind kind, String family, String note) {

    enum Kind {
        GAUGE,
        COUNTER,
        /** Count and sum, quantiles and largest of the recent window. */
        DISTRIBUTION,
        /** Count and sum alone. */
        COUNT_AND_SUM
    }

    /** As the meters of that name are; else as the catalogue declares them; else as the question lets one guess. */
    static ExportedMeter of(Collection<Meter> meters, MetricQuery query, Threshold threshold) {
        Optional<Meter> meter = meters.stream().findFirst();
        if (meter.isPresent()) {
            return of(meter.get());
        }
        return Stream.of(MetricCatalogue.all(), MetricCatalogue.ofSources())
                .flatMap(Collection::stream)
                .filter(spec -> spec.name().equals(query.name()))
                .findFirst()
                .map(ExportedMeter::of)
                .orElseGet(() -> guessed(query, threshold));
    }

    private static ExportedMeter of(Meter meter) {
        String name = meter.getId().getName();
        if (meter instanceof LongTaskTimer) {
            return new ExportedMeter(Kind.GAUGE, ExpositionNames.family(name + ".duration", "seconds"), "");
        }
        if (meter instanceof Timer) {
            return new ExportedMeter(Kind.DISTRIBUTION, ExpositionNames.family(name, "seconds"), "");
        }
        if (meter instanceof FunctionTimer) {
            return new ExportedMeter(Kind.COUNT_AND_SUM, ExpositionNames.family(name, "seconds"), "");
        }
        if (meter instanceof TimeGauge) {
            return new ExportedMeter(Kind.GAUGE, ExpositionNames.family(name, "seconds"), "");
        }
        Kind kind = meter instanceof Counter || meter instanceof FunctionCounter
                ? Kind.COUNTER
                : meter instanceof DistributionSummary ? Kind.DISTRIBUTION : Kind.GAUGE;
        return named(kind, name, meter.getId().getBaseUnit(), "");
    }

    private static ExportedMeter of(MeterSpec spec) {
        String note = "no meter of this instance is named " + spec.name()
                + " yet; if a router or a backend measures it, scrape it there";
        return switch (spec.kind()) {
            case COUNTER -> named(Kind.COUNTER, spec.name(), spec.unit(), note);
            case GAUGE -> named(Kind.GAUGE, spec.name(), spec.unit(), note);
            case TIMER -> named(Kind.DISTRIBUTION, spec.name(), "seconds", note);
            case SUMMARY -> named(Kind.DISTRIBUTION, spec.name(), spec.unit(), note);
        };
    }

    private static ExportedMeter guessed(MetricQuery query, Threshold threshold) {
        boolean time = threshold.dimension() == Threshold.Dimension.TIME;
        Kind kind = query.stat().map(ExportedMeter::guessed).orElse(Kind.GAUGE);
        String what = kind == Kind.DISTRIBUTION
                ? (time ? "a timer" : "a summary")
                : kind == Kind.COUNTER ? "a counter" : "a gauge";
        return named(
                kind,
                query.name(),
                time ? "seconds" : null,
                "no meter is named " + query.name() + " yet; it is taken for " + what);
    }

    private static Kind guessed(Statistic statistic) {
        return switch (statistic) {
            case RATE, COUNT -> Kind.COUNTER;
            case P50, P90, P95, P99, P999 -> Kind.DISTRIBUTION;
            case MEAN, MAX, MIN, SUM, LAST -> Kind.GAUGE;
        };
    }

    private static ExportedMeter named(Kind kind, String name, @Nullable String unit, String note) {
        String family = ExpositionNames.family(name, unit);
        return new ExportedMeter(
                kind,
                kind == Kind.COUNTER && family.endsWith("_total")
                        ? family.substring(0, family.length() - "_total".length())
                        : family,
                note);
    }
}
