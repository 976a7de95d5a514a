// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import dev.hyperion.core.registry.DistributionMeter;
import dev.hyperion.core.registry.Exemplar;
import io.micrometer.core.instrument.FunctionTimer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Writes families as messages {@code io.prometheus.client.MetricFamily}, each behind its length; field numbers are those of
 * {@code metrics.proto} of prometheus/client_model. Distributions that have buckets are native histograms with the classic
 * buckets beside them: for scrapers that know no native ones, and because exemplars stand on those.
 *
 * <p>The format wants the length of a family before its first byte, so a family is built in memory, unlike in the text formats.
 *
 * <p>Thread-safety: confined to one scrape.
 */
final class ProtobufFamilies implements FamilyWriter {
    private static final int TYPE_COUNTER = 0;
    private static final int TYPE_GAUGE = 1;
    private static final int TYPE_SUMMARY = 2;
    private static final int TYPE_HISTOGRAM = 4;

    private final WireBuffer wire = new WireBuffer();
    private final NativeBuckets buckets = new NativeBuckets();
    private final DistributionView view;
    private double[] maxima = new double[64];

    ProtobufFamilies(DistributionView view) {
        this.view = view;
    }

    @Override
    public void write(Family family, OutputStream out) throws IOException {
        switch (family.type) {
            case COUNTER, GAUGE -> values(family, out);
            case SUMMARY, HISTOGRAM -> distributions(family, out);
        }
    }

    @Override
    public void end(OutputStream out) {
        // the last message is the end
    }

    private void header(String name, String help, int type) {
        wire.text(1, name).text(2, help).number(3, type);
    }

    private void values(Family family, OutputStream out) throws IOException {
        boolean counter = family.type == Family.Type.COUNTER;
        boolean headed = false;
        for (Series series : family.series) {
            double value = series.value.applyAsDouble(series.meter);
            if (Double.isNaN(value)) {
                continue;
            }
            if (!headed) {
                header(
                        counter ? family.name + "_total" : family.name,
                        family.help,
                        counter ? TYPE_COUNTER : TYPE_GAUGE);
                headed = true;
            }
            int metric = metric(series);
            int inner = wire.begin(counter ? 3 : 2);
            wire.real(1, value);
            List<Exemplar> exemplars = counter ? TextFamilies.exemplars(series) : List.of();
            if (!exemplars.isEmpty()) {
                exemplar(2, exemplars.get(exemplars.size() - 1));
            }
            wire.end(inner);
            wire.end(metric);
        }
        if (headed) {
            wire.sendTo(out);
        }
    }

    private int metric(Series series) {
        int metric = wire.begin(4);
        for (int i = 0; i < series.labels.size(); i++) {
            label(series.labels.name(i), series.labels.value(i));
        }
        return metric;
    }

    private void label(String name, String value) {
        int label = wire.begin(1);
        wire.text(1, name).text(2, value);
        wire.end(label);
    }

    private void distributions(Family family, OutputStream out) throws IOException {
        maxima = family.series.size() > maxima.length ? new double[family.series.size()] : maxima;
        boolean anyMax = false;
        header(family.name, family.help, family.type == Family.Type.SUMMARY ? TYPE_SUMMARY : TYPE_HISTOGRAM);
        for (int i = 0; i < family.series.size(); i++) {
            Series series = family.series.get(i);
            int metric = metric(series);
            maxima[i] = Double.NaN;
            if (series.meter instanceof FunctionTimer timer) {
                int summary = wire.begin(4);
                wire.number(1, (long) timer.count()).real(2, timer.totalTime(TimeUnit.SECONDS));
                wire.end(summary);
            } else if (series.meter instanceof DistributionMeter meter) {
                view.read(series, meter);
                if (series.bounds == null) {
                    summary();
                } else {
                    histogram(series, meter, series.bounds);
                }
                maxima[i] = view.max();
                anyMax |= !Double.isNaN(maxima[i]);
            }
            wire.end(metric);
        }
        wire.sendTo(out);
        if (anyMax) {
            maxima(family, out);
        }
    }

    private void summary() {
        int summary = wire.begin(4);
        wire.number(1, view.count()).real(2, view.inUnit(view.sum()));
        if (view.hasRecent()) {
            for (double q : DistributionView.QUANTILES) {
                int quantile = wire.begin(3);
                wire.real(1, q).real(2, view.inUnit(view.quantile(q)));
                wire.end(quantile);
            }
        }
        wire.end(summary);
    }

    private void histogram(Series series, DistributionMeter meter, Bounds bounds) {
        int histogram = wire.begin(7);
        wire.number(1, view.count()).real(2, view.inUnit(view.sum()));
        List<Exemplar> exemplars = TextFamilies.exemplars(series);
        double below = Double.NEGATIVE_INFINITY;
        for (int i = 0; i <= bounds.size(); i++) {
            boolean all = i == bounds.size();
            double bound = all ? Double.POSITIVE_INFINITY : bounds.told(i);
            int bucket = wire.begin(3);
            wire.number(1, all ? view.count() : meter.countUpTo(bounds.recorded(i), view.all()))
                    .real(2, bound);
            Exemplar newest = TextFamilies.within(exemplars, below, bound);
            if (newest != null) {
                exemplar(3, newest);
            }
            wire.end(bucket);
            below = bound;
        }
        buckets.take(view.all(), view.nanos() ? 1e9 : 1);
        wire.signed(5, NativeBuckets.SCHEMA).real(6, 0).number(7, buckets.zeros());
        spans();
        int deltas = wire.begin(13);
        long before = 0;
        for (int i = 0; i < buckets.size(); i++) {
            wire.packed(buckets.count(i) - before);
            before = buckets.count(i);
        }
        wire.end(deltas);
        wire.end(histogram);
    }

    /** Runs of buckets without a gap, each with its distance from the one before. One of no length says "native" if empty. */
    private void spans() {
        int next = 0;
        int at = 0;
        do {
            int from = at;
            while (at < buckets.size() && buckets.index(at) == buckets.index(from) + at - from) {
                at++;
            }
            int offset = at == from ? 0 : buckets.index(from) - next;
            int span = wire.begin(12);
            wire.signed(1, offset).number(2, at - from);
            wire.end(span);
            next = at == from ? 0 : buckets.index(at - 1) + 1;
        } while (at < buckets.size());
    }

    private void exemplar(int field, Exemplar exemplar) {
        int message = wire.begin(field);
        label("trace_id", ExpositionNames.wellFormed(exemplar.traceId()));
        label("span_id", ExpositionNames.wellFormed(exemplar.spanId()));
        wire.real(2, exemplar.value());
        int timestamp = wire.begin(3);
        Instant at = exemplar.at();
        wire.number(1, at.getEpochSecond()).number(2, at.getNano());
        wire.end(timestamp);
        wire.end(message);
    }

    private void maxima(Family family, OutputStream out) throws IOException {
        header(family.name + "_max", family.maxHelp(), TYPE_GAUGE);
        for (int i = 0; i < family.series.size(); i++) {
            if (!Double.isNaN(maxima[i])) {
                int metric = metric(family.series.get(i));
                int gauge = wire.begin(2);
                wire.real(1, maxima[i]);
                wire.end(gauge);
                wire.end(metric);
            }
        }
        wire.sendTo(out);
    }
}
