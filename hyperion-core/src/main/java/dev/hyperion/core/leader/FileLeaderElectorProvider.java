// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.leader;

import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.LeaderElector;
import dev.hyperion.spi.LeaderElectorProvider;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.spi.PluginContext;
import dev.hyperion.spi.StateStore;

/** Makes the elector {@code file}, for processes on one machine. Thread-safety: thread-safe. */
public final class FileLeaderElectorProvider implements LeaderElectorProvider {
    @Override
    public String name() {
        return "file";
    }

    @Override
    public ConfigSchema schema() {
        return ConfigSchema.empty();
    }

    @Override
    public LeaderElector create(PluginConfig config, PluginContext context, StateStore store) {
        return new FileLeaderElector(context.dataFolder(), store, context.scheduler());
    }
}
