// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.health;

import dev.hyperion.HyperionException;
import dev.hyperion.monitoring.HealthCheck;
import dev.hyperion.monitoring.HealthCheckOptions;
import dev.hyperion.monitoring.HealthFinding;
import dev.hyperion.monitoring.HealthStatus;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.HealthCheckProvider;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.spi.PluginContext;
import java.util.Locale;

/** A check as a stranger's jar brings it: it finds what its section says. */
public final class WellCheckProvider implements HealthCheckProvider {
    @Override
    public String name() {
        return "well";
    }

    @Override
    public ConfigSchema schema() {
        return ConfigSchema.of(ConfigKey.of("finds", ConfigKey.Type.TEXT, "What it finds.")
                .oneOf("up", "degraded", "down", "throw")
                .orElse("up"));
    }

    @Override
    public HealthCheck create(PluginConfig config, PluginContext context) {
        String finds = config.text("finds");
        return deadline -> {
            if (finds.equals("throw")) {
                throw new HyperionException("the well is dry");
            }
            return new HealthFinding(HealthStatus.valueOf(finds.toUpperCase(Locale.ROOT)), "as it was told");
        };
    }

    @Override
    public HealthCheckOptions options() {
        return HealthCheckOptions.usual();
    }
}
