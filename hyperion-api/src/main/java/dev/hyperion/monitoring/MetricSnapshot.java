// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * One meter as a snapshot shows it. What the meter's kind does not have, or nothing was recorded for, is empty.
 *
 * <p>Thread-safety: immutable.
 *
 * @param name the meter's name
 * @param type {@code counter}, {@code gauge}, {@code timer}, {@code distribution_summary} or another Micrometer kind
 * @param unit {@code seconds} for times, else as the meter was registered; may be empty
 * @param description what it measures; may be empty
 * @param tags its tags
 * @param current what it says now
 * @param min the smallest within the usual window
 * @param max the largest within the usual window
 * @param avg the mean within the usual window
 * @param count how many were recorded since the last reset
 * @param last the newest value
 * @param p50 the median within the usual window
 * @param p95 the 95th percentile within the usual window
 * @param p99 the 99th percentile within the usual window
 * @param series its course, if it is kept
 */
public record MetricSnapshot(
        String name,
        String type,
        String unit,
        String description,
        Map<String, String> tags,
        OptionalDouble current,
        OptionalDouble min,
        OptionalDouble max,
        OptionalDouble avg,
        OptionalLong count,
        OptionalDouble last,
        OptionalDouble p50,
        OptionalDouble p95,
        OptionalDouble p99,
        List<Timeline.Point> series) {
    /** Copies the collections. */
    public MetricSnapshot {
        tags = Map.copyOf(tags);
        series = List.copyOf(series);
    }
}
