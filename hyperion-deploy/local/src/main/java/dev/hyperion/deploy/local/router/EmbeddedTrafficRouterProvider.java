// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.router;

import dev.hyperion.PluginException;
import dev.hyperion.deploy.local.os.DetachedProcess;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.spi.PluginContext;
import dev.hyperion.spi.TrafficRouter;
import dev.hyperion.spi.TrafficRouterProvider;

/**
 * Makes the {@code embedded} traffic router.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class EmbeddedTrafficRouterProvider implements TrafficRouterProvider {
    /** Made by the service loader. */
    public EmbeddedTrafficRouterProvider() {}

    @Override
    public String name() {
        return "embedded";
    }

    @Override
    public ConfigSchema schema() {
        return RouterSettings.SCHEMA;
    }

    /**
     * Makes a router that adopts, at once, every router process which an earlier operator left in the state folder.
     *
     * @param config the section
     * @param context what the house offers
     * @return the router
     * @throws PluginException not retryable, where such processes cannot be had
     */
    @Override
    public TrafficRouter create(PluginConfig config, PluginContext context) {
        String why = DetachedProcess.whyNotHere();
        if (!why.isEmpty()) {
            throw new PluginException("traffic router 'embedded' cannot run here: " + why, false);
        }
        return new EmbeddedTrafficRouter(RouterSettings.from(config, context.dataFolder()), context);
    }
}
