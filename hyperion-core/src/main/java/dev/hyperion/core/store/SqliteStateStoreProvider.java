// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.store;

import dev.hyperion.spi.ConfigKey;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.spi.PluginContext;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.StateStoreProvider;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Makes the store {@code sqlite}: a file of its own, written ahead and flushed at every commit. The driver is not a
 * dependency of this module; programs that want the store bring it. Thread-safety: thread-safe.
 */
public final class SqliteStateStoreProvider implements StateStoreProvider {
    @Override
    public String name() {
        return "sqlite";
    }

    @Override
    public ConfigSchema schema() {
        return ConfigSchema.of(ConfigKey.of(
                "file", ConfigKey.Type.PATH, "The database file; state.db in the data folder if not set."));
    }

    @Override
    public StateStore create(PluginConfig config, PluginContext context) {
        Path file = config.findFile("file").orElse(context.dataFolder().resolve("state.db"));
        Properties properties = new Properties();
        properties.setProperty("journal_mode", "WAL");
        properties.setProperty("synchronous", "FULL");
        properties.setProperty("busy_timeout", "5000");
        properties.setProperty("transaction_mode", "IMMEDIATE");
        return JdbcStateStore.open("jdbc:sqlite:" + file.toAbsolutePath(), properties, "org.xerial:sqlite-jdbc");
    }
}
