// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.Threshold;
import java.util.Optional;

/**
 * What a rule asks and what it compares the answer with, both in the units in which queries answer. Thread-safety:
 * immutable.
 *
 * @param query what is asked
 * @param divisor what its answer is divided by
 * @param comparison how the answer is compared
 * @param threshold the limit as it was written
 * @param limit what the answer is compared with: seconds for times, per second for rates
 * @param clearLimit what it is compared with while the alert fires
 * @param scale how much of the threshold's base unit one of the answer is; 1 but for gauges in other units and for percents
 */
public record Condition(
        MetricQuery query,
        Optional<MetricQuery> divisor,
        Comparison comparison,
        Threshold threshold,
        double limit,
        double clearLimit,
        double scale) {

    boolean holds(double value, boolean firing) {
        return comparison.holds(value, firing ? clearLimit : limit);
    }

    /** The reading in the unit of the threshold. */
    String tell(double value) {
        return threshold.tell(value * scale);
    }
}
