// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.monitoring.HealthCheck;
import dev.hyperion.monitoring.HealthCheckOptions;

/**
 * Finds and makes a {@link HealthCheck}. It is made if its section is there under {@code plugins}, be it empty, and appears in
 * reports under the provider's name.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface HealthCheckProvider extends PluginProvider {
    /**
     * Makes a health check.
     *
     * @param config its section of the configuration, checked against {@link #schema}
     * @param context what the house offers
     * @return a new instance; closed by the caller if it is {@link AutoCloseable}
     * @throws dev.hyperion.HyperionException if it cannot work with this configuration
     */
    HealthCheck create(PluginConfig config, PluginContext context);

    /**
     * What the check is asked for.
     *
     * @return critical and in the group ready, unless the provider says otherwise
     */
    default HealthCheckOptions options() {
        return HealthCheckOptions.usual();
    }
}
