// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import dev.hyperion.HyperionException;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.Threshold;
import java.time.Duration;
import java.util.Objects;

/**
 * A limit that the new version must keep during its canary. It is read for the new version alone.
 *
 * <p>Thread-safety: immutable.
 *
 * @param metric the address, such as {@code latency.p95}
 * @param comparison when this holds, the limit is broken
 * @param threshold the limit
 * @param hits broken so often in a row, the canary has failed; 1 or more
 */
public record AnalysisRule(String metric, Comparison comparison, Threshold threshold, int hits) {
    /**
     * Checks the rule.
     *
     * @throws HyperionException if the metric is no address or hits is less than 1
     */
    public AnalysisRule {
        MetricQuery.parse(metric, Duration.ofSeconds(1));
        Objects.requireNonNull(comparison, "comparison");
        Objects.requireNonNull(threshold, "threshold");
        if (hits < 1) {
            throw new HyperionException("analysis of " + metric + " wants " + hits + " hits; expected 1 or more");
        }
    }

    /**
     * The rule as people write it.
     *
     * @return such as {@code latency.p95 gt 250 ms, 3 hits}
     */
    @Override
    public String toString() {
        return metric + " " + comparison.word() + " " + threshold + ", " + hits + (hits == 1 ? " hit" : " hits");
    }
}
