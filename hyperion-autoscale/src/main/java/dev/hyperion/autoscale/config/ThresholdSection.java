// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.config;

import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;

/** The keys of a threshold policy: those of the playbook. */
final class ThresholdSection {
    static final String KIND = "threshold";

    static final ConfigSchema KEYS = ConfigSchema.of(
            ConfigKey.of("metric", ConfigKey.Type.TEXT, "The metric that is watched.")
                    .orElse("cpu.utilization"),
            ConfigKey.of("scale_up_threshold", ConfigKey.Type.NUMBER, "Above this a step is added.")
                    .orElse("75.0"),
            ConfigKey.of("scale_down_threshold", ConfigKey.Type.NUMBER, "Below this a step is removed.")
                    .orElse("25.0"),
            ConfigKey.of("scale_step", ConfigKey.Type.INTEGER, "Replicas per action.")
                    .range(1, 1_000)
                    .orElse("1"),
            ConfigKey.of("scale_up_cooldown", ConfigKey.Type.DURATION, "No step up for so long after one was applied.")
                    .also("scale_up_cooldown_seconds")
                    .orElse("120s"),
            ConfigKey.of(
                            "scale_down_cooldown",
                            ConfigKey.Type.DURATION,
                            "No step down for so long after any was applied.")
                    .also("scale_down_cooldown_seconds")
                    .orElse("300s"));

    private ThresholdSection() {}

    /** Empty if something is wrong. */
    static Optional<ScalingPolicy> read(PolicySection section) {
        PluginConfig config = section.config();
        section.refuseKeysOf(TargetSection.KEYS, TargetSection.KIND);
        section.checkMetric(config, "metric");
        double up = config.number("scale_up_threshold");
        double down = config.number("scale_down_threshold");
        if (down >= up) {
            section.contradiction("scale_down_threshold", down, "less than", "scale_up_threshold", up, "more than");
        }
        if (config.integer("min_replicas") < 1) {
            section.wrong(
                    "min_replicas", "is 0; expected 1 or more, or policy: target, which can wake what has no replica");
        }
        section.checkBounds();
        Optional<LocalDate> reviewedOn = section.reviewedOn();
        if (section.isWrong()) {
            return Optional.empty();
        }
        ThresholdPolicy policy = new ThresholdPolicy(
                config.text("metric"),
                config.number("scale_up_threshold"),
                config.number("scale_down_threshold"),
                (int) config.integer("scale_step"),
                section.minReplicas(),
                section.maxReplicas(),
                config.duration("scale_up_cooldown"),
                config.duration("scale_down_cooldown"),
                section.interval(),
                section.maxAge(),
                reviewedOn,
                section.approvedBy());
        tell(section, policy);
        return Optional.of(policy);
    }

    /** In the order and the spelling of the playbook's snapshot. */
    private static void tell(PolicySection section, ThresholdPolicy policy) {
        section.tellPolicy();
        section.tell("metric", policy.metric());
        section.tell("scale_up_threshold", policy.scaleUpThreshold());
        section.tell("scale_down_threshold", policy.scaleDownThreshold());
        section.tell("scale_step", policy.scaleStep());
        section.tellBounds();
        cooldown(section, "scale_up_cooldown", policy.scaleUpCooldown());
        cooldown(section, "scale_down_cooldown", policy.scaleDownCooldown());
        section.tellRest();
    }

    private static void cooldown(PolicySection section, String key, Duration cooldown) {
        section.tell(Optional.of(section.config()), "", cooldown, key + "_seconds", key);
    }
}
