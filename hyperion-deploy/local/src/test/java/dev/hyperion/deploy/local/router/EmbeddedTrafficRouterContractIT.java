// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.router;

import dev.hyperion.spi.TrafficRouter;
import dev.hyperion.tck.TrafficRouterContract;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedTrafficRouterContractIT extends TrafficRouterContract {
    @TempDir
    private Path folder;

    private TestHouse house;

    @Override
    protected TrafficRouter router() {
        house = new TestHouse(folder);
        return house.router(Map.of("keep_running", "false"));
    }

    @AfterEach
    void end() {
        house.close();
    }
}
