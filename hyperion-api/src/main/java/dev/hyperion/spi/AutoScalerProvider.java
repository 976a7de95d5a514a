// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

/** Finds and makes the autoscalers. Thread-safety: thread-safe. */
public interface AutoScalerProvider extends PluginProvider {
    /**
     * Makes the autoscalers.
     *
     * @param config the section {@code autoscale} of the configuration, checked against {@link #schema}
     * @param context what the house offers
     * @return a new engine, not started; the caller closes it
     * @throws dev.hyperion.ConfigException if the section is wrong in itself
     */
    AutoScalerEngine create(PluginConfig config, EngineContext context);

    /**
     * Reads policies only to look at them and to try them; starts nothing.
     *
     * @param config the section {@code autoscale} of the configuration, checked against {@link #schema}
     * @return its policies
     * @throws dev.hyperion.ConfigException if the section is wrong in itself
     */
    ScalingPolicies policies(PluginConfig config);
}
