// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.autoscale.ReasonCode;
import java.util.Objects;

/**
 * What one metric proposes.
 *
 * <p>Thread-safety: immutable.
 *
 * @param metric its address
 * @param replicas how many replicas, below 0 if the value is; the present count if it proposes no change, 0 if it cannot be
 *     used
 * @param ratio value over target as it was measured; NaN if it cannot be used
 * @param adjustedRatio the same after replicas without a usable sample were counted cautiously; equal to {@code ratio} if
 *     there were none
 * @param current what was measured: percent of the request for a utilization, else thousandths
 * @param average what one replica used on average, in thousandths, cut off: of a utilization the mean of the samples that
 *     were used (HPA: {@code averageValue} beside {@code averageUtilization}), else the same as {@code current}
 * @param counted replicas whose sample was used
 * @param unready replicas that are not ready, or still warming up
 * @param missing replicas without a sample
 * @param reason a reason to change, to stay, or why it cannot be used
 * @param problem one line on why it cannot be used; empty if it can
 */
public record MetricProposal(
        String metric,
        int replicas,
        double ratio,
        double adjustedRatio,
        long current,
        long average,
        int counted,
        int unready,
        int missing,
        ReasonCode reason,
        String problem) {
    /** Checks that nothing is null. */
    public MetricProposal {
        Objects.requireNonNull(metric, "metric");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(problem, "problem");
    }

    /**
     * Whether the metric could be used.
     *
     * @return false if {@link #replicas} means nothing
     */
    public boolean usable() {
        return !reason.isBadData();
    }

    static MetricProposal unusable(String metric, ReasonCode reason, String why) {
        return new MetricProposal(metric, 0, Double.NaN, Double.NaN, 0, 0, 0, 0, 0, reason, why);
    }
}
