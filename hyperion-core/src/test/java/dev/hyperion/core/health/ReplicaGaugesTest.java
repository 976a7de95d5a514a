// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.core.registry.HyperionMeterRegistry;
import io.micrometer.core.instrument.MockClock;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplicaGaugesTest {

    @Test
    void aGroupIsShownWhileItIsObservedAndNotLonger() {
        HyperionMeterRegistry registry = new HyperionMeterRegistry(new MockClock());
        ReplicaGauges gauges = new ReplicaGauges(registry);
        ReplicaGauges.Group old = new ReplicaGauges.Group("checkout", "1.3.5", "ready");
        ReplicaGauges.Group fresh = new ReplicaGauges.Group("checkout", "1.4.0", "starting");

        gauges.show(Map.of(old, 4L, fresh, 1L));
        assertThat(registry.get("hyperion.health.replicas")
                        .tag("version", "1.3.5")
                        .gauge()
                        .value())
                .isEqualTo(4);

        gauges.show(Map.of(old, 3L));
        assertThat(registry.get("hyperion.health.replicas")
                        .tag("version", "1.3.5")
                        .gauge()
                        .value())
                .isEqualTo(3);
        assertThat(registry.named("hyperion.health.replicas")).hasSize(1);
    }
}
