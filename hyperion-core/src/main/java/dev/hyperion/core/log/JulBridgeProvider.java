// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.log;

import dev.hyperion.HyperionException;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.LogBridge;
import dev.hyperion.spi.LogBridgeProvider;
import dev.hyperion.spi.LogSink;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.spi.PluginContext;

/**
 * Makes the bridge {@code jul}, to {@code java.util.logging}. That is a module of its own, which a trimmed Java runtime may lack;
 * nothing else in here needs it.
 */
public final class JulBridgeProvider implements LogBridgeProvider {
    /** For the service loader. */
    public JulBridgeProvider() {}

    @Override
    public String name() {
        return "jul";
    }

    @Override
    public ConfigSchema schema() {
        return ConfigSchema.of();
    }

    @Override
    public LogBridge create(PluginConfig config, PluginContext context, LogSink sink) {
        if (ModuleLayer.boot().findModule("java.logging").isEmpty()) {
            throw new HyperionException(
                    "logs.capture names jul, but this Java runtime has no java.util.logging; add the module"
                            + " java.logging to the runtime, or take jul out");
        }
        return new JulBridge(sink);
    }
}
