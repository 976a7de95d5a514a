// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.spi.AutoScalerEngine;
import dev.hyperion.spi.AutoScalerProvider;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.PluginConfig;

/** Makes the autoscalers of the section {@code autoscale}. Thread-safety: thread-safe. */
public final class ThresholdAutoScalerProvider implements AutoScalerProvider {
    @Override
    public String name() {
        return "threshold";
    }

    @Override
    public ConfigSchema schema() {
        return Policies.SCHEMA;
    }

    @Override
    public AutoScalerEngine create(PluginConfig config, EngineContext context) {
        return new AutoscaleLoop(Policies.read(config), context);
    }
}
