// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.tck.MeterRegistryCompatibilityKit;
import java.time.Duration;

/**
 * Micrometer's own kit; our accuracy tests say what it leaves open. It insists on Micrometer's weak gauges, so it runs with
 * those; that ours are strong by default is {@link HyperionMeterRegistryTest}'s.
 */
class HyperionMeterRegistryCompatibilityTest extends MeterRegistryCompatibilityKit {

    @Override
    public MeterRegistry registry() {
        return new HyperionMeterRegistry(
                new MockClock(), new RegistrySettings(10_000, HyperionMeterRegistry.GaugeHold.WEAK, null));
    }

    @Override
    public Duration step() {
        return Duration.ofSeconds(20);
    }
}
