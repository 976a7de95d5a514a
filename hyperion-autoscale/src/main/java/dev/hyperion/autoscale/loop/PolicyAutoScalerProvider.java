// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.autoscale.EffectivePolicy;
import dev.hyperion.autoscale.PolicyFinding;
import dev.hyperion.autoscale.config.Policies;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.spi.AutoScalerEngine;
import dev.hyperion.spi.AutoScalerProvider;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.spi.ScalingPolicies;
import java.util.Map;

/** Makes the autoscalers of the section {@code autoscale}. Thread-safety: thread-safe. */
public final class PolicyAutoScalerProvider implements AutoScalerProvider {
    @Override
    public String name() {
        return "threshold";
    }

    @Override
    public ConfigSchema schema() {
        return Policies.SCHEMA;
    }

    @Override
    public AutoScalerEngine create(PluginConfig config, EngineContext context) {
        Policies policies = Policies.read(config);
        policies.all()
                .forEach(policy -> policy.findings().stream()
                        .filter(finding -> finding.level() != PolicyFinding.Level.WARNING)
                        .forEach(finding -> context.monitoring().log(told(policy, finding, context))));
        return new AutoscaleLoop(policies, context);
    }

    @Override
    public ScalingPolicies policies(PluginConfig config) {
        return Policies.read(config);
    }

    /**
     * A policy that flaps is obeyed all the same: who ratified it is told, and not overruled. What is only a note would explain
     * why nothing is ever scaled.
     */
    private static LogEntry told(EffectivePolicy policy, PolicyFinding finding, EngineContext context) {
        return new LogEntry(
                context.clock().now(),
                finding.level() == PolicyFinding.Level.ERROR ? LogLevel.WARN : LogLevel.INFO,
                "dev.hyperion.autoscale",
                policy.place(finding.key()) + ": autoscale."
                        + policy.application()
                                .map(name -> "applications." + name + ".")
                                .orElse("") + finding.key()
                        + " " + finding.message(),
                policy.application()
                        .map(name -> Map.of("application", name.value()))
                        .orElse(Map.of()));
    }
}
