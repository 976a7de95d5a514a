// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import dev.hyperion.ApplicationId;
import dev.hyperion.Version;
import dev.hyperion.deploy.AnalysisRule;
import dev.hyperion.deploy.AnalysisSpec;
import dev.hyperion.deploy.ApplyOptions;
import dev.hyperion.deploy.ArtifactRef;
import dev.hyperion.deploy.CanarySpec;
import dev.hyperion.deploy.DeploymentManager;
import dev.hyperion.deploy.DeploymentSpec;
import dev.hyperion.deploy.HealthSpec;
import dev.hyperion.deploy.Rollout;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Statistic;
import dev.hyperion.monitoring.Threshold;
import dev.hyperion.spi.DeploymentEngine;
import dev.hyperion.tck.SimulatedWorld;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A simulated world with an operator in it, who can be killed and replaced. */
final class Operations {
    static final ApplicationId SHOP = new ApplicationId("shop");
    static final Version V1 = new Version("1.3.5");
    static final Version V2 = new Version("1.4.0");

    final SimulatedWorld world = new SimulatedWorld();
    SimulatedWorld.Operator operator = world.operator();
    private DeploymentEngine engine = engine();
    private double latencySeconds = 0.1;

    Operations() {
        world.monitoring().answer(query -> {
            if (query.name().equals("latency") && query.stat().equals(Optional.of(Statistic.COUNT))) {
                return world.monitoring().value(query.window().toMillis() / 10.0);
            }
            return query.name().equals("latency")
                    ? world.monitoring().value(latencySeconds)
                    : new MetricResult.NoData("nobody records " + query.name());
        });
    }

    private DeploymentEngine engine() {
        DeploymentEngine made = new RolloutEngine(
                new EngineSettings(
                        Duration.ofMillis(500),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        Duration.ofHours(24)),
                operator);
        operator.deployments(made.manager());
        made.start();
        return made;
    }

    DeploymentManager manager() {
        return engine.manager();
    }

    void latency(double seconds) {
        latencySeconds = seconds;
    }

    /** Kills the operator and starts another one on the same disk. */
    void restart() {
        operator.kill();
        operator = world.operator();
        engine = engine();
    }

    void pass(int seconds) {
        world.time().advance(Duration.ofSeconds(seconds));
    }

    static CanarySpec tenPercent() {
        return new CanarySpec(
                List.of(10.0),
                Duration.ofMinutes(30),
                new AnalysisSpec(
                        List.of(new AnalysisRule("latency.p95", Comparison.GT, Threshold.parse("250 ms"), 3)),
                        List.of(),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(60),
                        50,
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(10)));
    }

    static DeploymentSpec.Builder spec(Version version) {
        return DeploymentSpec.of(
                        SHOP, version, new ArtifactRef("/artifacts/shop-" + version + ".tar.gz", Optional.empty()))
                .maxParallel(2)
                .health(new HealthSpec(
                        "/api/health",
                        Duration.ZERO,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10)));
    }

    Rollout apply(DeploymentSpec spec) {
        return manager().apply(manager().plan(spec), ApplyOptions.by("ann", "a change"));
    }

    /** 1.3.5 with four replicas, serving. */
    void deployed() {
        apply(spec(V1).desiredReplicas(4).build());
        pass(30);
    }
}
