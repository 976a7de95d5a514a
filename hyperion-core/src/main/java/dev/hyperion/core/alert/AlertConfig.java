// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.ConfigException;
import dev.hyperion.ConfigProblem;
import dev.hyperion.HyperionException;
import dev.hyperion.monitoring.AlertAction;
import dev.hyperion.monitoring.AlertOrigin;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.Contact;
import dev.hyperion.monitoring.OnMissing;
import dev.hyperion.monitoring.Severity;
import dev.hyperion.monitoring.Silence;
import dev.hyperion.monitoring.Threshold;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The alert parts of a configuration: {@code alerts}, {@code contacts} and {@code alerting}. A rule that comes over HTTP has
 * the same keys. Thread-safety: thread-safe.
 */
public final class AlertConfig {
    private static final ConfigSchema RULE = ConfigSchema.of(
            ConfigKey.of("name", ConfigKey.Type.TEXT, "Its name; the metric's if not set."),
            ConfigKey.of("metric", ConfigKey.Type.TEXT, "What is watched: an address, or two with ' / ' between.")
                    .mandatory(),
            ConfigKey.of("comparison", ConfigKey.Type.TEXT, "How it is compared.")
                    .oneOf("gt", "ge", "lt", "le", "eq")
                    .orElse("gt"),
            ConfigKey.of("threshold", ConfigKey.Type.TEXT, "The limit, such as 250 ms.")
                    .mandatory(),
            ConfigKey.of("clear_threshold", ConfigKey.Type.TEXT, "The limit for a firing alert to be clear."),
            ConfigKey.of("hits", ConfigKey.Type.INTEGER, "Evaluations in a row.")
                    .range(1, 1_000_000)
                    .orElse("1"),
            ConfigKey.of("for", ConfigKey.Type.DURATION, "How long the hits must last.")
                    .orElse("0s"),
            ConfigKey.of("keep_firing_for", ConfigKey.Type.DURATION, "How long it fires on after the condition ended.")
                    .orElse("0s"),
            ConfigKey.of("window", ConfigKey.Type.DURATION, "How far back each reading looks.")
                    .atLeast(0.1),
            ConfigKey.of("by", ConfigKey.Type.TEXTS, "One state for each combination of these labels."),
            ConfigKey.of("on_missing", ConfigKey.Type.TEXT, "What missing data does.")
                    .oneOf("keep", "fire", "resolve")
                    .orElse("keep"),
            ConfigKey.of("severity", ConfigKey.Type.TEXT, "How urgent it is.")
                    .oneOf("info", "warning", "critical")
                    .orElse("warning"),
            ConfigKey.of("labels", ConfigKey.Type.TEXT_MAP, "Further labels of its events."),
            ConfigKey.of("annotations", ConfigKey.Type.TEXT_MAP, "Further texts for people."),
            ConfigKey.of("runbook", ConfigKey.Type.TEXT, "The page that says what to do."),
            ConfigKey.of("notify", ConfigKey.Type.TEXTS, "Who is told; everybody if not set."),
            ConfigKey.of("contact", ConfigKey.Type.TEXT, "Whom to call: one of the contacts."),
            ConfigKey.of("action", ConfigKey.Type.TEXT, "What is done beside telling people.")
                    .oneOf("block-ip"),
            ConfigKey.of("block_for", ConfigKey.Type.DURATION, "How long block-ip blocks.")
                    .atLeast(1)
                    .orElse("15m"),
            ConfigKey.of("description", ConfigKey.Type.TEXT, "For people.").orElse(""));

    private static final ConfigSchema CONTACT = ConfigSchema.of(
            ConfigKey.of("primary", ConfigKey.Type.TEXT, "Whom to call first.").mandatory(),
            ConfigKey.of("secondary", ConfigKey.Type.TEXT, "Whom to call if nobody answers."));

    private static final ConfigSchema ALERTING = ConfigSchema.of(
            ConfigKey.of("query_deadline", ConfigKey.Type.DURATION, "How long one question may hold up the others.")
                    .range(0.1, 60)
                    .orElse("2s"),
            ConfigKey.of("notifier_deadline", ConfigKey.Type.DURATION, "How long one delivery may take.")
                    .range(0.1, 300)
                    .orElse("10s"),
            ConfigKey.of(
                    "group_by",
                    ConfigKey.Type.TEXTS,
                    "Labels whose values make a group, also rule and severity; one group per rule if not set."),
            ConfigKey.of("group_wait", ConfigKey.Type.DURATION, "How long a group waits for more of its kind.")
                    .orElse("0s"),
            ConfigKey.of("repeat_every", ConfigKey.Type.DURATION, "How often a firing alert is told again.")
                    .atLeast(10),
            ConfigKey.of("block_loopback", ConfigKey.Type.BOOLEAN, "Whether block-ip may block this very machine.")
                    .orElse("false"));

    private static final ConfigSchema SILENCE = ConfigSchema.of(
            ConfigKey.of("rule", ConfigKey.Type.TEXT, "The rule's name, or * for every rule.")
                    .mandatory(),
            ConfigKey.of("labels", ConfigKey.Type.TEXT_MAP, "Labels that an alert must carry."),
            ConfigKey.of("who", ConfigKey.Type.TEXT, "Who wants it.").orElse("api"),
            ConfigKey.of("why", ConfigKey.Type.TEXT, "For people.").orElse(""),
            ConfigKey.of("for", ConfigKey.Type.DURATION, "How long from now.").atLeast(1),
            ConfigKey.of("until", ConfigKey.Type.TEXT, "Until when, such as 2026-12-01T08:00:00Z."));

    /** The keys at the top of a configuration. */
    public static final ConfigSchema SCHEMA = ConfigSchema.of(
            ConfigKey.of("alerts", ConfigKey.Type.OBJECTS, RULE, "Alert rules."),
            ConfigKey.of("alerting", ConfigKey.Type.OBJECT, ALERTING, "How alerts are evaluated and told."),
            ConfigKey.of("contacts", ConfigKey.Type.NAMED_OBJECTS, CONTACT, "Whom rules say to call."));

    private AlertConfig() {}

    /**
     * How alerting works.
     *
     * @param file a configuration with the keys of {@link #SCHEMA}
     * @param interval how often rules are evaluated
     * @return the settings
     */
    public static AlertSettings settings(PluginConfig file, Duration interval) {
        PluginConfig section =
                file.object("alerting").orElseGet(() -> ALERTING.parse(ConfigNode.Mapping.empty(), "alerting"));
        Map<String, Contact> contacts = new LinkedHashMap<>();
        file.namedObjects("contacts")
                .forEach((name, each) ->
                        contacts.put(name, new Contact(name, each.text("primary"), each.findText("secondary"))));
        return new AlertSettings(
                interval,
                section.duration("query_deadline"),
                section.duration("notifier_deadline"),
                section.texts("group_by"),
                section.duration("group_wait"),
                section.findDuration("repeat_every"),
                section.bool("block_loopback"),
                contacts);
    }

    /**
     * The rules of a configuration.
     *
     * @param file a configuration with the keys of {@link #SCHEMA}
     * @param notifiers the names there are
     * @return in the order of the file
     * @throws ConfigException with everything that is wrong, also names that occur twice and notifiers and contacts that are
     *     not there
     */
    public static List<AlertRule> rules(PluginConfig file, Set<String> notifiers) {
        List<ConfigProblem> problems = new ArrayList<>();
        List<AlertRule> rules = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<String> contacts = file.namedObjects("contacts").keySet();
        for (PluginConfig section : file.objects("alerts")) {
            requireKnown(section, "notify", section.texts("notify"), notifiers, problems);
            requireKnown(
                    section, "contact", section.findText("contact").stream().toList(), contacts, problems);
            String name = section.findText("name").orElse(section.text("metric"));
            if (!names.add(name)) {
                problems.add(section.problem(
                        section.isWritten("name") ? "name" : "metric",
                        "is the second rule named '" + name + "'; give each a name of its own"));
            }
            read(section, AlertOrigin.CONFIG, problems).ifPresent(rules::add);
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return rules;
    }

    private static void requireKnown(
            PluginConfig section, String key, List<String> named, Set<String> known, List<ConfigProblem> problems) {
        for (String name : named) {
            if (!known.contains(name)) {
                problems.add(section.problem(
                        key,
                        "names '" + name + "'; there "
                                + (known.isEmpty() ? "is none" : "are " + String.join(", ", known))));
            }
        }
    }

    /**
     * A rule that did not come from a file.
     *
     * @param fields the keys of a rule, with texts, numbers, lists and maps
     * @param otherwise its name if the fields have none
     * @param origin who brought it
     * @return the rule
     * @throws HyperionException with everything that is wrong, by key
     */
    public static AlertRule rule(Map<String, Object> fields, String otherwise, AlertOrigin origin) {
        Map<String, Object> named = new HashMap<>(fields);
        named.putIfAbsent("name", otherwise);
        List<ConfigProblem> problems = new ArrayList<>();
        Optional<AlertRule> rule = read(parse(RULE, named), origin, problems);
        return rule.orElseThrow(() -> refusal(problems));
    }

    /**
     * A silence that somebody asks for.
     *
     * @param fields {@code rule}, {@code labels}, {@code who}, {@code why} and one of {@code for} and {@code until}
     * @param now the time from which {@code for} counts
     * @return the silence, without an id
     * @throws HyperionException with everything that is wrong, by key
     */
    public static Silence silence(Map<String, Object> fields, Instant now) {
        PluginConfig section = parse(SILENCE, fields);
        Optional<Instant> length = section.findDuration("for").map(now::plus);
        Optional<Instant> until = section.findText("until").map(AlertConfig::instant);
        if (length.isPresent() == until.isPresent()) {
            throw new HyperionException("a silence has an end: give one of 'for', such as 2h, and 'until'");
        }
        return new Silence(
                "",
                section.text("rule"),
                section.textMap("labels"),
                section.text("who"),
                section.text("why"),
                until.or(() -> length).orElseThrow());
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new HyperionException("until is '" + text + "'; expected a time such as 2026-12-01T08:00:00Z", e);
        }
    }

    private static PluginConfig parse(ConfigSchema schema, Map<String, Object> fields) {
        try {
            return schema.parse(ConfigNode.Mapping.of(fields), "");
        } catch (ConfigException e) {
            throw refusal(e.problems());
        }
    }

    /** There is no file to point into. */
    private static HyperionException refusal(List<ConfigProblem> problems) {
        return new HyperionException(problems.stream()
                .map(problem -> problem.key() + " " + problem.message())
                .collect(Collectors.joining("; ")));
    }

    private static Optional<AlertRule> read(PluginConfig section, AlertOrigin origin, List<ConfigProblem> problems) {
        String key = "threshold";
        try {
            Threshold.parse(section.text(key));
            key = "clear_threshold";
            section.findText(key).ifPresent(Threshold::parse);
            key = "metric";
            return Optional.of(read(section, origin));
        } catch (HyperionException e) {
            problems.add(section.problem(key, String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    private static AlertRule read(PluginConfig section, AlertOrigin origin) {
        String metric = section.text("metric");
        Map<String, String> annotations = new HashMap<>(section.textMap("annotations"));
        section.findText("runbook").ifPresent(page -> annotations.put(AlertRule.RUNBOOK, page));
        AlertRule.Builder rule = AlertRule.when(
                        section.findText("name").orElse(metric),
                        metric,
                        Comparison.ofWord(section.text("comparison")).orElseThrow(),
                        section.text("threshold"))
                .hits((int) section.integer("hits"))
                .lasting(section.duration("for"))
                .keepFiringFor(section.duration("keep_firing_for"))
                .by(new LinkedHashSet<>(section.texts("by")))
                .onMissing(OnMissing.valueOf(section.text("on_missing").toUpperCase(Locale.ROOT)))
                .severity(Severity.valueOf(section.text("severity").toUpperCase(Locale.ROOT)))
                .labels(section.textMap("labels"))
                .annotations(annotations)
                .notifiers(section.texts("notify"))
                .blockFor(section.duration("block_for"))
                .description(section.text("description"))
                .origin(origin);
        section.findText("clear_threshold").ifPresent(rule::clearThreshold);
        section.findDuration("window").ifPresent(rule::window);
        section.findText("contact").ifPresent(rule::contact);
        section.findText("action").ifPresent(action -> rule.action(AlertAction.BLOCK_IP));
        return rule.build();
    }
}
