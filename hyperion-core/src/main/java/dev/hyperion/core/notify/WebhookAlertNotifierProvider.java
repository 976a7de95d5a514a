// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import dev.hyperion.ConfigException;
import dev.hyperion.Secret;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.AlertNotifierProvider;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.spi.PluginContext;
import java.util.Optional;

/** Makes the notifier {@code webhook}. Thread-safety: thread-safe. */
public final class WebhookAlertNotifierProvider implements AlertNotifierProvider {
    private static final ConfigSchema SCHEMA = ConfigSchema.of(
            ConfigKey.of("url", ConfigKey.Type.SECRET, "Where events are posted.")
                    .mandatory(),
            ConfigKey.of("headers", ConfigKey.Type.TEXT_MAP, "Further headers, such as Authorization."),
            ConfigKey.of("signing_key", ConfigKey.Type.SECRET, "Signs each body in the header X-Hyperion-Signature."));

    @Override
    public String name() {
        return "webhook";
    }

    @Override
    public ConfigSchema schema() {
        return SCHEMA;
    }

    @Override
    public AlertNotifier create(PluginConfig config, PluginContext context) {
        HttpTarget target = HttpTarget.of(
                config, "url", config.findSecret("url").orElseThrow().reveal(), config.textMap("headers"));
        Optional<Secret> key = config.findSecret("signing_key");
        if (key.isPresent() && key.get().reveal().isBlank()) {
            throw new ConfigException(
                    config.problem("signing_key", "is empty; expected a secret that the receiver has"));
        }
        return new WebhookAlertNotifier(target, key, new HttpSender(context.clock()));
    }
}
