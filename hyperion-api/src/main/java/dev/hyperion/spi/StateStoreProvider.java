// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

/** Finds and makes a {@link StateStore}. Thread-safety: thread-safe. */
public interface StateStoreProvider extends PluginProvider {
    /**
     * Makes a state store.
     *
     * @param config its section of the configuration, checked against {@link #schema}
     * @param context what the house offers
     * @return a new instance; the caller closes it
     * @throws dev.hyperion.HyperionException if it cannot work with this configuration
     */
    StateStore create(PluginConfig config, PluginContext context);
}
