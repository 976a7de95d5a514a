// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.cost;

import dev.hyperion.benchmarks.peers.Fleet;
import dev.hyperion.monitoring.Distribution;
import java.util.List;
import org.HdrHistogram.Histogram;

/** How far a fleet's p99 is off: from merged histograms, and from the mean of the replicas' p99s. */
public final class FleetError {
    private static final int REPLICAS = 1_000;
    private static final double QUANTILE = 0.99;

    private FleetError() {}

    /**
     * Measures.
     *
     * @return percent of the exact value, 0 or more
     */
    public static List<Figure> measure() {
        Fleet fleet = new Fleet(REPLICAS);
        double exact = fleet.exact(QUANTILE);
        Distribution ours = Distribution.merge(fleet.distributions());
        Histogram hdr = fleet.histograms().get(0).copy();
        fleet.histograms().subList(1, REPLICAS).forEach(hdr::add);
        return List.of(
                error("hyperion", ours.quantile(QUANTILE) * 1e9, exact),
                error("hdrHistogram", hdr.getValueAtPercentile(QUANTILE * 100), exact),
                error("meanOfReplicas", fleet.meanOfExact(QUANTILE), exact));
    }

    private static Figure error(String who, double told, double exact) {
        return new Figure(who, "p99Error", Math.abs(told - exact) / exact * 100, "%");
    }
}
