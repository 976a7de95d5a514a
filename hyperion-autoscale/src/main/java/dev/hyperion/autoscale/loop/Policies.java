// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.ApplicationId;
import dev.hyperion.ConfigException;
import dev.hyperion.ConfigProblem;
import dev.hyperion.HyperionException;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The policies of the configuration: one for every application, or one for each that is named.
 *
 * @param common what holds for applications that are not named; empty if only the named ones are scaled
 * @param named by application
 */
record Policies(Optional<ThresholdPolicy> common, Map<ApplicationId, ThresholdPolicy> named) {
    private static final int INTERVALS_UNTIL_STALE = 3;

    private static final ConfigSchema POLICY = ConfigSchema.of(
            ConfigKey.of("metric", ConfigKey.Type.TEXT, "The metric that is watched.")
                    .orElse("cpu.utilization"),
            ConfigKey.of("scale_up_threshold", ConfigKey.Type.NUMBER, "Above this a step is added.")
                    .orElse("75.0"),
            ConfigKey.of("scale_down_threshold", ConfigKey.Type.NUMBER, "Below this a step is removed.")
                    .orElse("25.0"),
            ConfigKey.of("scale_step", ConfigKey.Type.INTEGER, "Replicas per action.")
                    .range(1, 1_000)
                    .orElse("1"),
            ConfigKey.of("min_replicas", ConfigKey.Type.INTEGER, "The lower bound.")
                    .range(1, 100_000)
                    .orElse("1"),
            ConfigKey.of("max_replicas", ConfigKey.Type.INTEGER, "The upper bound.")
                    .range(1, 100_000)
                    .orElse("10"),
            ConfigKey.of("scale_up_cooldown", ConfigKey.Type.DURATION, "No step up for so long after one was applied.")
                    .also("scale_up_cooldown_seconds")
                    .orElse("120s"),
            ConfigKey.of(
                            "scale_down_cooldown",
                            ConfigKey.Type.DURATION,
                            "No step down for so long after any was applied.")
                    .also("scale_down_cooldown_seconds")
                    .orElse("300s"),
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

    static final ConfigSchema SCHEMA = POLICY.and(ConfigSchema.of(ConfigKey.of(
            "applications",
            ConfigKey.Type.NAMED_OBJECTS,
            POLICY,
            "A policy for each application, instead of one for all.")));

    Policies {
        named = Map.copyOf(named);
    }

    Optional<ThresholdPolicy> of(ApplicationId application) {
        return Optional.ofNullable(named.get(application)).or(() -> common);
    }

    static Policies read(PluginConfig config) {
        List<ConfigProblem> problems = new ArrayList<>();
        Map<ApplicationId, ThresholdPolicy> named = new LinkedHashMap<>();
        config.namedObjects("applications").forEach((name, section) -> {
            try {
                ApplicationId application = new ApplicationId(name);
                policy(section, problems).ifPresent(policy -> named.put(application, policy));
            } catch (IllegalArgumentException e) {
                problems.add(config.problem("applications", String.valueOf(e.getMessage())));
            }
        });
        boolean onlyNamed = config.isWritten("applications");
        if (onlyNamed) {
            POLICY.keys().stream()
                    .filter(key -> config.isWritten(key.name()))
                    .forEach(key -> problems.add(config.problem(
                            key.name(), "stands beside applications; move it under the application that it is for")));
        }
        Optional<ThresholdPolicy> common = onlyNamed ? Optional.empty() : policy(config, problems);
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Policies(common, named);
    }

    private static Optional<ThresholdPolicy> policy(PluginConfig config, List<ConfigProblem> problems) {
        int before = problems.size();
        try {
            MetricQuery.parse(config.text("metric"), Duration.ofSeconds(1));
        } catch (HyperionException e) {
            problems.add(config.problem("metric", String.valueOf(e.getMessage())));
        }
        if (config.number("scale_down_threshold") >= config.number("scale_up_threshold")) {
            problems.add(config.problem(
                    "scale_down_threshold",
                    "is " + config.number("scale_down_threshold") + "; expected less than scale_up_threshold "
                            + config.number("scale_up_threshold")));
        }
        if (config.integer("max_replicas") < config.integer("min_replicas")) {
            problems.add(config.problem(
                    "max_replicas",
                    "is " + config.integer("max_replicas") + "; expected at least min_replicas "
                            + config.integer("min_replicas")));
        }
        Optional<LocalDate> reviewedOn = config.findText("reviewed_on").flatMap(text -> date(config, text, problems));
        if (problems.size() > before) {
            return Optional.empty();
        }
        Duration interval = config.duration("interval");
        return Optional.of(new ThresholdPolicy(
                config.text("metric"),
                config.number("scale_up_threshold"),
                config.number("scale_down_threshold"),
                (int) config.integer("scale_step"),
                (int) config.integer("min_replicas"),
                (int) config.integer("max_replicas"),
                config.duration("scale_up_cooldown"),
                config.duration("scale_down_cooldown"),
                interval,
                config.findDuration("max_age").orElse(interval.multipliedBy(INTERVALS_UNTIL_STALE)),
                reviewedOn,
                config.findText("approved_by")));
    }

    private static Optional<LocalDate> date(PluginConfig config, String text, List<ConfigProblem> problems) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeParseException e) {
            problems.add(config.problem("reviewed_on", "is '" + text + "'; expected a date such as 2025-10-10"));
            return Optional.empty();
        }
    }
}
