// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.autoscale.ExplainedDecision;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.record.DecisionRecord;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.spi.ConfigNode;
import dev.hyperion.tck.SimulatedWorld;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A target policy of the configuration decides on what is measured, and plans without effect. */
class TargetScalerTest {
    private static final ApplicationId SHOP = new ApplicationId("shop");

    private final SimulatedWorld world = new SimulatedWorld();

    private AutoScaler scaler(String type, String metric, double target) {
        PolicyAutoScalerProvider provider = new PolicyAutoScalerProvider();
        Map<String, ?> section = Map.of(
                "policy",
                "target",
                "max_replicas",
                20,
                "metrics",
                List.of(Map.of("type", type, "metric", metric, "target", target)));
        return provider.create(provider.schema().parse(ConfigNode.Mapping.of(section), "autoscale"), world.operator())
                .of(SHOP)
                .orElseThrow();
    }

    private void measured(double value) {
        world.monitoring().answer(query -> world.monitoring().value(value));
    }

    @Test
    void aValueThatReplicasShareAsksForAsManyAsItTakes() {
        measured(420);
        ScaleDecision decision =
                scaler("value-per-replica", "latency.rate", 100).plan(OptionalInt.of(4));

        assertThat(decision.target()).isEqualTo(5);
        assertThat(decision.basis().inputs().get(0).value()).hasValue(420);
        assertThat(decision.basis().reasons()).contains(ReasonCode.ABOVE_TARGET);
    }

    @Test
    void aPlanChangesNothingAndItsRecordDecidesTheSameAgain() {
        measured(420);
        AutoScaler scaler = scaler("value-per-replica", "latency.rate", 100);
        ExplainedDecision first = scaler.explain(OptionalInt.of(4));

        assertThat(scaler.explain(OptionalInt.of(4))).isEqualTo(first);
        assertThat(world.store().appends()).isZero();
        DecisionRecord again = DecisionRecord.replay(first.record());
        assertThat(again.toJson()).isEqualTo(first.record());
        assertThat(again.decision().target()).isEqualTo(5);
    }

    @Test
    void aMetricOfReplicasIsOfNoUseWhereNobodyKnowsThem() {
        measured(90);
        ScaleDecision decision = scaler("utilization", "cpu.utilization", 60).plan(OptionalInt.of(4));

        assertThat(decision).isInstanceOf(ScaleDecision.NoOp.class);
        assertThat(decision.basis().reasons().get(0).isBadData())
                .as(decision.basis().rationale())
                .isTrue();
    }

    @Test
    void whatIsMissingOrIsNoNumberRemovesNothing() {
        world.monitoring().answer(query -> new MetricResult.NoData("no meter is named latency.rat"));
        ScaleDecision missing = scaler("value-per-replica", "latency.rat", 100).plan(OptionalInt.of(4));
        measured(Double.POSITIVE_INFINITY);
        ScaleDecision noNumber =
                scaler("value-per-replica", "latency.rate", 100).plan(OptionalInt.of(4));

        assertThat(missing.target()).isEqualTo(4);
        assertThat(missing.basis().rationale()).contains("no meter is named latency.rat");
        assertThat(noNumber.target()).isEqualTo(4);
        assertThat(noNumber.basis().reasons()).contains(ReasonCode.METRIC_NOT_A_NUMBER);
    }

    @Test
    void withoutADeploymentThereIsNothingToScale() {
        measured(420);
        ScaleDecision decision =
                scaler("value-per-replica", "latency.rate", 100).plan(OptionalInt.empty());

        assertThat(decision).isInstanceOf(ScaleDecision.NoOp.class);
        assertThat(decision.basis().reasons()).startsWith(ReasonCode.NOT_DEPLOYED);
        assertThat(decision.basis().rationale()).contains("shop is not deployed");
    }
}
