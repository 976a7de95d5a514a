// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

/** Finds and makes a {@link LeaderElector}. Thread-safety: thread-safe. */
public interface LeaderElectorProvider extends PluginProvider {
    /**
     * Makes a leader elector.
     *
     * @param config its section of the configuration, checked against {@link #schema}
     * @param context what the house offers
     * @param store the store that hands out epochs
     * @return a new instance; the caller closes it
     * @throws dev.hyperion.HyperionException if it cannot work with this configuration
     */
    LeaderElector create(PluginConfig config, PluginContext context, StateStore store);
}
