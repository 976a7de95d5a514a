// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.registry.DistributionMeter;
import dev.hyperion.core.registry.HyperionMeterRegistry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes a registry as Prometheus text or OpenMetrics.
 *
 * <p>Counters, counts and sums are those since the meters were created and never go back. Quantiles and maxima are those of
 * a recent window that the caller supplies; they are absent while it holds no record, as is a gauge that has no value: an
 * absent series is told apart from zero. Meters of one name whose tag keys differ are all written.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class PrometheusText {
    private static final double[] QUANTILES = {0.5, 0.9, 0.95, 0.99, 0.999};

    private final HyperionMeterRegistry registry;
    private final Function<DistributionMeter, HistogramCopy> recent;

    /**
     * Creates a writer over a registry.
     *
     * @param registry what is written
     * @param recent what quantiles and maxima are taken from, such as the last minute of the meter
     */
    public PrometheusText(HyperionMeterRegistry registry, Function<DistributionMeter, HistogramCopy> recent) {
        this.registry = registry;
        this.recent = recent;
    }

    /**
     * Writes all meters as they are now.
     *
     * @param format which text format
     * @param out where to; flushed, not closed
     * @throws IOException if the reader went away
     */
    public void write(ExpositionFormat format, OutputStream out) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 16_384);
        for (Map.Entry<String, Family> family : families().entrySet()) {
            new FamilyWriter(writer, format, family.getKey(), family.getValue()).write();
        }
        if (format == ExpositionFormat.OPENMETRICS_1_0_0) {
            writer.write("# EOF\n");
        }
        writer.flush();
    }

    private enum Type {
        COUNTER,
        GAUGE,
        SUMMARY;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One sample of a family; a distribution's samples are made while writing, so that they come from one copy. */
    private record Series(Meter meter, ToDoubleFunction<Meter> value) {}

    private static final class Family {
        private final Type type;
        private final String help;
        private final Set<String> meterNames = new LinkedHashSet<>();
        private final List<Series> series = new ArrayList<>();

        Family(Type type, String help) {
            this.type = type;
            this.help = help;
        }
    }

    private Map<String, Family> families() {
        TreeMap<String, Family> families = new TreeMap<>();
        for (String name : registry.names()) {
            for (Meter meter : registry.named(name)) {
                meter.use(
                        gauge -> gauge(families, gauge, ExpositionNames.family(name, unitOf(gauge)), Gauge::value),
                        counter -> counter(
                                families, counter, ExpositionNames.family(name, unitOf(counter)), Counter::count),
                        timer -> add(families, timer, ExpositionNames.family(name, "seconds"), Type.SUMMARY, m -> 0),
                        summary -> add(
                                families, summary, ExpositionNames.family(name, unitOf(summary)), Type.SUMMARY, m -> 0),
                        tasks -> longTasks(families, tasks, name),
                        gauge -> gauge(
                                families,
                                gauge,
                                ExpositionNames.family(name, "seconds"),
                                g -> g.value(TimeUnit.SECONDS)),
                        counter -> counter(
                                families,
                                counter,
                                ExpositionNames.family(name, unitOf(counter)),
                                FunctionCounter::count),
                        timer -> add(families, timer, ExpositionNames.family(name, "seconds"), Type.SUMMARY, m -> 0),
                        other -> measurements(families, other, name));
            }
        }
        return families;
    }

    private static @Nullable String unitOf(Meter meter) {
        return meter.getId().getBaseUnit();
    }

    private <M extends Meter> void gauge(Map<String, Family> into, M meter, String family, ToDoubleFunction<M> value) {
        add(into, meter, family, Type.GAUGE, value);
    }

    private <M extends Meter> void counter(
            Map<String, Family> into, M meter, String family, ToDoubleFunction<M> value) {
        String bare = family.endsWith("_total") ? family.substring(0, family.length() - "_total".length()) : family;
        add(into, meter, bare, Type.COUNTER, value);
    }

    private void longTasks(Map<String, Family> into, LongTaskTimer tasks, String name) {
        gauge(into, tasks, ExpositionNames.family(name + ".active", null), LongTaskTimer::activeTasks);
        gauge(into, tasks, ExpositionNames.family(name + ".duration", "seconds"), t -> t.duration(TimeUnit.SECONDS));
        gauge(into, tasks, ExpositionNames.family(name + ".longest", "seconds"), t -> t.max(TimeUnit.SECONDS));
    }

    private void measurements(Map<String, Family> into, Meter meter, String name) {
        for (Measurement measurement : meter.measure()) {
            switch (measurement.getStatistic()) {
                case TOTAL, COUNT, TOTAL_TIME ->
                    counter(
                            into,
                            meter,
                            ExpositionNames.family(name + "." + part(measurement), null),
                            m -> measurement.getValue());
                case VALUE, UNKNOWN ->
                    gauge(into, meter, ExpositionNames.family(name, unitOf(meter)), m -> measurement.getValue());
                case MAX, ACTIVE_TASKS, DURATION ->
                    gauge(
                            into,
                            meter,
                            ExpositionNames.family(name + "." + part(measurement), null),
                            m -> measurement.getValue());
            }
        }
    }

    private static String part(Measurement measurement) {
        return switch (measurement.getStatistic()) {
            case TOTAL -> "total";
            case TOTAL_TIME -> "time_seconds";
            case COUNT -> "events";
            case MAX -> "max";
            case ACTIVE_TASKS -> "active";
            case DURATION -> "duration_seconds";
            case VALUE, UNKNOWN -> "value";
        };
    }

    @SuppressWarnings("unchecked") // the value function is only ever applied to the meter it came with
    private <M extends Meter> void add(
            Map<String, Family> into, M meter, String name, Type type, ToDoubleFunction<M> value) {
        String help = meter.getId().getDescription();
        Family family = into.computeIfAbsent(
                name,
                n -> new Family(
                        type,
                        help == null || help.isBlank()
                                ? "The " + type.text() + " " + meter.getId().getName() + "."
                                : help));
        if (family.type != type) {
            // one family has one type; meters whose names differ only in what Prometheus cannot tell apart get their
            // own
            add(into, meter, name + "_as_" + type.text(), type, value);
            return;
        }
        family.meterNames.add(meter.getId().getName());
        family.series.add(new Series(meter, (ToDoubleFunction<Meter>) value));
    }

    private final class FamilyWriter {
        private final Writer out;
        private final ExpositionFormat format;
        private final String name;
        private final Family family;
        private final List<String> maxima = new ArrayList<>();

        FamilyWriter(Writer out, ExpositionFormat format, String name, Family family) {
            this.out = out;
            this.format = format;
            this.name = name;
            this.family = family;
        }

        void write() throws IOException {
            boolean totalInHeader = family.type == Type.COUNTER && format == ExpositionFormat.PROMETHEUS_0_0_4;
            boolean headed = false;
            for (Series series : family.series) {
                if (family.type != Type.SUMMARY) {
                    double value = series.value().applyAsDouble(series.meter());
                    if (Double.isNaN(value)) {
                        continue;
                    }
                    headed = headed || header(totalInHeader ? name + "_total" : name, family.type.text(), family.help);
                    String sample = family.type == Type.COUNTER ? name + "_total" : name;
                    out.write(sample + braces(labels(series.meter())) + " " + number(value) + "\n");
                } else {
                    headed = headed || header(name, "summary", family.help);
                    summary(series.meter());
                }
            }
            if (!maxima.isEmpty()) {
                header(name + "_max", "gauge", family.help + " (largest of the recent window)");
                for (String line : maxima) {
                    out.write(line);
                }
            }
        }

        private boolean header(String of, String type, String help) throws IOException {
            out.write("# HELP " + of + " " + ExpositionNames.escapeHelp(help, format) + "\n");
            out.write("# TYPE " + of + " " + type + "\n");
            return true;
        }

        private void summary(Meter meter) throws IOException {
            String labels = labels(meter);
            if (meter instanceof DistributionMeter distribution) {
                double perUnit = meter instanceof Timer ? 1e9 : 1; // nanoseconds to seconds
                HistogramCopy window = recent.apply(distribution);
                HistogramCopy all = distribution.copy();
                if (window.count() > 0) {
                    for (double q : QUANTILES) {
                        String quantile = (labels.isEmpty() ? "" : labels + ",") + "quantile=\"" + q + "\"";
                        out.write(name + braces(quantile) + " " + number(window.quantile(q) / perUnit) + "\n");
                    }
                    maxima.add(name + "_max" + braces(labels) + " " + number(window.max() / perUnit) + "\n");
                }
                out.write(name + "_sum" + braces(labels) + " " + number(all.sum() / perUnit) + "\n");
                out.write(name + "_count" + braces(labels) + " " + all.count() + "\n");
            } else if (meter instanceof FunctionTimer timer) {
                out.write(name + "_sum" + braces(labels) + " " + number(timer.totalTime(TimeUnit.SECONDS)) + "\n");
                out.write(name + "_count" + braces(labels) + " " + number(timer.count()) + "\n");
            }
        }

        private String labels(Meter meter) {
            StringBuilder text = new StringBuilder();
            Set<String> used = new LinkedHashSet<>();
            used.add("quantile"); // reserved within summaries
            for (Tag tag : meter.getId().getTagsAsIterable()) {
                append(text, used, tag.getKey(), tag.getValue());
            }
            if (family.meterNames.size() > 1) {
                append(text, used, "meter", meter.getId().getName());
            }
            return text.toString();
        }

        private void append(StringBuilder text, Set<String> used, String key, String value) {
            String label = ExpositionNames.label(key);
            while (!used.add(label)) {
                label += "_"; // two tag keys that become the same label stay two labels
            }
            if (!text.isEmpty()) {
                text.append(',');
            }
            text.append(label)
                    .append("=\"")
                    .append(ExpositionNames.escapeLabel(value))
                    .append('"');
        }

        private String braces(String labels) {
            return labels.isEmpty() ? "" : "{" + labels + "}";
        }
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
