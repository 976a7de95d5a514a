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
 * <p>The metric is an address, or two with a slash between spaces: {@code error.rate / latency.rate} is the share of errors
 * over one window that both sides have in common. A divisor that is zero or missing is missing data, never infinity. With
 * {@code by} each label set of the dividend is divided by the same label set of the divisor.
 *
 * <p>Thread-safety: immutable.
 *
 * @param name its name, unique in a monitoring center
 * @param metric the address that is watched, such as {@code latency.p95}, or two with {@code " / "} between
 * @param comparison how the reading is compared
 * @param threshold with what
 * @param clearThreshold once it fires, what a reading must get past in the other direction for the alert to be clear; empty
 *     for the threshold itself
 * @param hits how many evaluations in a row must hit, 1 or more
 * @param lasting how long the hits must last; zero for no time
 * @param keepFiringFor for how long the alert goes on firing after the condition ended; zero for no time
 * @param window how far back each reading looks; empty for the center's usual window
 * @param by labels: one state for each combination of their values
 * @param onMissing what missing data does
 * @param severity how urgent it is
 * @param labels further labels of its events; none of those in {@code by}
 * @param annotations further texts for people by name, such as {@code runbook_url}
 * @param notifiers who is told, by name; empty for all
 * @param contact whom to call, by the name of a {@link Contact}
 * @param action what is done beside telling people
 * @param blockFor for how long {@link AlertAction#BLOCK_IP} blocks
 * @param description for people; may be empty
 * @param origin who brought it
 */
public record AlertRule(
        String name,
        String metric,
        Comparison comparison,
        Threshold threshold,
        Optional<Threshold> clearThreshold,
        int hits,
        Duration lasting,
        Duration keepFiringFor,
        Optional<Duration> window,
        Set<String> by,
        OnMissing onMissing,
        Severity severity,
        Map<String, String> labels,
        Map<String, String> annotations,
        List<String> notifiers,
        Optional<String> contact,
        Optional<AlertAction> action,
        Duration blockFor,
        String description,
        AlertOrigin origin) {
    /** The annotation that names the page which says what to do. */
    public static final String RUNBOOK = "runbook_url";

    /** A quarter of an hour outlasts an attempt and does not lock an office out for the day. */
    public static final Duration USUAL_BLOCK = Duration.ofMinutes(15);

    /**
     * Checks the rule.
     *
     * @throws HyperionException if the name is empty, the metric is no address, a number is out of range, the clear threshold
     *     lies on the wrong side or measures something else, or a label is both given and kept by
     */
    public AlertRule {
        if (name.isBlank()) {
            throw new HyperionException("an alert rule needs a name");
        }
        AddressParser.sides(metric).forEach(AddressParser::parse);
        if (hits < 1) {
            throw new HyperionException("alert " + name + " wants " + hits + " hits; expected 1 or more");
        }
        requireTime(name, "lasts", lasting, false);
        requireTime(name, "keeps firing for", keepFiringFor, false);
        requireTime(name, "blocks for", blockFor, true);
        window.ifPresent(length -> requireTime(name, "has a window of", length, true));
        Objects.requireNonNull(comparison, "comparison");
        Objects.requireNonNull(threshold, "threshold");
        Objects.requireNonNull(onMissing, "onMissing");
        Objects.requireNonNull(severity, "severity");
        Objects.requireNonNull(contact, "contact");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(origin, "origin");
        by = Set.copyOf(by);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        notifiers = List.copyOf(notifiers);
        for (String label : labels.keySet()) {
            if (by.contains(label)) {
                throw new HyperionException("alert " + name + " sets the label " + label
                        + " and keeps one state for each of its values; drop one of the two");
            }
        }
        if (clearThreshold.isPresent()) {
            requireClear(name, comparison, threshold, clearThreshold.get());
        }
    }

    private static void requireTime(String name, String what, Duration time, boolean more) {
        if (time.isNegative() || (more && time.isZero())) {
            throw new HyperionException("alert " + name + " " + what + " " + time + "; expected "
                    + (more ? "more than zero" : "zero or more"));
        }
    }

    private static void requireClear(String name, Comparison comparison, Threshold threshold, Threshold clear) {
        String what = "alert " + name + " is clear at " + clear;
        if (clear.dimension() != threshold.dimension()) {
            throw new HyperionException(
                    what + " and fires at " + threshold + "; both must measure the same, in the same kind of unit");
        }
        boolean above = comparison == Comparison.GT || comparison == Comparison.GE;
        boolean right = above
                ? clear.baseValue() <= threshold.baseValue()
                : comparison != Comparison.EQ && clear.baseValue() >= threshold.baseValue();
        if (!right) {
            throw new HyperionException(what + " but fires at " + comparison.word() + " " + threshold + "; expected "
                    + (comparison == Comparison.EQ
                            ? "no clear threshold with eq"
                            : above ? "the threshold or less" : "the threshold or more"));
        }
    }

    /**
     * Starts a rule; what is not set: 1 hit, the usual window, one state, warning, every notifier, no action, from code.
     *
     * @param name its name
     * @param metric the address that is watched, or two with {@code " / "} between
     * @param comparison how the reading is compared
     * @param threshold with what, such as {@code 250 ms}
     * @return a builder
     * @throws HyperionException if the threshold cannot be read
     */
    public static Builder when(String name, String metric, Comparison comparison, String threshold) {
        return new Builder(name, metric, comparison, Threshold.parse(threshold));
    }

    /**
     * The question that the rule asks; of two, that of the dividend.
     *
     * @param usualWindow how far back to look if the rule does not say
     * @return the query
     */
    public MetricQuery query(Duration usualWindow) {
        MetricQuery query = side(0, usualWindow);
        return threshold.isRate() && query.stat().isEmpty() ? query.as(Statistic.RATE) : query;
    }

    /**
     * What the answer is divided by.
     *
     * @param usualWindow how far back to look if the rule does not say
     * @return empty if the metric is one address
     */
    public Optional<MetricQuery> divisor(Duration usualWindow) {
        return AddressParser.sides(metric).size() < 2 ? Optional.empty() : Optional.of(side(1, usualWindow));
    }

    private MetricQuery side(int index, Duration usualWindow) {
        return MetricQuery.parse(AddressParser.sides(metric).get(index), window.orElse(usualWindow))
                .by(by);
    }

    /** Builds a rule. Thread-safety: confined to one thread. */
    public static final class Builder {
        private final String name;
        private final String metric;
        private final Comparison comparison;
        private final Threshold threshold;
        private Optional<Threshold> clearThreshold = Optional.empty();
        private int hits = 1;
        private Duration lasting = Duration.ZERO;
        private Duration keepFiringFor = Duration.ZERO;
        private Optional<Duration> window = Optional.empty();
        private Set<String> by = Set.of();
        private OnMissing onMissing = OnMissing.KEEP;
        private Severity severity = Severity.WARNING;
        private Map<String, String> labels = Map.of();
        private Map<String, String> annotations = Map.of();
        private List<String> notifiers = List.of();
        private Optional<String> contact = Optional.empty();
        private Optional<AlertAction> action = Optional.empty();
        private Duration blockFor = USUAL_BLOCK;
        private String description = "";
        private AlertOrigin origin = AlertOrigin.API;

        private Builder(String name, String metric, Comparison comparison, Threshold threshold) {
            this.name = name;
            this.metric = metric;
            this.comparison = comparison;
            this.threshold = threshold;
        }

        /**
         * Sets what a reading must get past for a firing alert to be clear.
         *
         * @param limit such as {@code 200 ms}, on the clear side of the threshold
         * @return this builder
         * @throws HyperionException if it cannot be read
         */
        public Builder clearThreshold(String limit) {
            this.clearThreshold = Optional.of(Threshold.parse(limit));
            return this;
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
         * Sets for how long the alert goes on firing after the condition ended.
         *
         * @param time zero or more
         * @return this builder
         */
        public Builder keepFiringFor(Duration time) {
            this.keepFiringFor = time;
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
         * Sets further texts for people.
         *
         * @param texts by name, such as {@link AlertRule#RUNBOOK}
         * @return this builder
         */
        public Builder annotations(Map<String, String> texts) {
            this.annotations = texts;
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
         * Sets whom to call.
         *
         * @param name the name of a contact
         * @return this builder
         */
        public Builder contact(String name) {
            this.contact = Optional.of(name);
            return this;
        }

        /**
         * Sets for how long {@link AlertAction#BLOCK_IP} blocks.
         *
         * @param time more than zero
         * @return this builder
         */
        public Builder blockFor(Duration time) {
            this.blockFor = time;
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
                    clearThreshold,
                    hits,
                    lasting,
                    keepFiringFor,
                    window,
                    by,
                    onMissing,
                    severity,
                    labels,
                    annotations,
                    notifiers,
                    contact,
                    action,
                    blockFor,
                    description,
                    origin);
        }
    }
}
