// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

/** What every provider has. A provider is cheap to make and does nothing until it is asked to create its plugin. */
public interface PluginProvider {
    /**
     * The name that configurations use.
     *
     * @return lower-case letters, digits and {@code -}, such as {@code embedded}
     */
    String name();

    /**
     * The keys of the plugin's section of the configuration.
     *
     * @return the schema; empty if there is nothing to configure
     */
    ConfigSchema schema();
}
