// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.registry.DistributionMeter;
import io.micrometer.core.instrument.Timer;

/**
 * What a timer or summary tells at this moment: everything since it was created, and what came since the window began, both
 * of one copy, so that they agree.
 *
 * <p>Thread-safety: confined to one scrape.
 */
final class DistributionView implements AutoCloseable {
    static final double[] QUANTILES = {0.5, 0.9, 0.95, 0.99, 0.999};

    private HistogramCopy all = HistogramCopy.empty(HistogramCopy.Scale.NANOS);
    private HistogramCopy recent = all;
    private boolean nanos;

    void read(DistributionMeter meter, HistogramCopy begin) {
        nanos = meter instanceof Timer;
        all = meter.copy();
        // a meter that was reset while we looked holds less than it did when the window began: nothing is recent then
        recent = all.count() >= begin.count() ? all.minus(begin) : HistogramCopy.empty(all.scale());
    }

    /** Whether values are in nanoseconds, to be told in seconds. */
    boolean nanos() {
        return nanos;
    }

    /** A recorded value as it is told. */
    double inUnit(double recorded) {
        return nanos ? recorded / 1e9 : recorded;
    }

    HistogramCopy all() {
        return all;
    }

    HistogramCopy recent() {
        return recent;
    }

    @Override
    public void close() {}
}
