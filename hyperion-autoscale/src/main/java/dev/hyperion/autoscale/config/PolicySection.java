// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.config;

import dev.hyperion.ConfigProblem;
import dev.hyperion.HyperionException;
import dev.hyperion.autoscale.PolicySetting;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One policy of the configuration while it is read: collects what is wrong with it, and where each value stands. Confined to
 * one call.
 */
final class PolicySection {
    /** What policies of every kind have. */
    static final ConfigSchema COMMON = ConfigSchema.of(
            ConfigKey.of("policy", ConfigKey.Type.TEXT, "Steps at thresholds, or metrics kept at their targets.")
                    .oneOf(ThresholdSection.KIND, TargetSection.KIND)
                    .orElse(ThresholdSection.KIND),
            ConfigKey.of("min_replicas", ConfigKey.Type.INTEGER, "The lower bound.")
                    .range(0, 100_000)
                    .orElse("1"),
            ConfigKey.of("max_replicas", ConfigKey.Type.INTEGER, "The upper bound.")
                    .range(1, 100_000)
                    .orElse("10"),
            ConfigKey.of("interval", ConfigKey.Type.DURATION, "How often a decision is made.")
                    .atLeast(0.1)
                    .orElse("15s"),
            ConfigKey.of(
                            "max_age",
                            ConfigKey.Type.DURATION,
                            "Older readings count as missing; three intervals if not set.")
                    .atLeast(0.1),
            ConfigKey.of("reviewed_on", ConfigKey.Type.TEXT, "When people last looked at it, such as 2025-10-10."),
            ConfigKey.of("approved_by", ConfigKey.Type.TEXT, "Who approved it."));

    private static final int INTERVALS_UNTIL_STALE = 3;

    private final PluginConfig config;
    private final List<ConfigProblem> problems;
    private final int before;
    private final List<PolicySetting> settings = new ArrayList<>();

    PolicySection(PluginConfig config, List<ConfigProblem> problems) {
        this.config = config;
        this.problems = problems;
        this.before = problems.size();
    }

    PluginConfig config() {
        return config;
    }

    /** Where the values stand that were told so far. */
    List<PolicySetting> settings() {
        return List.copyOf(settings);
    }

    boolean isWrong() {
        return problems.size() > before;
    }

    void wrong(PluginConfig section, String key, String message) {
        problems.add(section.problem(key, message));
    }

    void wrong(String key, String message) {
        wrong(config, key, message);
    }

    /** Keys of the other kind of policy would do nothing, so that they are written can only be a mistake. */
    void refuseKeysOf(ConfigSchema other, String otherKind) {
        for (ConfigKey key : other.keys()) {
            if (config.isWritten(key.name())) {
                wrong(
                        key.name(),
                        "belongs to policy: " + otherKind + ", and this policy is " + config.text("policy")
                                + "; remove it, or set policy: " + otherKind);
            }
        }
    }

    /** Bounds that every kind has. */
    void checkBounds() {
        long min = config.integer("min_replicas");
        long max = config.integer("max_replicas");
        if (max < min) {
            contradiction("max_replicas", max, "at least", "min_replicas", min, "at most");
        }
    }

    /** Told at the value that somebody wrote; at the first if it is both. */
    void contradiction(
            String key, Object value, String expected, String otherKey, Object otherValue, String otherExpected) {
        if (config.isWritten(key) || !config.isWritten(otherKey)) {
            wrong(key, "is " + value + "; expected " + expected + " " + otherKey + " " + otherValue);
        } else {
            wrong(otherKey, "is " + otherValue + "; expected " + otherExpected + " " + key + " " + value);
        }
    }

    /** Whether a text is the address of a metric at all; whether anybody records it shows when it is read. */
    void checkMetric(PluginConfig section, String key) {
        try {
            MetricQuery.parse(section.text(key), Duration.ofSeconds(1));
        } catch (HyperionException e) {
            wrong(section, key, String.valueOf(e.getMessage()));
        }
    }

    int minReplicas() {
        return (int) config.integer("min_replicas");
    }

    int maxReplicas() {
        return (int) config.integer("max_replicas");
    }

    Duration interval() {
        return config.duration("interval");
    }

    Duration maxAge() {
        return config.findDuration("max_age").orElse(interval().multipliedBy(INTERVALS_UNTIL_STALE));
    }

    Optional<LocalDate> reviewedOn() {
        Optional<String> text = config.findText("reviewed_on");
        try {
            return text.map(LocalDate::parse);
        } catch (DateTimeParseException e) {
            wrong("reviewed_on", "is '" + text.orElse("") + "'; expected a date such as 2025-10-10");
            return Optional.empty();
        }
    }

    Optional<String> approvedBy() {
        return config.findText("approved_by");
    }

    void tellPolicy() {
        tell("policy", config.text("policy"));
    }

    void tellBounds() {
        tell("min_replicas", minReplicas());
        tell("max_replicas", maxReplicas());
    }

    void tellRest() {
        tell("interval", interval());
        tell("max_age", maxAge());
        config.findText("reviewed_on").ifPresent(date -> tell("reviewed_on", date));
        approvedBy().ifPresent(name -> tell("approved_by", name));
    }

    void tell(String key, Object value) {
        tell(Optional.of(config), "", value, key);
    }

    /**
     * Notes a value.
     *
     * @param section the section that its key would stand in; empty if nobody wrote the section
     * @param prefix the section's own key and a dot
     * @param value the value that holds
     * @param key its name, as it is told
     * @param otherSpellings under which it may be written as well
     */
    void tell(Optional<PluginConfig> section, String prefix, Object value, String key, String... otherSpellings) {
        String text = value instanceof Duration duration ? told(key, duration) : value.toString();
        List<String> spellings = new ArrayList<>(List.of(otherSpellings));
        spellings.add(key);
        for (String spelling : spellings) {
            Optional<ConfigNode> written =
                    section.map(each -> each.source().entries().get(spelling)).map(ConfigNode.Entry::value);
            if (written.isPresent()) {
                settings.add(new PolicySetting(prefix + key, text, origin(written.get()), place(written.get())));
                return;
            }
        }
        settings.add(new PolicySetting(prefix + key, text, PolicySetting.Origin.DEFAULT, "default"));
    }

    private static PolicySetting.Origin origin(ConfigNode node) {
        if (node.position().equals(ConfigNode.Position.IN_MEMORY)) {
            return PolicySetting.Origin.CODE;
        }
        return reference(node).filter(text -> !text.startsWith("${file:")).isPresent()
                ? PolicySetting.Origin.ENVIRONMENT
                : PolicySetting.Origin.FILE;
    }

    private static String place(ConfigNode node) {
        return node.position() + reference(node).map(text -> " " + text).orElse("");
    }

    private static Optional<String> reference(ConfigNode node) {
        return node instanceof ConfigNode.Scalar scalar ? scalar.reference() : Optional.empty();
    }

    /** As it would be written: a plain number where the key says that it is seconds. */
    private static String told(String key, Duration duration) {
        String seconds = duration.toNanosPart() == 0
                ? Long.toString(duration.toSeconds())
                : Double.toString(duration.toNanos() / 1e9);
        return key.endsWith("_seconds") ? seconds : seconds + "s";
    }
}
