// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ApplicationId;
import dev.hyperion.ConfigException;
import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.spi.AutoScalerEngine;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.tck.SimulatedWorld;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AutoscaleLoopTest {
    private static final ApplicationId SHOP = new ApplicationId("shop");

    private final SimulatedWorld world = new SimulatedWorld();
    private SimulatedWorld.Operator operator = world.operator();

    private AutoScalerEngine engine(Map<String, ?> values) {
        PolicyAutoScalerProvider provider = new PolicyAutoScalerProvider();
        PluginConfig config = provider.schema().parse(ConfigNode.Mapping.of(values), "autoscale");
        return provider.create(config, operator);
    }

    private AutoScaler scaler() {
        return engine(Map.of("min_replicas", 2, "max_replicas", 8, "scale_step", 2))
                .of(SHOP)
                .orElseThrow();
    }

    private void cpu(double percent) {
        world.monitoring().answer(query -> world.monitoring().value(percent));
    }

    @Test
    void aPlanChangesNothing() {
        cpu(90);
        AutoScaler scaler = scaler();
        for (int i = 0; i < 3; i++) {
            assertThat(scaler.plan(OptionalInt.of(4)).target()).isEqualTo(6);
        }
        assertThat(scaler.history()).isEmpty();
        assertThat(world.store().appends()).isZero();
    }

    @Test
    void theCooldownCountsFromWhatWasApplied() {
        cpu(90);
        AutoScaler scaler = scaler();
        ScaleDecision decision = scaler.plan(OptionalInt.of(4));
        world.time().advance(Duration.ofSeconds(200));
        scaler.record(decision, 6);
        world.time().advance(Duration.ofSeconds(119));
        assertThat(scaler.plan(OptionalInt.of(6)).basis().reasons()).contains(ReasonCode.SCALE_UP_COOLDOWN);
        world.time().advance(Duration.ofSeconds(1));
        assertThat(scaler.plan(OptionalInt.of(6)).target()).isEqualTo(8);
    }

    @Test
    void notingTheSameDecisionTwiceChangesNothing() {
        cpu(90);
        AutoScaler scaler = scaler();
        ScaleDecision decision = scaler.plan(OptionalInt.of(4));
        scaler.record(decision, 6);
        scaler.record(decision, 6);
        assertThat(scaler.history()).hasSize(1);
    }

    @Test
    void cooldownsAndHistorySurviveARestart() {
        cpu(90);
        AutoScaler before = scaler();
        before.record(before.plan(OptionalInt.of(4)), 6);
        operator.kill();
        operator = world.operator();
        AutoScaler after = scaler();
        assertThat(after.history()).isEqualTo(before.history());
        assertThat(after.plan(OptionalInt.of(6)).basis().reasons()).contains(ReasonCode.SCALE_UP_COOLDOWN);
    }

    @Test
    void aSourceThatIsDownNeverScales() {
        world.monitoring().answer(query -> new MetricResult.Failed("the source is down"));
        ScaleDecision decision = scaler().plan(OptionalInt.of(6));
        assertThat(decision).isInstanceOf(ScaleDecision.NoOp.class);
        assertThat(decision.basis().reasons()).containsExactly(ReasonCode.METRIC_FAILED);
        assertThat(decision.basis().rationale()).contains("the source is down");
    }

    @Test
    void withoutADeploymentThereIsNothingToScale() {
        cpu(90);
        assertThat(scaler().plan(OptionalInt.empty()).basis().reasons()).startsWith(ReasonCode.NOT_DEPLOYED);
        assertThat(scaler().plan(OptionalInt.empty()).basis().rationale()).contains("shop is not deployed");
    }

    @Test
    void policiesMayBeNamedByApplication() {
        AutoScalerEngine engine = engine(Map.of("applications", Map.of("shop", Map.of("max_replicas", 3))));
        assertThat(engine.of(SHOP).orElseThrow().policy().maxReplicas()).isEqualTo(3);
        assertThat(engine.of(new ApplicationId("other"))).isEmpty();
    }

    @Test
    void policiesThatCannotBeAreRefusedWithEveryMistake() {
        assertThatThrownBy(() -> engine(Map.of(
                        "min_replicas", 5,
                        "max_replicas", 3,
                        "scale_up_threshold", 20,
                        "reviewed_on", "last week")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("autoscale.max_replicas is 3; expected at least min_replicas 5")
                .hasMessageContaining(
                        "autoscale.scale_up_threshold is 20.0; expected more than scale_down_threshold 25.0")
                .hasMessageContaining("autoscale.reviewed_on is 'last week'; expected a date");
    }
}
