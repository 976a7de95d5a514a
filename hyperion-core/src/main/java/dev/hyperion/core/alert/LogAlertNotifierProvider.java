// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.AlertNotifierProvider;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.spi.PluginContext;

/** Makes the notifier {@code log}, which needs no configuration. Thread-safety: thread-safe. */
public final class LogAlertNotifierProvider implements AlertNotifierProvider {
    @Override
    public String name() {
        return "log";
    }

    @Override
    public ConfigSchema schema() {
        return ConfigSchema.empty();
    }

    @Override
    public AlertNotifier create(PluginConfig config, PluginContext context) {
        return new LogAlertNotifier(context.logger());
    }
}
