// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.router;

import dev.hyperion.ApplicationId;
import dev.hyperion.Version;
import dev.hyperion.deploy.Endpoint;
import dev.hyperion.spi.Mutation;
import dev.hyperion.spi.RouteTarget;
import dev.hyperion.spi.TrafficRouter;
import dev.hyperion.spi.Weighted;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An operator that routes shop 1.0 to a port and then waits to be killed. */
final class OperatorProgram {
    private OperatorProgram() {}

    public static void main(String[] arguments) throws InterruptedException {
        TestHouse house = new TestHouse(Path.of(arguments[0]));
        TrafficRouter router = house.router(Map.of());
        router.apply(
                new ApplicationId("shop"),
                Map.of(
                        new Version("1.0"),
                        new Weighted(
                                10_000,
                                new RouteTarget.Endpoints(
                                        List.of(new Endpoint("127.0.0.1", Integer.parseInt(arguments[1])))))),
                new Mutation("plan", "step", 3, Optional.empty()),
                house.within(30));
        System.out.println("routed");
        Thread.currentThread().join();
    }
}
