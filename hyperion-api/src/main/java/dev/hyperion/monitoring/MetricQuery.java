// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One question about a metric.
 *
 * <p>Thread-safety: immutable.
 *
 * @param name the meter's name, such as {@code latency}
 * @param tags tags that a series must have, among others, to count
 * @param stat what is computed; empty for the default of the meter's kind: {@code last} of a gauge, {@code count} of a
 *     counter, {@code mean} of a timer
 * @param window how far back records count; more than zero
 * @param scope whose figures are asked for
 * @param by tag names: one sample for each combination of their values; empty for one sample over all series
 */
public record MetricQuery(
        String name, Map<String, String> tags, Optional<Statistic> stat, Duration window, Scope scope, Set<String> by) {
    /**
     * Checks the question.
     *
     * @throws IllegalArgumentException if the name is empty or the window is not positive
     */
    public MetricQuery {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a metric query needs a name");
        }
        if (window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException(
                    "metric query " + name + " has the window " + window + "; it must be more than zero");
        }
        Objects.requireNonNull(stat, "stat");
        Objects.requireNonNull(scope, "scope");
        tags = Map.copyOf(tags);
        by = Set.copyOf(by);
    }

    /**
     * Reads an address: {@code name[{tag="v",...}][.stat]}.
     *
     * @param address such as {@code latency{version="1.4.0"}.p95}
     * @param window how far back records count
     * @return the query, of no particular scope
     * @throws dev.hyperion.HyperionException if it is no address
     */
    public static MetricQuery parse(String address, Duration window) {
        AddressParser.Parts parts = AddressParser.parse(address);
        return new MetricQuery(
                parts.name(), parts.tags(), Statistic.ofWord(parts.stat()), window, Scope.NONE, Set.of());
    }

    /**
     * The same question with another scope.
     *
     * @param other whose figures are asked for
     * @return a new query
     */
    public MetricQuery in(Scope other) {
        return new MetricQuery(name, tags, stat, window, other, by);
    }

    /**
     * The same question for another statistic.
     *
     * @param other what is computed
     * @return a new query
     */
    public MetricQuery as(Statistic other) {
        return new MetricQuery(name, tags, Optional.of(other), window, scope, by);
    }

    /**
     * The same question, answered by one sample per combination of tag values.
     *
     * @param labels the tag names
     * @return a new query
     */
    public MetricQuery by(Set<String> labels) {
        return new MetricQuery(name, tags, stat, window, scope, labels);
    }

    /**
     * The query as an address, without window, scope and labels.
     *
     * @return such as {@code latency{version="1.4.0"}.p95}
     */
    public String address() {
        return AddressParser.format(name, tags, stat);
    }
}
