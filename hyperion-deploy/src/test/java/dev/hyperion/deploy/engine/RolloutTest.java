// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import static dev.hyperion.deploy.engine.Operations.SHOP;
import static dev.hyperion.deploy.engine.Operations.V1;
import static dev.hyperion.deploy.engine.Operations.V2;
import static dev.hyperion.deploy.engine.Operations.spec;
import static dev.hyperion.deploy.engine.Operations.tenPercent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.RefusedException;
import dev.hyperion.Version;
import dev.hyperion.deploy.ApplyOptions;
import dev.hyperion.deploy.DeploymentPlan;
import dev.hyperion.deploy.DeploymentStatus;
import dev.hyperion.deploy.Endpoint;
import dev.hyperion.deploy.RollbackTarget;
import dev.hyperion.deploy.Rollout;
import dev.hyperion.deploy.RolloutState;
import dev.hyperion.deploy.ScaleCause;
import dev.hyperion.deploy.VersionStatus;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.spi.GroupId;
import dev.hyperion.spi.RouteTarget;
import dev.hyperion.spi.Weighted;
import dev.hyperion.tck.Faults;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RolloutTest {
    private final Operations ops = new Operations();

    private Map<Version, Integer> weights() {
        Map<Version, Integer> weights = new HashMap<>();
        ops.world.router().table(SHOP).forEach((version, weighted) -> weights.put(version, weighted.weight()));
        return weights;
    }

    private DeploymentStatus status() {
        return ops.manager().status(SHOP);
    }

    private long ready(Version version) {
        return status().versions().stream()
                .filter(each -> each.version().equals(version))
                .mapToLong(VersionStatus::readyReplicas)
                .sum();
    }

    @Test
    void aFirstDeploymentGetsTrafficOnceItsReplicasAreReady() {
        Rollout rollout = ops.apply(spec(V1).desiredReplicas(4).build());
        ops.pass(1);
        assertThat(weights()).isEmpty();
        ops.pass(29);
        assertThat(rollout.state()).isEqualTo(RolloutState.SUCCEEDED);
        assertThat(weights()).isEqualTo(Map.of(V1, 10_000));
        assertThat(ready(V1)).isEqualTo(4);
        assertThat(status().stable()).contains(V1);
    }

    @Test
    void aGoodCanaryIsWatchedForHalfAnHourAndThenGetsEverything() {
        ops.deployed();
        Rollout rollout = ops.apply(spec(V2).canary(tenPercent()).build());
        ops.pass(10);
        assertThat(weights()).isEqualTo(Map.of(V2, 1_000, V1, 9_000));
        assertThat(ready(V2)).isEqualTo(1);
        assertThat(rollout.progress().waitingFor()).contains("watching 1.4.0");
        ops.pass(29 * 60);
        assertThat(weights()).isEqualTo(Map.of(V2, 1_000, V1, 9_000));
        ops.pass(2 * 60);
        assertThat(weights()).isEqualTo(Map.of(V2, 10_000));
        assertThat(ready(V1)).as("the old set stays warm").isEqualTo(4);
        ops.pass(31 * 60);
        assertThat(rollout.state()).isEqualTo(RolloutState.SUCCEEDED);
        assertThat(status().versions()).extracting(VersionStatus::version).containsExactly(V2);
    }

    @Test
    void aBadCanaryGoesBackByItselfAfterThreeHits() {
        ops.deployed();
        ops.latency(0.9);
        Rollout rollout = ops.apply(spec(V2).canary(tenPercent()).build());
        ops.pass(60);
        assertThat(rollout.state()).isEqualTo(RolloutState.ROLLED_BACK);
        assertThat(weights()).isEqualTo(Map.of(V1, 10_000));
        assertThat(ready(V1)).isEqualTo(4);
        assertThat(ready(V2)).isZero();
        assertThat(ops.manager().history(SHOP).get(1).reason())
                .contains("latency.p95 is 900 ms, gt 250 ms for the 3. time in a row");
        assertThat(rollout.completion().toCompletableFuture()).isCompleted();
    }

    @Test
    void aReplicaThatEndsAtOnceIsToldWithItsExitCodeAndItsLastWords() {
        ops.deployed();
        ops.world.backend().crashing(V2);
        Rollout rollout = ops.apply(spec(V2).canary(tenPercent()).build());
        ops.pass(10);
        assertThat(rollout.state()).isEqualTo(RolloutState.ROLLED_BACK);
        assertThat(ops.manager().history(SHOP).get(1).reason())
                .contains("exit code 3", "simulated: cannot open the database");
        assertThat(weights()).isEqualTo(Map.of(V1, 10_000));
    }

    @Test
    void aVersionThatNeverGetsReadyNeverGetsTraffic() {
        ops.deployed();
        ops.world.backend().neverReady(V2);
        Rollout rollout = ops.apply(spec(V2).canary(tenPercent()).build());
        ops.pass(59);
        assertThat(weights()).isEqualTo(Map.of(V1, 10_000));
        ops.pass(10);
        assertThat(rollout.state()).isEqualTo(RolloutState.ROLLED_BACK);
    }

    @Test
    void aSecondRolloutIsRefusedWhileOneIsOpenAndSupersedesItWhenAsked() {
        ops.deployed();
        Rollout first = ops.apply(spec(V2).canary(tenPercent()).build());
        ops.pass(30);
        Version v3 = new Version("1.5.0");
        DeploymentPlan plan = ops.manager().plan(spec(v3).canary(tenPercent()).build());
        assertThatThrownBy(() -> ops.manager().apply(plan, ApplyOptions.by("ann", "")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("supersede");
        Rollout second = ops.manager().apply(plan, new ApplyOptions("ann", "", true));
        ops.pass(30);
        assertThat(first.state()).isEqualTo(RolloutState.ROLLED_BACK);
        assertThat(weights()).isEqualTo(Map.of(v3, 1_000, V1, 9_000));
        assertThat(ready(V2)).isZero();
        assertThat(second.state()).isEqualTo(RolloutState.RUNNING);
    }

    @Test
    void aPlanIsGoodOnce() {
        DeploymentPlan plan = ops.manager().plan(spec(V1).desiredReplicas(1).build());
        ops.manager().apply(plan, ApplyOptions.by("ann", ""));
        ops.pass(30);
        assertThatThrownBy(() -> ops.manager().apply(plan, ApplyOptions.by("ann", "")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("used already");
    }

    @Test
    void aPlanAboutAnotherWorldIsRefusedWithTheDifference() {
        ops.deployed();
        DeploymentPlan plan = ops.manager().plan(spec(V2).build());
        ops.manager().scale(SHOP, 6, new ScaleCause.Operator("bob", "load"));
        ops.pass(30);
        assertThatThrownBy(() -> ops.manager().apply(plan, ApplyOptions.by("ann", "")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("with 6 replicas")
                .hasMessageContaining("with 4 replicas");
    }

    @Test
    void aChangedArtifactIsRefused() {
        ops.deployed();
        DeploymentPlan plan = ops.manager().plan(spec(V2).build());
        ops.world.backend().content(plan.spec().artifact().path(), "somebody built it again");
        Rollout rollout = ops.manager().apply(plan, ApplyOptions.by("ann", ""));
        ops.pass(10);
        assertThat(rollout.state()).isEqualTo(RolloutState.ROLLED_BACK);
        assertThat(ops.manager().history(SHOP).get(1).reason()).contains("it was changed");
    }

    @Test
    void aVersionWithReplicasCannotBecomeSomethingElse() {
        ops.deployed();
        ops.apply(spec(V2).canary(tenPercent()).build());
        ops.pass(10);
        assertThatThrownBy(() ->
                        ops.manager().plan(spec(V2).env(Map.of("FEATURE", "on")).build()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("run with another command, environment or health check; roll back first");
    }

    @Test
    void scalingDownWaitsForRequestsInFlight() {
        ops.deployed();
        RouteTarget.Endpoints all =
                (RouteTarget.Endpoints) ops.world.router().table(SHOP).get(V1).target();
        all.all().forEach(endpoint -> ops.world.router().inFlight(endpoint, 1));
        Rollout rollout = ops.manager().scale(SHOP, 2, new ScaleCause.Operator("bob", ""));
        ops.pass(5);
        Weighted now = ops.world.router().table(SHOP).get(V1);
        assertThat(((RouteTarget.Endpoints) now.target()).all()).hasSize(2);
        assertThat(rollout.progress().waitingFor()).contains("2 requests in flight");
        all.all().forEach(endpoint -> ops.world.router().inFlight(endpoint, 0));
        ops.pass(5);
        assertThat(rollout.state()).isEqualTo(RolloutState.SUCCEEDED);
        assertThat(ready(V1)).isEqualTo(2);
    }

    @Test
    void aDeadReplicaIsReplacedAndTrafficFollows() {
        ops.deployed();
        List<Endpoint> before =
                ((RouteTarget.Endpoints) ops.world.router().table(SHOP).get(V1).target()).all();
        ops.world.backend().killOne(new GroupId(SHOP, V1));
        ops.pass(5);
        List<Endpoint> after =
                ((RouteTarget.Endpoints) ops.world.router().table(SHOP).get(V1).target()).all();
        assertThat(after).hasSize(4).isNotEqualTo(before);
    }

    @Test
    void anOperatorGoesBackToTheVersionBefore() {
        ops.deployed();
        ops.apply(spec(V2).build());
        ops.pass(60);
        Rollout rollout = ops.manager().rollback(SHOP, new RollbackTarget.Previous("ann"));
        ops.pass(60);
        assertThat(rollout.state()).isEqualTo(RolloutState.SUCCEEDED);
        assertThat(weights()).isEqualTo(Map.of(V1, 10_000));
        assertThat(status().stable()).contains(V1);
        assertThat(ready(V2)).isZero();
    }

    @Test
    void abortBeatsPromote() {
        ops.deployed();
        Rollout rollout = ops.apply(spec(V2).canary(tenPercent()).build());
        ops.pass(20);
        rollout.promote("bob");
        rollout.abort("ann", "I do not like it");
        ops.pass(30);
        assertThat(rollout.state()).isEqualTo(RolloutState.ROLLED_BACK);
    }

    @Test
    void promoteEndsTheBake() {
        ops.deployed();
        Rollout rollout = ops.apply(spec(V2).canary(tenPercent()).build());
        ops.pass(20);
        rollout.promote("bob");
        ops.pass(20);
        assertThat(weights()).isEqualTo(Map.of(V2, 10_000));
    }

    @Test
    void aBadVersionGoesBackDuringAPauseToo() {
        ops.deployed();
        Rollout rollout = ops.apply(spec(V2).canary(tenPercent()).build());
        ops.pass(20);
        rollout.pause("ann");
        ops.latency(0.9);
        ops.pass(40);
        assertThat(rollout.state()).isEqualTo(RolloutState.ROLLED_BACK);
    }

    @Test
    void missingDataIsNeitherGoodNorBadAndIsHeldInTheEnd() {
        ops.deployed();
        Rollout rollout = ops.apply(spec(V2).canary(tenPercent()).build());
        ops.pass(10);
        ops.world.monitoring().answer(query -> new MetricResult.Failed("the source is down"));
        ops.pass(39 * 60);
        assertThat(rollout.state()).isEqualTo(RolloutState.RUNNING);
        ops.pass(3 * 60);
        assertThat(rollout.state()).isEqualTo(RolloutState.HELD);
        assertThat(status().rollout().orElseThrow().reason()).contains("deploy rollback");
        assertThat(weights()).containsEntry(V1, 9_000);
        ops.manager().rollback(SHOP, new RollbackTarget.Previous("ann"));
        ops.pass(60);
        assertThat(weights()).isEqualTo(Map.of(V1, 10_000));
        assertThat(ready(V2)).isZero();
    }

    @Test
    void aBrokenRouterHoldsTheRolloutWithTheGoodVersionServing() {
        ops.deployed();
        ops.world.router().ignoreTables();
        Rollout rollout = ops.apply(spec(V2).build());
        ops.pass(10 * 60);
        assertThat(rollout.state()).isIn(RolloutState.HELD, RolloutState.ROLLED_BACK);
        assertThat(weights()).isEqualTo(Map.of(V1, 10_000));
        assertThat(ready(V1)).isEqualTo(4);
    }

    @Test
    void transientFaultsOfBackendAndRouterAreOutlived() {
        ops.deployed();
        Rollout rollout = ops.apply(spec(V2).build());
        ops.world.backend().faults().plan("observe", Faults.Kind.FAILS, 5);
        ops.world.backend().faults().plan("ensure", Faults.Kind.ANSWER_LOST, 2);
        ops.world.router().faults().plan("apply", Faults.Kind.ANSWER_LOST, 2);
        ops.pass(120);
        assertThat(rollout.state()).isEqualTo(RolloutState.SUCCEEDED);
        assertThat(weights()).isEqualTo(Map.of(V2, 10_000));
    }

    @Test
    void anOperatorThatLostTheLeadDoesNothing() {
        ops.deployed();
        Rollout rollout = ops.apply(spec(V2).build());
        ops.operator.loseLeadership();
        ops.pass(600);
        assertThat(rollout.state()).isEqualTo(RolloutState.RUNNING);
        assertThat(weights()).isEqualTo(Map.of(V1, 10_000));
    }

    @Test
    void countersComeFromTheJournalAndSurviveARestart() {
        ops.deployed();
        ops.latency(0.9);
        ops.apply(spec(V2).canary(tenPercent()).build());
        ops.pass(60);
        ops.restart();
        assertThat(ops.manager().history(SHOP)).hasSize(2);
        ops.world.monitoring().meters().clear();
        ops.restart();
        assertThat(counter("deploy.apply_success")).isEqualTo(1);
        assertThat(counter("deploy.apply_failure")).isEqualTo(1);
        assertThat(counter("deploy.rollback_started")).isEqualTo(1);
        assertThat(counter("deploy.rollback_success")).isEqualTo(1);
    }

    private double counter(String name) {
        return ops.world.monitoring().meters().get(name).functionCounter().count();
    }

    @Test
    void timeInWhichNobodyWatchedIsNoBake() {
        ops.deployed();
        Rollout rollout = ops.apply(spec(V2).canary(tenPercent()).build());
        ops.pass(10 * 60);
        ops.operator.kill();
        ops.world.time().advance(Duration.ofHours(2));
        ops.restart();
        ops.pass(10 * 60);
        assertThat(ops.manager().open(SHOP)).isPresent();
        assertThat(weights()).isEqualTo(Map.of(V2, 1_000, V1, 9_000));
        ops.pass(11 * 60);
        assertThat(weights()).isEqualTo(Map.of(V2, 10_000));
        assertThat(rollout.id())
                .isEqualTo(ops.manager().open(SHOP).orElseThrow().id());
        assertThat(Optional.of(V1)).isEqualTo(status().stable());
    }
}
