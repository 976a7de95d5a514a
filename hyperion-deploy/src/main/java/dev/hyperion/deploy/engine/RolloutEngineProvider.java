// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.DeploymentEngine;
import dev.hyperion.spi.DeploymentManagerProvider;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.PluginConfig;

/** Makes the rollout engine. Thread-safety: thread-safe. */
public final class RolloutEngineProvider implements DeploymentManagerProvider {
    private static final ConfigSchema SCHEMA = ConfigSchema.of(
            ConfigKey.of("interval", ConfigKey.Type.DURATION, "How often each application is looked at.")
                    .atLeast(0.05)
                    .orElse("500ms"),
            ConfigKey.of("call_timeout", ConfigKey.Type.DURATION, "How long a call of backend or router may take.")
                    .atLeast(0.1)
                    .orElse("5s"),
            ConfigKey.of("artifact_timeout", ConfigKey.Type.DURATION, "How long fetching an artifact may take.")
                    .atLeast(0.1)
                    .orElse("2m"),
            ConfigKey.of("step_timeout", ConfigKey.Type.DURATION, "How long a step may wait for backend or router.")
                    .atLeast(0.1)
                    .orElse("60s"),
            ConfigKey.of("plan_expiry", ConfigKey.Type.DURATION, "How long a plan is good.")
                    .atLeast(1)
                    .orElse("24h"));

    @Override
    public String name() {
        return "rollouts";
    }

    @Override
    public ConfigSchema schema() {
        return SCHEMA;
    }

    @Override
    public DeploymentEngine create(PluginConfig config, EngineContext context) {
        EngineSettings settings = new EngineSettings(
                config.duration("interval"),
                config.duration("call_timeout"),
                config.duration("artifact_timeout"),
                config.duration("step_timeout"),
                config.duration("plan_expiry"));
        return new RolloutEngine(settings, context);
    }
}
