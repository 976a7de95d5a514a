// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

/** Finds and makes a {@link LogBridge}; its name stands under {@code logs.capture}. Thread-safety: thread-safe. */
public interface LogBridgeProvider extends PluginProvider {
    /**
     * Makes a bridge, which listens from then on.
     *
     * @param config its section of the configuration, checked against {@link #schema}
     * @param context what the house offers
     * @param sink where entries go
     * @return a new instance; the caller closes it
     * @throws dev.hyperion.HyperionException if the backend is not there, or not the one that logs
     */
    LogBridge create(PluginConfig config, PluginContext context, LogSink sink);
}
