// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.record.Tally;
import dev.hyperion.core.registry.DistributionMeter;
import dev.hyperion.core.registry.RecentWindow;
import io.micrometer.core.instrument.Timer;

/**
 * What a timer or summary tells at this moment: everything since it was created, and what came since the window began, both
 * of one reading, so that they agree. Summaries are read without garbage; of histograms a copy is made for their buckets.
 *
 * <p>Thread-safety: confined to one scrape.
 */
final class DistributionView implements AutoCloseable {
    static final double[] QUANTILES = {0.5, 0.9, 0.95, 0.99, 0.999};

    private final RecentWindow window;
    private final Tally times = Tally.of(HistogramCopy.Scale.NANOS);
    private final Tally values = Tally.of(HistogramCopy.Scale.VALUES);
    private final Runnable takeAll = this::takeAll;
    private Tally tally = times;
    private boolean nanos;
    private boolean buckets;
    private long count;
    private double sum;
    private HistogramCopy copy = HistogramCopy.empty(HistogramCopy.Scale.NANOS);

    DistributionView(RecentWindow window) {
        this.window = window;
    }

    /** What tells the totals with which the window of a series begins from others. */
    Object begin(Series series, DistributionMeter meter) {
        RecentWindow.OfMeter recent = series.recent(window, meter);
        return recent == null ? meter : recent.begin();
    }

    /** Reads a series in the place of the last one, and tells as {@link #begin} does what its window began with. */
    Object read(Series series, DistributionMeter meter) {
        nanos = meter instanceof Timer;
        buckets = series.bounds != null;
        tally = nanos ? times : values;
        tally.clear();
        RecentWindow.OfMeter recent = series.recent(window, meter);
        if (recent == null) {
            meter.addTo(tally);
            takeAll();
            return meter;
        }
        return recent.read(tally, takeAll);
    }

    private void takeAll() {
        count = tally.count();
        sum = tally.sum();
        if (buckets) {
            copy = tally.toCopy();
        }
    }

    /** Whether values are in nanoseconds, to be told in seconds. */
    boolean nanos() {
        return nanos;
    }

    /** A recorded value as it is told. */
    double inUnit(double recorded) {
        return nanos ? recorded / 1e9 : recorded;
    }

    long count() {
        return count;
    }

    /** In the unit of the recorder. */
    double sum() {
        return sum;
    }

    /** Everything, in buckets; only after a reading with buckets. */
    HistogramCopy all() {
        return copy;
    }

    boolean hasRecent() {
        return tally.count() > 0;
    }

    /** A quantile of the recent records, in the unit of the recorder; there must be some. */
    double quantile(double q) {
        return tally.quantile(q);
    }

    /** The largest recent record as it is told; NaN if there is none. */
    double max() {
        return hasRecent() ? inUnit(tally.max()) : Double.NaN;
    }

    @Override
    public void close() {
        times.close();
        values.close();
    }
}
