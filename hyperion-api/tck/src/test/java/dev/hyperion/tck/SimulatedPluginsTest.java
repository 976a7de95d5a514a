// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import dev.hyperion.deploy.ArtifactRef;
import dev.hyperion.spi.DeployBackend;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.TrafficRouter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Nested;

/** The simulated world keeps to the contracts that real plugins keep to. */
class SimulatedPluginsTest {
    @Nested
    class Store extends StateStoreContract {
        @Override
        protected StateStore store() {
            return new SimulatedStore();
        }
    }

    @Nested
    class Router extends TrafficRouterContract {
        @Override
        protected TrafficRouter router() {
            return new SimulatedRouter();
        }
    }

    @Nested
    class Backend extends DeployBackendContract {
        private final VirtualTime time = new VirtualTime();

        @Override
        protected DeployBackend backend() {
            return new SimulatedBackend(time);
        }

        @Override
        protected ArtifactRef artifact() {
            return new ArtifactRef("/artifacts/shop.tar.gz", Optional.empty());
        }

        @Override
        protected void await(String what, BooleanSupplier condition) {
            for (int i = 0; i < 60 && !condition.getAsBoolean(); i++) {
                time.advance(Duration.ofSeconds(1));
            }
            if (!condition.getAsBoolean()) {
                throw new AssertionError("waited in vain for " + what);
            }
        }
    }
}
