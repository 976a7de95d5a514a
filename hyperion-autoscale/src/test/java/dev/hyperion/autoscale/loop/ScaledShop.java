// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.spi.AutoScalerEngine;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.StreamId;
import dev.hyperion.tck.SimulatedWorld;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A shop under a threshold policy of 2 to 8 replicas whose operator can be killed and started again. */
final class ScaledShop {
    static final ApplicationId SHOP = new ApplicationId("shop");
    static final Duration INTERVAL = Duration.ofSeconds(15);
    static final Map<String, Object> POLICY = Map.of("min_replicas", 2, "max_replicas", 8, "scale_step", 2);

    private final SimulatedWorld world = new SimulatedWorld();
    private final Map<String, ?> settings;
    private SimulatedWorld.Operator operator = world.operator();
    private final SimulatedFleet fleet = new SimulatedFleet(world.time(), operator);
    private AutoScalerEngine engine;

    ScaledShop(Map<String, ?> settings, int replicas) {
        this.settings = settings;
        fleet.deploy(SHOP, replicas);
        cpu(50);
        this.engine = start();
    }

    private AutoScalerEngine start() {
        PolicyAutoScalerProvider provider = new PolicyAutoScalerProvider();
        AutoScalerEngine started =
                provider.create(provider.schema().parse(ConfigNode.Mapping.of(settings), "autoscale"), operator);
        operator.deployments(fleet);
        operator.autoScaler(SHOP, started.of(SHOP).orElseThrow());
        started.start();
        return started;
    }

    void kill() {
        operator.kill();
    }

    void restart() {
        operator = world.operator();
        fleet.operator(operator);
        engine = start();
    }

    void loseLeadership() {
        operator.loseLeadership();
    }

    void cpu(double percent) {
        world.monitoring().answer(query -> world.monitoring().value(percent));
    }

    void pass(Duration time) {
        world.time().advance(time);
    }

    Instant now() {
        return world.time().now();
    }

    SimulatedWorld world() {
        return world;
    }

    SimulatedFleet fleet() {
        return fleet;
    }

    AutoScalerEngine engine() {
        return engine;
    }

    AutoScaler scaler() {
        return engine.of(SHOP).orElseThrow();
    }

    int replicas() {
        return fleet.desired(SHOP);
    }

    /** What is in the application's journal about overrides. */
    List<JournalEvent> overrides() {
        try (Stream<JournalEvent> events = world.store().read(new StreamId("autoscale/shop"), 1)) {
            return events.filter(event -> event.type().startsWith("override.")).toList();
        }
    }

    List<String> told() {
        return world.monitoring().logged().stream()
                .filter(entry -> entry.fields().containsKey("override"))
                .map(LogEntry::message)
                .toList();
    }
}
