// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import dev.hyperion.ConfigException;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.AlertNotifierProvider;
import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.spi.PluginContext;
import java.util.List;

/** Makes the notifier {@code alertmanager}. Thread-safety: thread-safe. */
public final class AlertmanagerAlertNotifierProvider implements AlertNotifierProvider {
    private static final String PATH = "/api/v2/alerts";

    private static final ConfigSchema SCHEMA = ConfigSchema.of(
            ConfigKey.of("urls", ConfigKey.Type.TEXTS, "The Alertmanagers, such as http://127.0.0.1:9093; all get all.")
                    .also("url")
                    .mandatory(),
            ConfigKey.of("headers", ConfigKey.Type.TEXT_MAP, "Further headers, such as Authorization."),
            ConfigKey.of("resend", ConfigKey.Type.DURATION, "How often a firing alert is told again.")
                    .range(1, 3_600)
                    .orElse("1m"));

    @Override
    public String name() {
        return "alertmanager";
    }

    @Override
    public ConfigSchema schema() {
        return SCHEMA;
    }

    @Override
    public AlertNotifier create(PluginConfig config, PluginContext context) {
        List<HttpTarget> targets = config.texts("urls").stream()
                .map(url -> HttpTarget.of(config, "urls", url, config.textMap("headers"))
                        .below(PATH))
                .toList();
        if (targets.isEmpty()) {
            throw new ConfigException(config.problem("urls", "is empty; expected the URL of one Alertmanager or more"));
        }
        return new AlertmanagerAlertNotifier(
                targets, config.duration("resend"), context.clock(), new HttpSender(context.clock()));
    }
}
