// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.AlertNotifierProvider;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.spi.PluginContext;
import java.util.Map;

/** Makes the notifier {@code slack}. Thread-safety: thread-safe. */
public final class SlackAlertNotifierProvider implements AlertNotifierProvider {
    private static final ConfigSchema SCHEMA = ConfigSchema.of(
            ConfigKey.of("url", ConfigKey.Type.SECRET, "The incoming webhook's URL, which is a secret.")
                    .mandatory(),
            ConfigKey.of(
                    "channel", ConfigKey.Type.TEXT, "Another channel than the webhook's own, where that is allowed."));

    @Override
    public String name() {
        return "slack";
    }

    @Override
    public ConfigSchema schema() {
        return SCHEMA;
    }

    @Override
    public AlertNotifier create(PluginConfig config, PluginContext context) {
        HttpTarget target = HttpTarget.of(
                config, "url", config.findSecret("url").orElseThrow().reveal(), Map.of());
        return new SlackAlertNotifier(target, config.findText("channel"), new HttpSender(context.clock()));
    }
}
