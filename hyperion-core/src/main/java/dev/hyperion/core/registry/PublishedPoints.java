// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import dev.hyperion.core.record.HistogramCopy;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/** Which percentiles and bucket bounds a meter's Micrometer snapshot shows: those asked for, else the usual percentiles. */
final class PublishedPoints {
    private static final double[] USUAL = {0.5, 0.9, 0.95, 0.99, 0.999};

    private static final double[] NO_BOUNDS = {};
    private static final PublishedPoints NOTHING_ASKED = new PublishedPoints();

    private final double[] percentiles;
    private final double[] bounds;
    private final @Nullable ExactBounds exact;

    /** What a meter's configuration asks for; meters that ask for nothing share one. */
    static PublishedPoints of(DistributionStatisticConfig config, DoubleFunction<HistogramCopy> recordedAlone) {
        PublishedPoints points = new PublishedPoints(config, recordedAlone);
        boolean nothing = points.percentiles == USUAL && points.bounds.length == 0 && points.exact == null;
        return nothing ? NOTHING_ASKED : points;
    }

    private PublishedPoints() {
        this.percentiles = USUAL;
        this.bounds = NO_BOUNDS;
        this.exact = null;
    }

    private PublishedPoints(DistributionStatisticConfig config, DoubleFunction<HistogramCopy> recordedAlone) {
        double[] asked = config.getPercentiles();
        this.percentiles = asked == null || asked.length == 0 ? USUAL : asked.clone();
        this.bounds = config.isPublishingHistogram()
                ? config.getHistogramBuckets(true).stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray()
                : NO_BOUNDS;
        this.exact = ExactBounds.of(config.getServiceLevelObjectiveBoundaries(), recordedAlone);
    }

    /** What must be told of every value before it is recorded; null for most meters. */
    @Nullable
    ExactBounds exact() {
        return exact;
    }

    /** The bounds of the buckets, rising; none if no histogram is published. */
    double[] bounds() {
        return bounds.clone();
    }

    /** Shows counts and totals of all records, percentiles and maximum of the recent ones, as Micrometer's meters do. */
    HistogramSnapshot snapshot(HistogramCopy all, HistogramCopy recent) {
        ValueAtPercentile[] values = new ValueAtPercentile[percentiles.length];
        for (int i = 0; i < values.length; i++) {
            double value = recent.count() == 0 ? 0 : recent.quantile(percentiles[i]); // Micrometer says 0 for no data
            values[i] = new ValueAtPercentile(percentiles[i], value);
        }
        double max = recent.count() == 0 ? 0 : recent.max();
        return new HistogramSnapshot(all.count(), all.sum(), max, values, counts(all), null);
    }

    /** Counts the records at or below a bound: exactly at an objective, else to the resolution of the copy. */
    long countUpTo(double bound, HistogramCopy copy) {
        return exact == null ? copy.countUpTo(bound) : exact.countUpTo(bound, copy);
    }

    private CountAtBucket[] counts(HistogramCopy copy) {
        CountAtBucket[] counts = new CountAtBucket[bounds.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new CountAtBucket(bounds[i], (double) countUpTo(bounds[i], copy));
        }
        return counts;
    }
}
