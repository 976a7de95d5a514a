// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import java.time.Duration;

class HyperionMeterRegistryAccuracyTest extends RegistryAccuracyContract {
    @Override
    RegistryChecks.Subject subject() {
        MockClock clock = new MockClock();
        HyperionMeterRegistry registry = new HyperionMeterRegistry(clock);
        return new RegistryChecks.Subject() {
            @Override
            public MeterRegistry registry() {
                return registry;
            }

            @Override
            public void advance(Duration by) {
                clock.add(by);
            }
        };
    }
}
