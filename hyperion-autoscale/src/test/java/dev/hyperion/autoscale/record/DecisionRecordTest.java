// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.ScalingRules;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.Hold;
import dev.hyperion.autoscale.policy.MetricObservation;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ReplicaSample;
import dev.hyperion.autoscale.policy.ScaleHistory;
import dev.hyperion.autoscale.policy.TargetHistory;
import dev.hyperion.autoscale.policy.TargetObservation;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecisionRecordTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ApplicationId SHOP = new ApplicationId("shop");
    private static final long SEED = Long.getLong("hyperion.test.seed", new Random().nextLong());

    private final Random random = new Random(SEED);

    private static void replaysToTheSameBytes(DecisionRecord record) {
        String json = record.toJson();
        DecisionRecord again = DecisionRecord.replay(json);
        assertThat(again).as("seed %d", SEED).isEqualTo(record);
        assertThat(again.toJson()).isEqualTo(json);
    }

    @Test
    void aThresholdDecisionReplaysWhateverTheReadingWas() {
        ThresholdPolicy policy = new ThresholdPolicy(
                "load",
                75.1,
                25,
                2,
                4,
                16,
                Duration.ofSeconds(120),
                Duration.ofSeconds(300),
                Duration.ofSeconds(15),
                Duration.ofMillis(45_500),
                Optional.of(LocalDate.of(2025, 10, 10)),
                Optional.of("capacity_planning_team"));
        for (double value : new double[] {80, 10, 50, Double.NaN, 1e300, 0.1 + 0.2, -0.0}) {
            MetricInput input = new MetricInput(
                    "load",
                    OptionalDouble.of(value),
                    Optional.of(NOON.minusMillis(1_234)),
                    Optional.of(Duration.ofMillis(1_234)),
                    "from \"a\"\nsource");
            replaysToTheSameBytes(DecisionRecord.decide(
                    policy,
                    new Observation(SHOP, 5, input, Optional.empty(), Optional.empty()),
                    new ScaleHistory(Optional.of(NOON.minusSeconds(60)), Optional.empty()),
                    NOON));
        }
        MetricInput nothing =
                new MetricInput("load", OptionalDouble.empty(), Optional.empty(), Optional.empty(), "none");
        replaysToTheSameBytes(DecisionRecord.decide(
                policy,
                new Observation(
                        SHOP,
                        5,
                        nothing,
                        Optional.of(ReasonCode.METRIC_FAILED),
                        Optional.of(new Hold(ReasonCode.ROLLOUT_IN_PROGRESS, "it runs"))),
                ScaleHistory.NONE,
                NOON));
    }

    @Test
    void targetDecisionsReplayWhateverWasSeen() {
        for (int i = 0; i < 2_000; i++) {
            replaysToTheSameBytes(anyTargetDecision());
        }
    }

    private DecisionRecord anyTargetDecision() {
        int count = random.nextInt(6);
        List<ReplicaFacts> replicas = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            replicas.add(new ReplicaFacts(
                    "r" + i,
                    ReplicaFacts.Phase.values()[random.nextInt(4)],
                    maybe(NOON.minusSeconds(random.nextInt(900))),
                    maybe(new ReplicaFacts.Readiness(random.nextBoolean(), NOON.minusSeconds(random.nextInt(900))))));
        }
        List<MetricObservation> readings = List.of(
                samples(count),
                samples(count),
                random.nextInt(4) == 0
                        ? new MetricObservation.Failed("no answer")
                        : new MetricObservation.Whole(random.nextLong(), NOON),
                new MetricObservation.Whole(random.nextInt(100_000), NOON));
        ScalingPolicy policy = new TargetPolicy(
                List.of(
                        new TargetMetric.Utilization("cpu", 1 + random.nextInt(200), true),
                        new TargetMetric.PerReplica("queue", 1 + random.nextInt(2_000), random.nextBoolean()),
                        new TargetMetric.Value("lag", 1 + random.nextInt(100_000)),
                        new TargetMetric.ValuePerReplica("requests", 1 + random.nextInt(100_000))),
                random.nextInt(3),
                3 + random.nextInt(20),
                ScalingRules.upDefaults(),
                ScalingRules.downDefaults(),
                TargetPolicy.StartUp.DEFAULTS,
                maybe(TargetPolicy.Panic.DEFAULTS),
                random.nextInt(500),
                Duration.ofSeconds(15),
                Duration.ofSeconds(45),
                Optional.empty(),
                Optional.of("somebody"));
        return DecisionRecord.decide(
                policy,
                new TargetObservation(
                        SHOP,
                        random.nextInt(8),
                        count,
                        replicas,
                        readings,
                        random.nextBoolean() ? readings : List.of()),
                new TargetHistory(
                        changes(),
                        changes(),
                        changes(),
                        maybe(new TargetHistory.PanicState(NOON.minusSeconds(20), random.nextInt(30)))),
                NOON);
    }

    private MetricObservation samples(int count) {
        List<ReplicaSample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(
                    random.nextInt(4) == 0
                            ? new ReplicaSample.Missing(1_000)
                            : new ReplicaSample.Measured(
                                    random.nextInt(3_000),
                                    random.nextInt(10) == 0 ? -1 : 1_000,
                                    NOON,
                                    Duration.ofSeconds(30)));
        }
        return new MetricObservation.PerReplica(samples);
    }

    private List<TargetHistory.Change> changes() {
        List<TargetHistory.Change> changes = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            changes.add(new TargetHistory.Change(NOON.minusSeconds(i * 100L), random.nextInt(10)));
        }
        return changes;
    }

    private <T> Optional<T> maybe(T value) {
        return random.nextBoolean() ? Optional.of(value) : Optional.empty();
    }

    @Test
    void whatIsNoRecordIsRefusedWithWhatIsMissing() {
        assertThatThrownBy(() -> DecisionRecord.replay("[]")).hasMessageContaining("begins with '{'");
        assertThatThrownBy(() -> DecisionRecord.replay("{\"schema\":1}")).hasMessageContaining("has no 'policy'");
        assertThatThrownBy(() -> DecisionRecord.replay("{\"schema\":9}")).hasMessageContaining("schema 9");
    }
}
