// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

/** Finds and makes the deployment manager. Thread-safety: thread-safe. */
public interface DeploymentManagerProvider extends PluginProvider {
    /**
     * Makes the deployment manager.
     *
     * @param config the section {@code deploy} of the configuration, checked against {@link #schema}
     * @param context what the house offers
     * @return a new engine, not started; the caller closes it
     * @throws dev.hyperion.ConfigException if the section is wrong in itself
     */
    DeploymentEngine create(PluginConfig config, EngineContext context);
}
