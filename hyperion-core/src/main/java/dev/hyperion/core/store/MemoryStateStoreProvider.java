// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.store;

import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.spi.PluginContext;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.StateStoreProvider;

/** Makes the store {@code memory}, which forgets everything when the process ends. Thread-safety: thread-safe. */
public final class MemoryStateStoreProvider implements StateStoreProvider {
    @Override
    public String name() {
        return "memory";
    }

    @Override
    public ConfigSchema schema() {
        return ConfigSchema.empty();
    }

    @Override
    public StateStore create(PluginConfig config, PluginContext context) {
        return new MemoryStateStore();
    }
}
