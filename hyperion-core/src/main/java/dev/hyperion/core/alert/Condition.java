// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.MetricQuery;

/**
 * What a rule asks and what it compares the answer with, both in the units in which queries answer. Thread-safety:
 * immutable.
 *
 * @param query what is asked
 * @param comparison how the answer is compared
 * @param limit what it is compared with: seconds for times, per second for rates
 */
public record Condition(MetricQuery query, Comparison comparison, double limit) {

    boolean holds(double value) {
        return comparison.holds(value, limit);
    }
}
