// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import dev.hyperion.core.registry.DistributionMeter;
import dev.hyperion.core.registry.Exemplar;
import dev.hyperion.core.registry.TracedMeter;
import io.micrometer.core.instrument.FunctionTimer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes families as text, through one buffer that is used again for each few kilobytes.
 *
 * <p>Thread-safety: confined to one scrape.
 */
final class TextFamilies implements FamilyWriter {
    private static final int SENT_AT_ONCE = 16_384;
    private static final int AHEAD = 8; // series: so many that what they need is near, and still in the first cache
    private static final int LONGEST_EXEMPLAR = 128; // characters of its labels, as OpenMetrics has it
    private static final byte[] SUM = ascii("_sum");
    private static final byte[] COUNT = ascii("_count");
    private static final byte[] BUCKET = ascii("_bucket");
    private static final byte[] NONE = {};
    private static final byte[][] QUANTILE_LABELS = Arrays.stream(DistributionView.QUANTILES)
            .mapToObj(q -> ascii("quantile=\"" + q + "\"} "))
            .toArray(byte[][]::new);

    private final ExpositionFormat format;
    private final DistributionView view;
    private final AsciiBuffer buffer = new AsciiBuffer(SENT_AT_ONCE + 4_096);

    @SuppressWarnings("unused") // keeps compilers from leaving out what is read for it
    private long touched;

    private final long[] changes = new long[AHEAD]; // of the series that are written next
    private double[] maxima = new double[64];

    TextFamilies(ExpositionFormat format, DistributionView view) {
        this.format = format;
        this.view = view;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void end(OutputStream out) throws IOException {
        if (format == ExpositionFormat.OPENMETRICS_1_0_0) {
            buffer.put("# EOF\n");
        }
        buffer.sendTo(out);
    }

    @Override
    public void write(Family family, OutputStream out) throws IOException {
        boolean distributions = family.type == Family.Type.SUMMARY || family.type == Family.Type.HISTOGRAM;
        if (distributions) {
            maxima = family.series.size() > maxima.length ? new double[family.series.size()] : maxima;
            buffer.put(family.header(format));
        }
        boolean headed = distributions;
        boolean anyMax = false;
        for (int i = 0; i < family.series.size(); i++) {
            Series series = family.series.get(i);
            if (distributions) {
                if (i % AHEAD == 0) {
                    askForChanges(family, i);
                    touch(family, i + AHEAD);
                }
                maxima[i] = distribution(family, series, changes[i % AHEAD]);
                anyMax |= !Double.isNaN(maxima[i]);
            } else {
                headed = value(family, series, headed);
            }
            sendIfFull(out);
        }
        if (anyMax) {
            maxima(family, out);
        }
    }

    /**
     * Asks the next series for changes, before their records are read: what comes between is told, and told again. All at once,
     * and before the memory of others is touched: the question is a fence, which waits for all that was touched before.
     */
    private void askForChanges(Family family, int from) {
        for (int i = from; i < Math.min(from + AHEAD, family.series.size()); i++) {
            changes[i - from] = family.series.get(i).meter instanceof DistributionMeter meter ? meter.changes() : 0;
        }
    }

    /** Has the memory of the next series brought near, while the ones before them are written. */
    private void touch(Family family, int from) {
        int size = family.series.size();
        for (int i = from; i < Math.min(from + AHEAD, size); i++) {
            touched += family.series.get(i).touch();
        }
        for (int i = from + AHEAD; i < Math.min(from + 2 * AHEAD, size); i++) {
            touched += family.series.get(i).approach();
        }
    }

    private void sendIfFull(OutputStream out) throws IOException {
        if (buffer.size() >= SENT_AT_ONCE) {
            buffer.sendTo(out);
        }
    }

    /** Writes a counter or gauge that has a value, and returns whether the family has its header now. */
    private boolean value(Family family, Series series, boolean headed) {
        double value = series.value.applyAsDouble(series.meter);
        if (Double.isNaN(value)) {
            return headed;
        }
        if (!headed) {
            buffer.put(family.header(format));
        }
        name(family.sampleName, NONE, series.labels).number(value);
        if (family.type == Family.Type.COUNTER && format == ExpositionFormat.OPENMETRICS_1_0_0) {
            List<Exemplar> exemplars = exemplars(series);
            if (!exemplars.isEmpty()) {
                exemplar(exemplars.get(exemplars.size() - 1));
            }
        }
        buffer.put('\n');
        return true;
    }

    static List<Exemplar> exemplars(Series series) {
        return series.meter instanceof TracedMeter traced ? traced.exemplars() : List.of();
    }

    /** Writes a timer or summary, and returns its maximum; NaN if the window has none. */
    private double distribution(Family family, Series series, long changesNow) {
        if (series.meter instanceof FunctionTimer timer) {
            name(family.sampleName, SUM, series.labels)
                    .number(timer.totalTime(TimeUnit.SECONDS))
                    .put('\n');
            name(family.sampleName, COUNT, series.labels).number(timer.count()).put('\n');
            return Double.NaN;
        }
        if (!(series.meter instanceof DistributionMeter meter)) {
            return Double.NaN;
        }
        Series.Block block = series.unchanged(format, changesNow);
        if (block != null && block.begin() == view.begin(series, meter)) {
            buffer.put(block.text());
            return block.max();
        }
        Object begin = view.read(series, meter);
        int start = buffer.size();
        if (series.bounds == null) {
            quantiles(family, series);
        } else {
            buckets(family, series, meter, series.bounds);
        }
        inUnit(name(family.sampleName, SUM, series.labels), view.sum()).put('\n');
        name(family.sampleName, COUNT, series.labels).number(view.count()).put('\n');
        double max = view.max();
        if (series.seenBefore(changesNow, begin)) {
            series.keep(new Series.Block(format, changesNow, begin, buffer.copyFrom(start), max));
        }
        return max;
    }

    private void quantiles(Family family, Series series) {
        if (view.hasRecent()) {
            int start = buffer.size();
            labelled(family.sampleName, NONE, series.labels);
            int end = buffer.size();
            for (int i = 0; i < QUANTILE_LABELS.length; i++) {
                (i == 0 ? buffer : buffer.again(start, end)).put(QUANTILE_LABELS[i]);
                inUnit(buffer, view.quantile(DistributionView.QUANTILES[i])).put('\n');
            }
        }
    }

    private void buckets(Family family, Series series, DistributionMeter meter, Bounds bounds) {
        List<Exemplar> exemplars = format == ExpositionFormat.OPENMETRICS_1_0_0 ? exemplars(series) : List.of();
        double below = Double.NEGATIVE_INFINITY;
        for (int i = 0; i <= bounds.size(); i++) {
            boolean all = i == bounds.size();
            labelled(family.sampleName, BUCKET, series.labels)
                    .put(bounds.label(i))
                    .number(all ? view.count() : meter.countUpTo(bounds.recorded(i), view.all()));
            double bound = all ? Double.POSITIVE_INFINITY : bounds.told(i);
            Exemplar newest = within(exemplars, below, bound);
            if (newest != null) {
                exemplar(newest);
            }
            buffer.put('\n');
            below = bound;
        }
    }

    /** The newest exemplar of a bucket. */
    static @Nullable Exemplar within(List<Exemplar> exemplars, double above, double upTo) {
        for (int i = exemplars.size() - 1; i >= 0; i--) {
            double value = exemplars.get(i).value();
            if (value > above && value <= upTo) {
                return exemplars.get(i);
            }
        }
        return null;
    }

    private void exemplar(Exemplar exemplar) {
        int length = "trace_id".length()
                + "span_id".length()
                + exemplar.traceId().length()
                + exemplar.spanId().length();
        if (length > LONGEST_EXEMPLAR) {
            return;
        }
        buffer.put(" # {trace_id=\"")
                .put(ExpositionNames.escapeLabel(ExpositionNames.wellFormed(exemplar.traceId())))
                .put("\",span_id=\"")
                .put(ExpositionNames.escapeLabel(ExpositionNames.wellFormed(exemplar.spanId())))
                .put("\"} ")
                .number(exemplar.value())
                .put(' ')
                .number(exemplar.at().toEpochMilli() / 1e3);
    }

    private void maxima(Family family, OutputStream out) throws IOException {
        buffer.put(family.maxHeader(format));
        for (int i = 0; i < family.series.size(); i++) {
            if (!Double.isNaN(maxima[i])) {
                name(family.maxName(), NONE, family.series.get(i).labels)
                        .number(maxima[i])
                        .put('\n');
                sendIfFull(out);
            }
        }
    }

    /** Writes all of a line that stands before its value. */
    private AsciiBuffer name(byte[] sample, byte[] suffix, Labels labels) {
        buffer.put(sample).put(suffix);
        return labels.isEmpty()
                ? buffer.put(' ')
                : buffer.put('{').put(labels.text()).put('}').put(' ');
    }

    /** The same up to where one more label follows. */
    private AsciiBuffer labelled(byte[] sample, byte[] suffix, Labels labels) {
        buffer.put(sample).put(suffix).put('{').put(labels.text());
        return labels.isEmpty() ? buffer : buffer.put(',');
    }

    private AsciiBuffer inUnit(AsciiBuffer into, double value) {
        return view.nanos() ? into.seconds(value) : into.number(value);
    }
}
