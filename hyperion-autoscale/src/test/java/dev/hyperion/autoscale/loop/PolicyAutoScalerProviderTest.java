// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.ApplicationId;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.spi.AutoScalerEngine;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.tck.SimulatedWorld;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyAutoScalerProviderTest {
    private final SimulatedWorld world = new SimulatedWorld();

    private AutoScalerEngine engine(Map<String, ?> section) {
        PolicyAutoScalerProvider provider = new PolicyAutoScalerProvider();
        return provider.create(provider.schema().parse(ConfigNode.Mapping.of(section), "autoscale"), world.operator());
    }

    @Test
    void aPolicyThatFlapsIsAWarningAtTheStartAndObeyed() {
        AutoScalerEngine engine = engine(Map.of("applications", Map.of("shop", Map.of("scale_step", 3))));

        assertThat(world.monitoring().logged()).singleElement().satisfies(entry -> {
            assertThat(entry.level()).isEqualTo(LogLevel.WARN);
            assertThat(entry.message())
                    .startsWith("<memory>: autoscale.applications.shop.scale_step 3 flaps at constant load");
        });
        assertThat(engine.of(new ApplicationId("shop"))).isPresent();
    }

    @Test
    void aMetricThatMayBeMisspeltIsToldAtTheStart() {
        engine(Map.of("metric", "cpu.utilisation"));

        assertThat(world.monitoring().logged()).singleElement().satisfies(entry -> {
            assertThat(entry.level()).isEqualTo(LogLevel.INFO);
            assertThat(entry.message())
                    .startsWith("<memory>: autoscale.metric cpu.utilisation is none that Hyperion records itself")
                    .endsWith("did you mean cpu.utilization?");
        });
    }

    @Test
    void whatIsOnlyUnusualIsNotLogged() {
        engine(Map.of("max_age", "1s"));

        assertThat(world.monitoring().logged()).isEmpty();
    }
}
