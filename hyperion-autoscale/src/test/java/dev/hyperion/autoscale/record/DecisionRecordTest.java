// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleOverride;
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
import dev.hyperion.autoscale.schedule.CronExpression;
import dev.hyperion.autoscale.schedule.Schedule;
import dev.hyperion.autoscale.stage.GuardMemory;
import dev.hyperion.autoscale.stage.MetricGuard;
import dev.hyperion.autoscale.stage.RolloutFacts;
import dev.hyperion.autoscale.stage.RolloutRule;
import dev.hyperion.autoscale.stage.StageSettings;
import dev.hyperion.autoscale.stage.StagedHistory;
import dev.hyperion.autoscale.stage.StagedObservation;
import dev.hyperion.autoscale.stage.StartAware;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
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
                    anySettings(),
                    StagedObservation.of(new Observation(SHOP, 5, input, Optional.empty(), Optional.empty())),
                    new StagedHistory(
                            new ScaleHistory(Optional.of(NOON.minusSeconds(60)), Optional.empty()), anyMemory("load")),
                    NOON));
        }
        MetricInput nothing =
                new MetricInput("load", OptionalDouble.empty(), Optional.empty(), Optional.empty(), "none");
        replaysToTheSameBytes(DecisionRecord.decide(
                policy,
                anySettings(),
                StagedObservation.of(new Observation(
                        SHOP,
                        5,
                        nothing,
                        Optional.of(ReasonCode.METRIC_FAILED),
                        Optional.of(new Hold(ReasonCode.ROLLOUT_IN_PROGRESS, "it runs")))),
                StagedHistory.none(policy),
                NOON));
    }

    private StageSettings anySettings() {
        return new StageSettings(
                random.nextBoolean()
                        ? List.of()
                        : List.of(new MetricGuard(
                                random.nextBoolean() ? "load" : "lag",
                                maybe(Duration.ofSeconds(random.nextInt(60) + 1)),
                                List.of(
                                                new MetricGuard.OnBadData.Hold(),
                                                new MetricGuard.OnBadData.UpOnly(),
                                                new MetricGuard.OnBadData.Fallback(7, Duration.ofSeconds(90)))
                                        .get(random.nextInt(3)),
                                maybe(new MetricGuard.ZeroGuard(0.1, Duration.ofSeconds(30))))),
                random.nextBoolean()
                        ? List.of()
                        : List.of(new Schedule(
                                "noon",
                                CronExpression.parse("0 12 * * *"),
                                ZoneId.of("Europe/Berlin"),
                                Duration.ofMinutes(90),
                                OptionalInt.of(2),
                                random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(4))),
                random.nextBoolean()
                        ? List.of()
                        : List.of(
                                new ScaleOverride(
                                        ScaleOverride.Kind.PINNED, 3, "ada", "a \"test\"", NOON.plusSeconds(9)),
                                ScaleOverride.of(ScaleOverride.Kind.UP_ONLY, "ada", "it", NOON.minusSeconds(9))),
                RolloutRule.values()[random.nextInt(3)],
                maybe(StartAware.DEFAULTS));
    }

    private List<GuardMemory> anyMemory(String metric) {
        return random.nextBoolean()
                ? List.of()
                : List.of(new GuardMemory(
                        metric,
                        maybe(NOON.minusSeconds(100)),
                        maybe(NOON.minusSeconds(20)),
                        random.nextBoolean() ? OptionalDouble.empty() : OptionalDouble.of(random.nextDouble())));
    }

    @Test
    void aRecordSaysWhatWasSeenWhatLimitedItAndWhatWouldHaveChangedIt() {
        ThresholdPolicy policy = ThresholdPolicy.defaults();
        DecisionRecord record = DecisionRecord.decide(
                policy,
                StageSettings.NONE,
                StagedObservation.of(new Observation(
                        SHOP,
                        4,
                        new MetricInput(
                                "cpu.utilization",
                                OptionalDouble.of(80),
                                Optional.of(NOON.minusSeconds(3)),
                                Optional.of(Duration.ofSeconds(3)),
                                "the recorder"),
                        Optional.empty(),
                        Optional.empty())),
                new StagedHistory(new ScaleHistory(Optional.of(NOON.minusSeconds(78)), Optional.empty()), List.of()),
                NOON);
        assertThat(record.turningPoints())
                .containsExactly("the scale-up cooldown ends in 42 s", "would not scale up at 75 or below");
        assertThat(record.toJson())
                .contains("\"cooldown_left\":{\"up\":\"PT42S\",\"down\":\"PT3M42S\"}")
                .contains("\"inputs\":[{\"metric\":\"cpu.utilization\",\"value\":\"80.0\","
                        + "\"taken_at\":\"2026-01-01T11:59:57Z\",\"age\":\"PT3S\",\"detail\":\"the recorder\"}]")
                .contains("\"reasons\":[\"above_scale_up_threshold\",\"scale_up_cooldown\"]")
                .contains("\"clamps\":[{\"code\":\"scale_up_cooldown\",\"before\":5,\"after\":4,");
    }

    @Test
    void aHistoryComesBackAsItWas() {
        for (int i = 0; i < 200; i++) {
            StagedHistory history = new StagedHistory(
                    random.nextBoolean()
                            ? new ScaleHistory(maybe(NOON), maybe(NOON.plusNanos(random.nextInt())))
                            : new TargetHistory(
                                    changes(), changes(), changes(), maybe(new TargetHistory.PanicState(NOON, 3))),
                    anyMemory("load"));
            assertThat(HistoryJson.fromText(HistoryJson.toText(history)))
                    .as("seed %d", SEED)
                    .isEqualTo(history);
        }
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
                    maybe(
                            random.nextInt(5) == 0
                                    ? ReplicaFacts.Readiness.lost(NOON.minusSeconds(random.nextInt(900)))
                                    : new ReplicaFacts.Readiness(
                                            random.nextBoolean(), NOON.minusSeconds(random.nextInt(900))))));
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
                random.nextBoolean(),
                TargetPolicy.StartUp.DEFAULTS,
                maybe(TargetPolicy.Panic.DEFAULTS),
                random.nextInt(500),
                Duration.ofSeconds(15),
                Duration.ofSeconds(45),
                Optional.empty(),
                Optional.of("somebody"));
        return DecisionRecord.decide(
                policy,
                anySettings(),
                new StagedObservation(
                        new TargetObservation(
                                SHOP,
                                random.nextInt(8),
                                count,
                                replicas,
                                readings,
                                random.nextBoolean() ? readings : List.of()),
                        random.nextInt(9) == 0
                                ? Optional.of(new Hold(ReasonCode.NOT_DEPLOYED, "nothing runs"))
                                : Optional.empty(),
                        maybe(new RolloutFacts("r7", random.nextBoolean(), List.of("r1", "r3"))),
                        List.of(),
                        List.of()),
                new StagedHistory(
                        new TargetHistory(
                                changes(),
                                changes(),
                                changes(),
                                maybe(new TargetHistory.PanicState(NOON.minusSeconds(20), random.nextInt(30)))),
                        anyMemory("lag")),
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
