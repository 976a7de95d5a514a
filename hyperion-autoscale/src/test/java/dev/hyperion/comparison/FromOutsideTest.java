// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.ScalingRules;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.MetricObservation;
import dev.hyperion.autoscale.policy.MetricProposal;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ReplicaSample;
import dev.hyperion.autoscale.policy.ScaleHistory;
import dev.hyperion.autoscale.policy.ScalingDecider;
import dev.hyperion.autoscale.policy.ScalingHistory;
import dev.hyperion.autoscale.policy.ScalingObservation;
import dev.hyperion.autoscale.policy.ScalingOutcome;
import dev.hyperion.autoscale.policy.TargetDecider;
import dev.hyperion.autoscale.policy.TargetHistory;
import dev.hyperion.autoscale.policy.TargetObservation;
import dev.hyperion.autoscale.policy.TargetOutcome;
import dev.hyperion.autoscale.policy.ThresholdOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/**
 * What somebody outside can do who compares our decisions with another autoscaler's: build every input and read every stage,
 * with exported names alone.
 */
class FromOutsideTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ApplicationId SHOP = new ApplicationId("shop");
    private static final Duration WINDOW = Duration.ofSeconds(30);

    private static ReplicaFacts replica(String id, Instant startedAt, boolean ready) {
        return new ReplicaFacts(
                id,
                ReplicaFacts.Phase.RUNNING,
                Optional.of(startedAt),
                Optional.of(new ReplicaFacts.Readiness(ready, startedAt.plusSeconds(10))));
    }

    private static ReplicaSample using(long milli) {
        return new ReplicaSample.Measured(milli, 1_000, NOON.minusSeconds(10), WINDOW);
    }

    @Test
    void everyStageOfATargetDecisionCanBeRead() {
        ScalingRules up = new ScalingRules(
                Duration.ofSeconds(60),
                List.of(
                        new ScalingRules.Limit(ScalingRules.Unit.REPLICAS, 2, Duration.ofSeconds(15)),
                        new ScalingRules.Limit(ScalingRules.Unit.PERCENT, 50, Duration.ofSeconds(60))),
                ScalingRules.Select.MIN,
                0.05);
        ScalingPolicy policy = TargetPolicy.of(
                        List.of(
                                new TargetMetric.Utilization("cpu", 50, true),
                                new TargetMetric.PerReplica("queue", 10_000, false),
                                new TargetMetric.Value("lag", 5_000),
                                new TargetMetric.ValuePerReplica("requests", 100_000)),
                        2,
                        6)
                .with(up, ScalingRules.downDefaults());
        Instant longAgo = NOON.minusSeconds(3_600);
        ScalingObservation seen = TargetObservation.of(
                SHOP,
                5,
                5,
                List.of(
                        replica("a", longAgo, true),
                        replica("b", longAgo, true),
                        replica("c", longAgo, true),
                        replica("d", NOON.minusSeconds(20), false),
                        new ReplicaFacts("e", ReplicaFacts.Phase.PENDING, Optional.empty(), Optional.empty())),
                List.of(
                        new MetricObservation.PerReplica(List.of(
                                using(900), using(900), using(900), using(1_000), new ReplicaSample.Missing(1_000))),
                        new MetricObservation.PerReplica(List.of(
                                using(30_000),
                                using(30_000),
                                using(30_000),
                                using(30_000),
                                new ReplicaSample.Missing(1_000))),
                        new MetricObservation.Failed("no answer"),
                        new MetricObservation.Whole(700_000, NOON)));
        ScalingHistory history = new TargetHistory(
                List.of(new TargetHistory.Change(NOON.minusSeconds(30), 9)),
                List.of(new TargetHistory.Change(NOON.minusSeconds(20), 1)),
                List.of(),
                Optional.empty());

        ScalingOutcome outcome = ScalingDecider.decide(policy, seen, history, NOON);

        assertThat(outcome).isInstanceOfSatisfying(TargetOutcome.class, stages -> {
            assertThat(stages.wanted()).isEqualTo(5);
            assertThat(stages.proposals())
                    .extracting(MetricProposal::replicas)
                    .containsExactly(6, 12, 0, 7); // 54 / 50 × 5; 24 / 10 × 5; -; 700 / 100
            assertThat(stages.proposals().get(0).ratio()).isEqualTo(1.8);
            assertThat(stages.proposals().get(0).adjustedRatio()).isEqualTo(1.08);
            assertThat(stages.proposals().get(0).unready()).isEqualTo(2);
            assertThat(stages.proposals().get(2).usable()).isFalse();
            assertThat(stages.raw()).isEqualTo(12);
            assertThat(stages.panicked()).isEqualTo(12);
            assertThat(stages.stabilized()).isEqualTo(9);
            assertThat(stages.limited()).isEqualTo(6); // 5 + 2 in 15 s, but 4 × 1.5 in 60 s
            assertThat(stages.target()).isEqualTo(6);
            assertThat(stages.reasons())
                    .containsExactly(
                            ReasonCode.AT_MAX_REPLICAS,
                            ReasonCode.SCALE_UP_LIMIT,
                            ReasonCode.SCALE_UP_STABILIZED,
                            ReasonCode.ABOVE_TARGET);
            assertThat(stages.next().recommendations())
                    .extracting(TargetHistory.Change::replicas)
                    .containsExactly(9, 12);
        });
        ScaleDecision decision = ScalingDecider.explain(policy, seen, outcome, NOON);
        assertThat(decision.word()).isEqualTo("scale-up");
        assertThat(decision.basis().clamps())
                .extracting(clamp -> clamp.code() + " " + clamp.before() + " " + clamp.after())
                .containsExactly("SCALE_UP_STABILIZED 12 9", "SCALE_UP_LIMIT 9 6");
        assertThat(decision.basis().inputs()).first().satisfies(input -> {
            assertThat(input.value()).hasValue(0.925);
            assertThat(input.age()).contains(Duration.ofSeconds(10));
        });
    }

    @Test
    void whatKubernetesTellsOfReplicasAndMetricsCanBeSaid() {
        TargetPolicy.StartUp startUp = new TargetPolicy.StartUp(Duration.ofMinutes(2), Duration.ofSeconds(10));
        List<TargetMetric> metrics =
                List.of(new TargetMetric.Utilization("cpu", 50, true), new TargetMetric.ValuePerReplica("jobs", 1_000));
        TargetPolicy policy =
                TargetPolicy.of(metrics, 1, 20).with(metrics, startUp).asWithoutBehavior();
        Instant longAgo = NOON.minusSeconds(600);
        TargetObservation seen = TargetObservation.of(
                SHOP,
                3,
                7,
                List.of(
                        replica("steady", longAgo, true),
                        replica("just started, and its sample reaches back", NOON.minusSeconds(60), true),
                        replica("not ready, but was so once", longAgo, false),
                        new ReplicaFacts("unscheduled", ReplicaFacts.Phase.PENDING, Optional.empty(), Optional.empty()),
                        new ReplicaFacts(
                                "deleted", ReplicaFacts.Phase.TERMINATING, Optional.of(longAgo), Optional.empty()),
                        new ReplicaFacts("failed", ReplicaFacts.Phase.FAILED, Optional.of(longAgo), Optional.empty()),
                        replica("without a sample", longAgo, true)),
                List.of(
                        new MetricObservation.PerReplica(List.of(
                                using(900),
                                new ReplicaSample.Measured(1_000, 1_000, NOON, Duration.ofSeconds(55)),
                                using(901),
                                new ReplicaSample.Missing(1_000),
                                using(1_000),
                                using(1_000),
                                new ReplicaSample.Missing(1_000))),
                        MetricObservation.Whole.sum(List.of(1_500L, 700L, 100L), NOON)));
        TargetHistory history = new TargetHistory(
                List.of(new TargetHistory.Change(NOON.minusSeconds(300), 9)), List.of(), List.of(), Optional.empty());

        TargetOutcome outcome = TargetDecider.decide(policy, seen, history, NOON);

        MetricProposal cpu = outcome.proposals().get(0);
        assertThat(cpu.current()).isEqualTo(90);
        assertThat(cpu.average()).isEqualTo(900);
        assertThat(List.of(cpu.counted(), cpu.unready(), cpu.missing())).containsExactly(2, 2, 1);
        assertThat(cpu.adjustedRatio()).isEqualTo(0.72); // 1801 of 5000, the other way, so nothing
        assertThat(cpu.replicas()).isEqualTo(3);
        assertThat(outcome.proposals().get(1).replicas()).isEqualTo(3); // 2.3
        assertThat(outcome.raw()).isEqualTo(3);
        assertThat(outcome.stabilized()).isEqualTo(9); // without behavior also upwards, and exactly a window old
        assertThat(outcome.limited()).isEqualTo(6);
        assertThat(outcome.target()).isEqualTo(6);
        assertThat(outcome.ableToScale()).isEqualTo("ScaleDownStabilized");
        assertThat(outcome.scalingLimited()).contains("ScaleUpLimit");
        assertThat(ScalingDecider.explain(policy, seen, outcome, NOON).basis().clamps())
                .extracting(clamp -> clamp.code() + " " + clamp.before() + " " + clamp.after() + " " + clamp.because())
                .containsExactly(
                        "SCALE_DOWN_STABILIZED 3 9 the largest recommendation of the last 300 s",
                        "SCALE_UP_LIMIT 9 6 no more in one decision");
    }

    @Test
    void everyStageOfAThresholdDecisionCanBeRead() {
        ScalingPolicy policy = ThresholdPolicy.defaults();
        ScalingObservation seen = new Observation(
                SHOP,
                4,
                new MetricInput(
                        "cpu.utilization",
                        OptionalDouble.of(80),
                        Optional.of(NOON),
                        Optional.of(Duration.ZERO),
                        "by hand"),
                Optional.empty(),
                Optional.empty());
        ScalingHistory history = ScaleHistory.NONE.applied(3, 4, NOON.minusSeconds(78));

        ThresholdOutcome outcome = (ThresholdOutcome) ScalingDecider.decide(policy, seen, history, NOON);

        assertThat(outcome.raw()).isEqualTo(5);
        assertThat(outcome.limited()).isEqualTo(4);
        assertThat(outcome.target()).isEqualTo(4);
        assertThat(outcome.cooldownLeft()).isEqualTo(Duration.ofSeconds(42));
        assertThat(outcome.reasons())
                .containsExactly(ReasonCode.ABOVE_SCALE_UP_THRESHOLD, ReasonCode.SCALE_UP_COOLDOWN);
        assertThat(ScalingDecider.explain(policy, seen, outcome, NOON).basis().rationale())
                .isEqualTo("cpu.utilization is 80, above 75, but the scale-up cooldown runs for another 42 s");
    }

    @Test
    void whatDoesNotBelongTogetherIsRefused() {
        assertThatThrownBy(() -> ScalingDecider.decide(
                        ThresholdPolicy.defaults(),
                        TargetObservation.of(SHOP, 1, 1, List.of(), List.of()),
                        ScalingHistory.none(ThresholdPolicy.defaults()),
                        NOON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a ThresholdPolicy cannot decide from TargetObservation and ScaleHistory");
    }
}
