// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.rules;

import dev.hyperion.core.expose.ExpositionNames;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.OnMissing;
import io.micrometer.core.instrument.Meter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * Writes alert rules as a rule file of Prometheus, over the series of our own exposition.
 *
 * <p>A rule of N hits at the interval i becomes one with {@code for: (N - 1) * i}: Prometheus counts from the first evaluation
 * that is true, so the N-th in a row is the first at which that time has passed. What has no counterpart stands in a comment
 * above the rule; a rule that has none at all is a comment only.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class PrometheusRules {
    private final Function<String, Collection<Meter>> meters;
    private final UnaryOperator<MetricQuery> resolve;
    private final ToDoubleFunction<AlertRule> limits;
    private final Duration interval;
    private final Duration window;

    /**
     * Creates a writer.
     *
     * @param meters the meters of a name, which say how their series are named
     * @param resolve replaces other names for meters by their own
     * @param limits what a rule compares its reading with, in the unit of the reading
     * @param interval how often rules are evaluated
     * @param window the window of rules that name none, and of the exposition's quantiles
     */
    public PrometheusRules(
            Function<String, Collection<Meter>> meters,
            UnaryOperator<MetricQuery> resolve,
            ToDoubleFunction<AlertRule> limits,
            Duration interval,
            Duration window) {
        this.meters = meters;
        this.resolve = resolve;
        this.limits = limits;
        this.interval = interval;
        this.window = window;
    }

    /**
     * Writes rules.
     *
     * @param rules the rules, in the order in which they are to stand
     * @return YAML that {@code promtool check rules} accepts
     */
    public String yaml(Collection<AlertRule> rules) {
        StringBuilder yaml = new StringBuilder(1_024);
        yaml.append("# Alert rules of Hyperion for Prometheus. Where an alert goes is said in the Alertmanager.\n")
                .append("# N hits at the interval are \"for\" of N - 1 intervals; absent series end an alert.\n")
                .append("groups:\n  - name: hyperion\n    interval: ")
                .append(PromText.time(interval))
                .append('\n');
        List<String> written = rules.stream().map(this::rule).toList();
        yaml.append(
                written.stream().allMatch(text -> text.lines().allMatch(line -> line.startsWith("      #")))
                        ? "    rules: []\n"
                        : "    rules:\n");
        written.forEach(yaml::append);
        return yaml.toString();
    }

    private String rule(AlertRule rule) {
        List<String> notes = new ArrayList<>();
        Optional<String> reading = reading(rule, notes);
        StringBuilder yaml = new StringBuilder();
        if (reading.isPresent()) {
            String condition = condition(rule, reading.get(), notes);
            differences(rule, notes);
            comment(yaml, rule, notes);
            yaml.append("      - alert: ").append(PromText.quoted(rule.name())).append('\n');
            yaml.append("        expr: ").append(PromText.quoted(condition)).append('\n');
            time(yaml, "for", pending(rule));
            time(yaml, "keep_firing_for", rule.keepFiringFor());
            texts(yaml, "labels", labels(rule));
            texts(yaml, "annotations", annotations(rule));
        } else {
            notes.add("so this rule is left out");
            comment(yaml, rule, notes);
        }
        return yaml.toString();
    }

    private Optional<String> reading(AlertRule rule, List<String> notes) {
        Optional<String> dividend = expression(rule, rule.query(window), notes);
        Optional<MetricQuery> divisor = rule.divisor(window);
        if (dividend.isEmpty() || divisor.isEmpty()) {
            return dividend;
        }
        // without the filter something divided by zero is infinite, and above every threshold
        return expression(rule, divisor.get(), notes).map(below -> "(" + dividend.get() + ") / ((" + below + ") != 0)");
    }

    private Optional<String> expression(AlertRule rule, MetricQuery asked, List<String> notes) {
        MetricQuery query = resolve.apply(asked);
        Expression expression =
                new Expression(query, ExportedMeter.of(meters.apply(query.name()), query, rule.threshold()), window);
        Optional<String> text = expression.text();
        expression.notes().stream().filter(note -> !notes.contains(note)).forEach(notes::add);
        return text;
    }

    private String condition(AlertRule rule, String reading, List<String> notes) {
        String condition =
                reading + " " + operator(rule.comparison()) + " " + PromText.number(limits.applyAsDouble(rule));
        if (rule.onMissing() == OnMissing.KEEP) {
            notes.add("on_missing: keep has no counterpart: missing data ends the alert there");
        } else if (rule.onMissing() == OnMissing.FIRE && rule.by().isEmpty()) {
            return condition + " or absent(" + reading + ")";
        } else if (rule.onMissing() == OnMissing.FIRE) {
            notes.add("on_missing: fire has no counterpart for label sets: missing data ends the alert there");
        }
        return condition;
    }

    private static String operator(Comparison comparison) {
        return switch (comparison) {
            case GT -> ">";
            case GE -> ">=";
            case LT -> "<";
            case LE -> "<=";
            case EQ -> "==";
        };
    }

    private static void differences(AlertRule rule, List<String> notes) {
        rule.clearThreshold()
                .ifPresent(clear -> notes.add("clear_threshold: " + clear
                        + " has no counterpart: the alert is clear at the threshold there"));
        rule.action()
                .ifPresent(action -> notes.add(
                        "action: " + action.name().toLowerCase(Locale.ROOT).replace('_', '-')
                                + " is carried out by Hyperion alone"));
        if (!rule.notifiers().isEmpty()) {
            notes.add("notify: " + String.join(", ", rule.notifiers()) + " is a route of the Alertmanager there");
        }
    }

    private Duration pending(AlertRule rule) {
        Duration hits = interval.multipliedBy(rule.hits() - 1L);
        return hits.compareTo(rule.lasting()) >= 0 ? hits : rule.lasting();
    }

    private static Map<String, String> labels(AlertRule rule) {
        Map<String, String> labels = new TreeMap<>();
        labels.put("severity", rule.severity().name().toLowerCase(Locale.ROOT));
        rule.labels().forEach((key, value) -> labels.put(ExpositionNames.label(key), value));
        labels.remove("alertname"); // the rule's name, whatever a label says
        return labels;
    }

    private static Map<String, String> annotations(AlertRule rule) {
        Map<String, String> annotations = new LinkedHashMap<>();
        annotations.put("summary", rule.metric() + " " + rule.comparison().word() + " " + rule.threshold());
        if (!rule.description().isBlank()) {
            annotations.put("description", rule.description());
        }
        rule.contact().ifPresent(contact -> annotations.put("contact", contact));
        new TreeMap<>(rule.annotations()).forEach((key, value) -> annotations.put(ExpositionNames.label(key), value));
        return annotations;
    }

    private static void comment(StringBuilder yaml, AlertRule rule, List<String> notes) {
        for (String note : notes) {
            yaml.append("      # ")
                    .append(PromText.line(rule.name() + ": " + note))
                    .append('\n');
        }
    }

    private static void time(StringBuilder yaml, String key, Duration time) {
        if (!time.isZero()) {
            yaml.append("        ")
                    .append(key)
                    .append(": ")
                    .append(PromText.time(time))
                    .append('\n');
        }
    }

    private static void texts(StringBuilder yaml, String key, Map<String, String> texts) {
        yaml.append("        ").append(key).append(":\n");
        texts.forEach((name, text) -> yaml.append("          ")
                .append(name)
                .append(": ")
                .append(PromText.quoted(PromText.literal(text)))
                .append('\n'));
    }
}
