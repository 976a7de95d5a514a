// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.monitoring.Coverage;
import dev.hyperion.monitoring.MetricResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What is known before a statistic is taken: the answer of the registry or of a source, per label set of the query. */
sealed interface Raw {

    /** Something is known. */
    record Found(List<Group> groups, Instant to, Coverage coverage) implements Raw {}

    /** Nothing is, for the reason given: {@code NoData} or {@code Failed}. */
    record Nothing(MetricResult why) implements Raw {}

    /** One label set: counted over a length of time, or a value as it is now. */
    sealed interface Group {
        Map<String, String> labels();
    }

    /** What was counted within the window that ends at {@link Found#to}. */
    record Counted(Map<String, String> labels, Totals totals, Duration length) implements Group {}

    /** Gauges, already made one value; empty if none of them has one. */
    record Level(Map<String, String> labels, OptionalDouble value) implements Group {}
}
