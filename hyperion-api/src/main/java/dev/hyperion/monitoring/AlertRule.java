// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import dev.hyperion.HyperionException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * When to raise an alert. A threshold that is a rate means the rate of a metric that names no statistic.
 *
 * <p>Thread-safety: immutable.
 *
 * @param name its name, unique in a monitoring center
 * @param metric the address that is watched, such as {@code latency.p95}
 * @param comparison how the reading is compared
 * @param threshold with what
 * @param hits how many evaluations in a row must hit, 1 or more
 * @param lasting how long the hits must last; zero for no time
 * @param window how far back each reading looks; empty for the center's usual window
 * @param by labels: one state for each combination of their values
 * @param onMissing what missing data does
 * @param severity how urgent it is
 * @param labels further labels of its events
 * @param notifiers who is told, by name; empty for all
 * @param action what is done beside telling people
 * @param description for people; may be empty
 * @param origin who brought it
 */
public record AlertRule(
        String name,
        String metric,
        Comparison comparison,
        Threshold threshold,
        int hits,
        Duration lasting,
        Optional<Duration> window,
        Set<String> by,
        OnMissing onMissing,
        Severity severity,
        Map<String, String> labels,
        List<String> notifiers,
        Optional<AlertAction> action,
        String description,
        AlertOrigin origin) {
    /**
     * Checks the rule.
     *
     * @throws HyperionException if the name is empty, the metric is no address, or a number is out of range
     */
    public AlertRule {
        if (name.isBlank()) {
            throw new HyperionException("an alert rule needs a name");
        }
        AddressParser.parse(metric);
        if (hits < 1) {
            throw new HyperionException("alert " + name + " wants " + hits + " hits; expected 1 or more");
        }
        if (lasting.isNegative()) {
            throw new HyperionException("alert " + name + " lasts " + lasting + "; expected zero or more");
        }
        Objects.requireNonNull(comparison, "comparison");
        Objects.requireNonNull(threshold, "threshold");
        Objects.requireNonNull(window, "window");
        Objects.requireNonNull(onMissing, "onMissing");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(origin, "origin");
        by = Set.copyOf(by);
        labels = Map.copyOf(labels);
        notifiers = List.copyOf(notifiers);
    }

    /**
     * Starts a rule; what is not set: 1 hit, the usual window, one state, warning, every notifier, no action, from code.
     *
     * @param name its name
     * @param metric the address that is watched
     * @param comparison how the reading is compared
     * @param threshold with what, such as {@code 250 ms}
     * @return a builder
     * @throws HyperionException if the threshold cannot be read
     */
    public static Builder when(String name, String metric, Comparison comparison, String threshold) {
        return new Builder(name, metric, comparison, Threshold.parse(threshold));
    }

    /**
     * The question that the rule asks.
     *
     * @param usualWindow how far back to look if the rule does not say
     * @return the query
     */
    public MetricQuery query(Duration usualWindow) {
        MetricQuery query =
                MetricQuery.parse(metric, window.orElse(usualWindow)).by(by);
        return threshold.isRate() && query.stat().isEmpty() ? query.as(Statistic.RATE) : query;
    }

    /** Builds a rule. Thread-safety: confined to one thread. */
    public static final class Builder {
        private final String name;
        private final String metric;
        private final Comparison comparison;
        private final Threshold threshold;
        private int hits = 1;
        private Duration lasting = Duration.ZERO;
        private Optional<Duration> window = Optional.empty();
        private Set<String> by = Set.of();
        private OnMissing onMissing = OnMissing.KEEP;
        private Severity severity = Severity.WARNING;
        private Map<String, String> labels = Map.of();
        private List<String> notifiers = List.of();
        private Optional<AlertAction> action = Optional.empty();
        private String description = "";
        private AlertOrigin origin = AlertOrigin.API;

        private Builder(String name, String metric, Comparison comparison, Threshold threshold) {
            this.name = name;
            this.metric = metric;
            this.comparison = comparison;
            this.threshold = threshold;
        }

        /**
         * Sets how many evaluations in a row must hit.
         *
         * @param count 1 or more
         * @return this builder
         */
        public Builder hits(int count) {
            this.hits = count;
            return this;
        }

        /**
         * Sets how long the hits must last.
         *
         * @param time zero or more
         * @return this builder
         */
        public Builder lasting(Duration time) {
            this.lasting = time;
            return this;
        }

        /**
         * Sets how far back each reading looks.
         *
         * @param length more than zero
         * @return this builder
         */
        public Builder window(Duration length) {
            this.window = Optional.of(length);
            return this;
        }

        /**
         * Keeps one state for each combination of label values.
         *
         * @param names the labels
         * @return this builder
         */
        public Builder by(Set<String> names) {
            this.by = names;
            return this;
        }

        /**
         * Sets what missing data does.
         *
         * @param what its effect
         * @return this builder
         */
        public Builder onMissing(OnMissing what) {
            this.onMissing = what;
            return this;
        }

        /**
         * Sets how urgent it is.
         *
         * @param how the severity
         * @return this builder
         */
        public Builder severity(Severity how) {
            this.severity = how;
            return this;
        }

        /**
         * Adds labels to its events.
         *
         * @param more the labels
         * @return this builder
         */
        public Builder labels(Map<String, String> more) {
            this.labels = more;
            return this;
        }

        /**
         * Sets who is told.
         *
         * @param names notifiers by name
         * @return this builder
         */
        public Builder notifiers(List<String> names) {
            this.notifiers = names;
            return this;
        }

        /**
         * Sets what is done beside telling people.
         *
         * @param what the action
         * @return this builder
         */
        public Builder action(AlertAction what) {
            this.action = Optional.of(what);
            return this;
        }

        /**
         * Describes it for people.
         *
         * @param text one line
         * @return this builder
         */
        public Builder description(String text) {
            this.description = text;
            return this;
        }

        /**
         * Sets who brought it.
         *
         * @param who the origin
         * @return this builder
         */
        public Builder origin(AlertOrigin who) {
            this.origin = who;
            return this;
        }

        /**
         * Builds the rule.
         *
         * @return the rule
         * @throws HyperionException if it breaks the rules of {@link AlertRule}
         */
        public AlertRule build() {
            return new AlertRule(
                    name,
                    metric,
                    comparison,
                    threshold,
                    hits,
                    lasting,
                    window,
                    by,
                    onMissing,
                    severity,
                    labels,
                    notifiers,
                    action,
                    description,
                    origin);
        }
    }
}
