// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;

/**
 * Answers the questions of one evaluation, one after the other, and those that follow each other about the same window from
 * one read of it. Thread-safety: confined.
 */
@FunctionalInterface
public interface Readings {

    /**
     * Answers one question.
     *
     * @param query what is asked
     * @param more whether the next question is about another statistic of the same window
     * @return the answer, which may be that there is none
     */
    MetricResult read(MetricQuery query, boolean more);
}
