// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.logback;

import ch.qos.logback.classic.LoggerContext;
import dev.hyperion.HyperionException;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.LogBridge;
import dev.hyperion.spi.LogBridgeProvider;
import dev.hyperion.spi.LogSink;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.spi.PluginContext;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/** Makes the bridge {@code logback}, to the Logback that SLF4J is bound to. Thread-safety: thread-safe. */
public final class LogbackBridgeProvider implements LogBridgeProvider {
    /** For the service loader. */
    public LogbackBridgeProvider() {}

    @Override
    public String name() {
        return "logback";
    }

    @Override
    public ConfigSchema schema() {
        return ConfigSchema.of();
    }

    @Override
    public LogBridge create(PluginConfig config, PluginContext context, LogSink sink) {
        ILoggerFactory bound = LoggerFactory.getILoggerFactory();
        if (!(bound instanceof LoggerContext logback)) {
            throw new HyperionException("logs.capture names logback, but SLF4J is bound to "
                    + bound.getClass().getName()
                    + "; leave ch.qos.logback:logback-classic alone on the class path, or take"
                    + " logback out");
        }
        return new LogbackBridge(logback, sink);
    }
}
