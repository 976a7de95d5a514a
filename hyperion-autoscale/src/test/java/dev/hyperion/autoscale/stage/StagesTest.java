// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
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
import dev.hyperion.autoscale.policy.ScalingDecider;
import dev.hyperion.autoscale.policy.TargetHistory;
import dev.hyperion.autoscale.policy.TargetObservation;
import dev.hyperion.autoscale.schedule.CronExpression;
import dev.hyperion.autoscale.schedule.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StagesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ApplicationId SHOP = new ApplicationId("shop");
    private static final Duration WINDOW = Duration.ofSeconds(30);

    /** 75/25, step 2, 4 to 16. */
    private static final ThresholdPolicy THRESHOLD = new ThresholdPolicy(
            "cpu",
            75,
            25,
            2,
            4,
            16,
            Duration.ofSeconds(120),
            Duration.ofSeconds(300),
            Duration.ofSeconds(15),
            Duration.ofSeconds(45),
            Optional.empty(),
            Optional.empty());

    /** A queue of 10 for each replica, 1 to 100; forgets at once. */
    private static final TargetPolicy TARGET = TargetPolicy.of(
                    List.of(new TargetMetric.PerReplica("queue", 10_000, false)), 1, 100)
            .with(ScalingRules.upDefaults(), new ScalingRules(Duration.ZERO, List.of(), ScalingRules.Select.MAX, 0.1));

    private static StageSettings guarded(MetricGuard guard) {
        return new StageSettings(List.of(guard), List.of(), List.of(), RolloutRule.IGNORE, Optional.empty());
    }

    private static StageSettings overridden(ScaleOverride... overrides) {
        return StageSettings.NONE.with(List.of(overrides));
    }

    private static StageSettings startAware() {
        return new StageSettings(List.of(), List.of(), List.of(), RolloutRule.IGNORE, Optional.of(StartAware.DEFAULTS));
    }

    private static StageSettings rollouts(RolloutRule rule) {
        return new StageSettings(List.of(), List.of(), List.of(), rule, Optional.empty());
    }

    private static Observation cpu(int replicas, double value, long age) {
        return new Observation(
                SHOP,
                replicas,
                new MetricInput(
                        "cpu",
                        OptionalDouble.of(value),
                        Optional.of(NOON.minusSeconds(age)),
                        Optional.of(Duration.ofSeconds(age)),
                        "test"),
                Optional.empty(),
                Optional.empty());
    }

    private static Observation noCpu(int replicas) {
        return new Observation(
                SHOP,
                replicas,
                new MetricInput("cpu", OptionalDouble.empty(), Optional.empty(), Optional.empty(), "no answer"),
                Optional.of(ReasonCode.METRIC_FAILED),
                Optional.empty());
    }

    private static StagedOutcome decide(
            ScalingPolicy policy, StageSettings settings, StagedObservation seen, StagedHistory history, Instant now) {
        return Stages.decide(policy, settings, seen, history, now);
    }

    private static StagedOutcome decide(StageSettings settings, Observation seen) {
        return decide(THRESHOLD, settings, StagedObservation.of(seen), StagedHistory.none(THRESHOLD), NOON);
    }

    private static ReplicaFacts replica(String id, long startedAgo) {
        Instant started = NOON.minusSeconds(startedAgo);
        return new ReplicaFacts(
                id,
                ReplicaFacts.Phase.RUNNING,
                Optional.of(started),
                Optional.of(new ReplicaFacts.Readiness(true, started)));
    }

    private static ReplicaFacts pending(String id) {
        return new ReplicaFacts(id, ReplicaFacts.Phase.PENDING, Optional.empty(), Optional.empty());
    }

    private static ReplicaSample sample(long milli, long age) {
        return new ReplicaSample.Measured(milli, 1_000, NOON.minusSeconds(age), WINDOW);
    }

    private static StagedHistory after(StagedOutcome outcome) {
        return outcome.next();
    }

    @Test
    void withoutStagesThePolicyDecidesAlone() {
        for (double value : new double[] {90, 50, 10}) {
            StagedOutcome outcome = decide(StageSettings.NONE, cpu(8, value, 0));
            assertThat(outcome.alone())
                    .isEqualTo(ScalingDecider.decide(
                            THRESHOLD,
                            cpu(8, value, 0),
                            StagedHistory.none(THRESHOLD).policy(),
                            NOON));
            assertThat(outcome.target()).isEqualTo(outcome.alone().target());
            assertThat(outcome.clamps()).isEmpty();
        }
    }

    @Nested
    class Guards {
        private final MetricGuard hold = new MetricGuard(
                "cpu", Optional.of(Duration.ofSeconds(20)), new MetricGuard.OnBadData.Hold(), Optional.empty());
        private final MetricGuard upOnly = MetricGuard.of("cpu", Duration.ofSeconds(20));
        private final MetricGuard fallback = new MetricGuard(
                "cpu",
                Optional.empty(),
                new MetricGuard.OnBadData.Fallback(9, Duration.ofSeconds(60)),
                Optional.empty());
        private final MetricGuard zero = new MetricGuard(
                "cpu",
                Optional.empty(),
                new MetricGuard.OnBadData.UpOnly(),
                Optional.of(new MetricGuard.ZeroGuard(20, Duration.ofSeconds(60))));

        @Test
        void anOldReadingThatHoldsChangesNothingInEitherDirection() {
            assertThat(decide(guarded(hold), cpu(8, 90, 21)).target()).isEqualTo(8);
            assertThat(decide(guarded(hold), cpu(8, 10, 21)).reasons()).containsExactly(ReasonCode.METRIC_STALE);
            assertThat(decide(guarded(hold), cpu(8, 90, 20)).target()).isEqualTo(10);
        }

        @Test
        void anOldReadingMayStillSayUpButNeverDown() {
            assertThat(decide(guarded(upOnly), cpu(8, 90, 21)).target()).isEqualTo(10);
            StagedOutcome down = decide(guarded(upOnly), cpu(8, 10, 21));
            assertThat(down.target()).isEqualTo(8);
            assertThat(down.reasons()).startsWith(ReasonCode.METRIC_STALE);
        }

        @Test
        void outOfBoundsIsCorrectedFirstWhateverTheData() {
            assertThat(decide(guarded(hold), noCpu(2)).target()).isEqualTo(4);
            assertThat(decide(guarded(hold), noCpu(20)).target()).isEqualTo(16);
        }

        @Test
        void afterAWhileWithoutDataTheFallbackStandsIn() {
            StagedOutcome first = decide(guarded(fallback), noCpu(6));
            assertThat(first.target()).isEqualTo(6);
            StagedOutcome early = decide(
                    THRESHOLD, guarded(fallback), StagedObservation.of(noCpu(6)), after(first), NOON.plusSeconds(59));
            assertThat(early.target()).isEqualTo(6);
            StagedOutcome late = decide(
                    THRESHOLD, guarded(fallback), StagedObservation.of(noCpu(6)), after(early), NOON.plusSeconds(60));
            assertThat(late.target()).isEqualTo(9);
            assertThat(late.reasons()).startsWith(ReasonCode.FALLBACK_REPLICAS);
        }

        @Test
        void aFallbackNeverRemovesAnybodyAndStaysWithinBounds() {
            StagedHistory longBad = new StagedHistory(
                    StagedHistory.none(THRESHOLD).policy(),
                    List.of(new GuardMemory(
                            "cpu", Optional.of(NOON.minusSeconds(600)), Optional.empty(), OptionalDouble.empty())));
            assertThat(decide(THRESHOLD, guarded(fallback), StagedObservation.of(noCpu(12)), longBad, NOON)
                            .target())
                    .isEqualTo(12);
            ThresholdPolicy small = THRESHOLD.withBounds(4, 7);
            assertThat(decide(small, guarded(fallback), StagedObservation.of(noCpu(5)), longBad, NOON)
                            .target())
                    .isEqualTo(7);
        }

        @Test
        void aGoodReadingEndsTheWait() {
            StagedOutcome bad = decide(guarded(fallback), noCpu(6));
            StagedOutcome good = decide(
                    THRESHOLD,
                    guarded(fallback),
                    StagedObservation.of(cpu(6, 50, 0)),
                    after(bad),
                    NOON.plusSeconds(30));
            assertThat(good.next().guards())
                    .singleElement()
                    .satisfies(memory -> assertThat(memory.badSince()).isEmpty());
        }

        @Test
        void aFallToZeroIsNotBelievedForAWhile() {
            StagedOutcome busy = decide(guarded(zero), cpu(8, 60, 0));
            StagedOutcome first = decide(
                    THRESHOLD, guarded(zero), StagedObservation.of(cpu(8, 0, 0)), after(busy), NOON.plusSeconds(15));
            assertThat(first.target()).isEqualTo(8);
            assertThat(first.reasons()).startsWith(ReasonCode.METRIC_SUSPICIOUS_ZERO);
            StagedOutcome still = decide(
                    THRESHOLD, guarded(zero), StagedObservation.of(cpu(8, 0, 0)), after(first), NOON.plusSeconds(74));
            assertThat(still.target()).isEqualTo(8);
            StagedOutcome believed = decide(
                    THRESHOLD, guarded(zero), StagedObservation.of(cpu(8, 0, 0)), after(still), NOON.plusSeconds(75));
            assertThat(believed.target()).isEqualTo(6);
        }

        @Test
        void aValueThatFadesToZeroIsBelieved() {
            StagedOutcome low = decide(guarded(zero), cpu(8, 19, 0));
            assertThat(decide(THRESHOLD, guarded(zero), StagedObservation.of(cpu(8, 0, 0)), after(low), NOON)
                            .target())
                    .isEqualTo(6);
        }

        @Test
        void aClockThatJumpsBackKeepsAZeroUnbelievedForNoLongerThanTheJumpMore() {
            StagedOutcome busy = decide(guarded(zero), cpu(8, 60, 0));
            StagedOutcome first =
                    decide(THRESHOLD, guarded(zero), StagedObservation.of(cpu(8, 0, 0)), after(busy), NOON);
            StagedOutcome back = decide(
                    THRESHOLD, guarded(zero), StagedObservation.of(cpu(8, 0, 0)), after(first), NOON.minusSeconds(30));
            assertThat(back.target()).isEqualTo(8);
            assertThat(decide(
                                    THRESHOLD,
                                    guarded(zero),
                                    StagedObservation.of(cpu(8, 0, 0)),
                                    after(back),
                                    NOON.plusSeconds(60))
                            .target())
                    .isEqualTo(6);
        }

        @Test
        void ofATargetPolicyOldSamplesOfReplicasCountAsMissingAndForbidGoingDown() {
            MetricGuard guard = MetricGuard.of("queue", Duration.ofSeconds(20));
            List<ReplicaFacts> four =
                    List.of(replica("a", 999), replica("b", 999), replica("c", 999), replica("d", 999));
            TargetObservation low = TargetObservation.of(
                    SHOP,
                    4,
                    4,
                    four,
                    List.of(new MetricObservation.PerReplica(
                            List.of(sample(1_000, 0), sample(1_000, 0), sample(1_000, 0), sample(1_000, 60)))));
            StagedHistory history = new StagedHistory(
                    new TargetHistory(
                            List.of(new TargetHistory.Change(NOON.minusSeconds(9_999), 1)),
                            List.of(),
                            List.of(),
                            Optional.empty()),
                    List.of());
            assertThat(decide(TARGET, StageSettings.NONE, StagedObservation.of(low), history, NOON)
                            .target())
                    .isEqualTo(1);
            StagedOutcome outcome = decide(TARGET, guarded(guard), StagedObservation.of(low), history, NOON);
            assertThat(outcome.target()).isEqualTo(4);
            assertThat(outcome.reasons()).startsWith(ReasonCode.METRIC_STALE);
            assertThat(outcome.verdicts())
                    .singleElement()
                    .satisfies(verdict ->
                            assertThat(verdict.because()).isEqualTo("1 of 4 running replicas have no recent sample"));
        }

        @Test
        void ofATargetPolicyAZeroThatNobodyBelievesCountsAsFailed() {
            MetricGuard guard = new MetricGuard(
                    "lag",
                    Optional.empty(),
                    new MetricGuard.OnBadData.UpOnly(),
                    Optional.of(new MetricGuard.ZeroGuard(1, Duration.ofSeconds(60))));
            TargetPolicy policy = TargetPolicy.of(
                            List.of(new TargetMetric.Value("lag", 1_000), new TargetMetric.Value("queue", 1_000)),
                            1,
                            100)
                    .with(TARGET.up(), TARGET.down());
            List<ReplicaFacts> two = List.of(replica("a", 999), replica("b", 999));
            StagedHistory busy = new StagedHistory(
                    TargetHistory.NONE,
                    List.of(new GuardMemory("lag", Optional.empty(), Optional.empty(), OptionalDouble.of(5))));
            IntUnaryOperator decided = queue -> decide(
                            policy,
                            guarded(guard),
                            StagedObservation.of(TargetObservation.of(
                                    SHOP,
                                    2,
                                    2,
                                    two,
                                    List.of(
                                            new MetricObservation.Whole(0, NOON),
                                            new MetricObservation.Whole(queue, NOON)))),
                            busy,
                            NOON)
                    .target();
            assertThat(decided.applyAsInt(100)).isEqualTo(2);
            assertThat(decided.applyAsInt(2_000)).isEqualTo(4);
        }
    }

    @Nested
    class Schedules {
        private StageSettings at(int hour, int min, int max) {
            return new StageSettings(
                    List.of(),
                    List.of(new Schedule(
                            "office",
                            CronExpression.parse("0 " + hour + " * * *"),
                            ZoneOffset.UTC,
                            Duration.ofHours(2),
                            min < 0 ? OptionalInt.empty() : OptionalInt.of(min),
                            max < 0 ? OptionalInt.empty() : OptionalInt.of(max))),
                    List.of(),
                    RolloutRule.IGNORE,
                    Optional.empty());
        }

        @Test
        void aRaisedLowerBoundIsReachedAtOnceAndNamesItsSchedule() {
            StagedOutcome outcome = decide(at(11, 10, -1), cpu(6, 50, 0));
            assertThat(outcome.target()).isEqualTo(10);
            assertThat(outcome.reasons())
                    .containsExactly(ReasonCode.BELOW_MIN_REPLICAS, ReasonCode.SCHEDULED_MIN_REPLICAS);
            assertThat(outcome.bounds().minFrom()).contains("office");
        }

        @Test
        void aLoweredUpperBoundRemovesAndALoweredLowerBoundAllows() {
            assertThat(decide(at(11, -1, 5), cpu(8, 90, 0)).target()).isEqualTo(5);
            assertThat(decide(at(11, 1, -1), cpu(4, 10, 0)).target()).isEqualTo(2);
        }

        @Test
        void afterItsEndThePolicysBoundsAreBack() {
            assertThat(decide(at(10, 10, -1), cpu(6, 50, 0)).target()).isEqualTo(6);
        }

        @Test
        void aBoundOfZeroNeedsAPolicyThatMayRest() {
            assertThat(at(11, 0, -1).misfits(THRESHOLD))
                    .containsExactly("schedules.office.min_replicas is 0; expected 1 or more, or min_replicas 0 in the"
                            + " policy itself");
            assertThat(decide(at(11, 0, -1), cpu(4, 10, 0)).target()).isEqualTo(2);
        }
    }

    @Nested
    class Overrides {
        private final Instant later = NOON.plusSeconds(600);

        private ScaleOverride of(ScaleOverride.Kind kind) {
            return ScaleOverride.of(kind, "ada", "black friday", later);
        }

        private ScaleOverride pinned(int replicas) {
            return new ScaleOverride(ScaleOverride.Kind.PINNED, replicas, "ada", "black friday", later);
        }

        @Test
        void pausedNothingChangesAndTheRecordSaysWhatWould() {
            StagedOutcome outcome = decide(overridden(of(ScaleOverride.Kind.PAUSE)), cpu(8, 90, 0));
            assertThat(outcome.target()).isEqualTo(8);
            assertThat(outcome.reasons()).containsExactly(ReasonCode.PAUSED, ReasonCode.ABOVE_SCALE_UP_THRESHOLD);
            assertThat(outcome.clamps()).singleElement().satisfies(clamp -> {
                assertThat(clamp.before()).isEqualTo(10);
                assertThat(clamp.because()).isEqualTo("paused by ada until 2026-01-01T12:10:00Z (black friday)");
            });
        }

        @Test
        void oneDirectionForbidsTheOther() {
            assertThat(decide(overridden(of(ScaleOverride.Kind.UP_ONLY)), cpu(8, 10, 0))
                            .target())
                    .isEqualTo(8);
            assertThat(decide(overridden(of(ScaleOverride.Kind.UP_ONLY)), cpu(8, 90, 0))
                            .target())
                    .isEqualTo(10);
            assertThat(decide(overridden(of(ScaleOverride.Kind.DOWN_ONLY)), cpu(8, 90, 0))
                            .target())
                    .isEqualTo(8);
            assertThat(decide(overridden(of(ScaleOverride.Kind.DOWN_ONLY)), cpu(8, 10, 0))
                            .target())
                    .isEqualTo(6);
        }

        @Test
        void pinnedIsThatManyWithinTheBounds() {
            assertThat(decide(overridden(pinned(12)), cpu(8, 10, 0)).target()).isEqualTo(12);
            StagedOutcome outcome = decide(overridden(pinned(40)), cpu(8, 10, 0));
            assertThat(outcome.target()).isEqualTo(16);
            assertThat(outcome.reasons()).startsWith(ReasonCode.AT_MAX_REPLICAS, ReasonCode.PINNED);
        }

        @Test
        void aPauseHasTheLastWordWhateverTheOrder() {
            assertThat(decide(overridden(of(ScaleOverride.Kind.PAUSE), pinned(12)), cpu(8, 10, 0))
                            .target())
                    .isEqualTo(8);
        }

        @Test
        void expiredItDoesNothing() {
            ScaleOverride past = ScaleOverride.of(ScaleOverride.Kind.PAUSE, "ada", "black friday", NOON);
            assertThat(decide(overridden(past), cpu(8, 90, 0))).isEqualTo(decide(StageSettings.NONE, cpu(8, 90, 0)));
        }

        @Test
        void pausedItStaysWithinItsBounds() {
            assertThat(decide(overridden(of(ScaleOverride.Kind.PAUSE)), cpu(20, 90, 0))
                            .target())
                    .isEqualTo(16);
        }

        @Test
        void whoAndWhyMustBeSaid() {
            assertThatThrownBy(() -> ScaleOverride.of(ScaleOverride.Kind.PAUSE, "", "x", later))
                    .isInstanceOf(HyperionException.class)
                    .hasMessageContaining("expected both");
            assertThatThrownBy(() -> new ScaleOverride(ScaleOverride.Kind.PAUSE, 3, "ada", "x", later))
                    .hasMessageContaining("replicas 3; expected none");
        }
    }

    @Nested
    class StartingReplicas {
        private StagedObservation seen(double value, int old, int starting) {
            List<ReplicaFacts> replicas = new ArrayList<>();
            for (int i = 0; i < old; i++) {
                replicas.add(replica("old" + i, 3_600));
            }
            for (int i = 0; i < starting; i++) {
                replicas.add(pending("new" + i));
            }
            return new StagedObservation(
                    cpu(old + starting, value, 0), Optional.empty(), Optional.empty(), replicas, List.of());
        }

        private int target(StagedObservation seen) {
            return decide(THRESHOLD, startAware(), seen, StagedHistory.none(THRESHOLD), NOON)
                    .target();
        }

        @Test
        void aStepIsNotRepeatedWhileTheLastOneIsStarting() {
            // 90 on four; with the two on their way it will be 60
            assertThat(target(seen(90, 4, 2))).isEqualTo(6);
            assertThat(decide(THRESHOLD, StageSettings.NONE, seen(90, 4, 2), StagedHistory.none(THRESHOLD), NOON)
                            .target())
                    .isEqualTo(8);
        }

        @Test
        void aStepIsRepeatedIfThoseThatAreStartingWillNotDo() {
            assertThat(target(seen(120, 4, 2))).isEqualTo(8); // 80 to come
        }

        @Test
        void aReplicaThatDoesNotStartIsNotWaitedForForEver() {
            ReplicaFacts stuck = new ReplicaFacts(
                    "stuck",
                    ReplicaFacts.Phase.RUNNING,
                    Optional.of(NOON.minusSeconds(301)),
                    Optional.of(new ReplicaFacts.Readiness(false, NOON.minusSeconds(301))));
            StagedObservation seen = new StagedObservation(
                    cpu(6, 90, 0),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(replica("a", 999), replica("b", 999), replica("c", 999), replica("d", 999), stuck, stuck),
                    List.of());
            assertThat(target(seen)).isEqualTo(8);
        }

        @Test
        void theCpuOfAStartAddsNoReplicas() {
            // the mean over all is 68, that of those that work 52
            List<ReplicaFacts> replicas = List.of(
                    replica("a", 999), replica("b", 999), replica("c", 999), replica("d", 999), replica("e", 20));
            StagedObservation seen = new StagedObservation(
                    cpu(5, 82, 0),
                    Optional.empty(),
                    Optional.empty(),
                    replicas,
                    List.of(
                            sample(52_000, 0),
                            sample(52_000, 0),
                            sample(52_000, 0),
                            sample(52_000, 0),
                            sample(200_000, 0)));
            assertThat(target(seen)).isEqualTo(5);
            assertThat(decide(THRESHOLD, StageSettings.NONE, seen, StagedHistory.none(THRESHOLD), NOON)
                            .target())
                    .isEqualTo(7);
        }

        @Test
        void aTargetPolicyDoesNotGoDownBecauseFewOfItsReplicasAreReady() {
            // HPA: ceil(1.3 × 4 ready) = 6 of 8 wanted, though the value is above its target
            TargetPolicy policy = TargetPolicy.of(List.of(new TargetMetric.Value("lag", 1_000)), 1, 100)
                    .with(TARGET.up(), TARGET.down());
            List<ReplicaFacts> replicas = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                replicas.add(i < 4 ? replica("r" + i, 999) : pending("r" + i));
            }
            StagedObservation seen = StagedObservation.of(
                    TargetObservation.of(SHOP, 8, 8, replicas, List.of(new MetricObservation.Whole(1_300, NOON))));
            StagedHistory history = new StagedHistory(
                    new TargetHistory(
                            List.of(new TargetHistory.Change(NOON.minusSeconds(9_999), 1)),
                            List.of(),
                            List.of(),
                            Optional.empty()),
                    List.of());
            assertThat(decide(policy, StageSettings.NONE, seen, history, NOON).target())
                    .isEqualTo(6);
            StagedOutcome outcome = decide(policy, startAware(), seen, history, NOON);
            assertThat(outcome.target()).isEqualTo(8);
            assertThat(outcome.reasons()).startsWith(ReasonCode.REPLICAS_STARTING);
        }
    }

    @Nested
    class Rollouts {
        private StagedObservation seen(boolean shifting, MetricObservation reading, TargetObservation base) {
            return new StagedObservation(
                    TargetObservation.of(SHOP, base.wanted(), base.present(), base.replicas(), List.of(reading)),
                    Optional.empty(),
                    Optional.of(new RolloutFacts("r1", shifting, List.of("new0", "new1", "new2", "new3"))),
                    List.of(),
                    List.of());
        }

        private TargetObservation both() {
            List<ReplicaFacts> replicas = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                replicas.add(replica((i < 4 ? "old" : "new") + i % 4, 999));
            }
            return TargetObservation.of(SHOP, 4, 8, replicas, List.of());
        }

        private MetricObservation each(long milli) {
            List<ReplicaSample> samples = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                samples.add(sample(milli, 0));
            }
            return new MetricObservation.PerReplica(samples);
        }

        private int target(TargetMetric metric, RolloutRule rule, StagedObservation seen) {
            TargetPolicy policy = TargetPolicy.of(List.of(metric), 1, 100).with(TARGET.up(), TARGET.down());
            return decide(policy, rollouts(rule), seen, StagedHistory.none(policy), NOON)
                    .target();
        }

        @Test
        void aValueDoesNotMultiplyTheCanaryToo() {
            // a ratio of 1.5: six, but the controller multiplies the eight that are ready
            TargetMetric lag = new TargetMetric.Value("lag", 1_000);
            StagedObservation seen = seen(false, new MetricObservation.Whole(1_500, NOON), both());
            assertThat(target(lag, RolloutRule.IGNORE, seen)).isEqualTo(8); // twelve, limited to twice as many
            assertThat(target(lag, RolloutRule.COUNT_ONCE, seen)).isEqualTo(6);
        }

        @Test
        void aShareWithinToleranceOfBothVersionsDoesNotDoubleTheFleet() {
            TargetMetric requests = new TargetMetric.ValuePerReplica("requests", 1_000);
            StagedObservation seen = seen(false, new MetricObservation.Whole(7_800, NOON), both());
            assertThat(target(requests, RolloutRule.IGNORE, seen)).isEqualTo(8);
            StagedObservation four = seen(false, new MetricObservation.Whole(4_000, NOON), both());
            assertThat(target(requests, RolloutRule.COUNT_ONCE, four)).isEqualTo(4);
        }

        @Test
        void theLoadOfBothVersionsIsMetByTheReplicasOfOne() {
            TargetMetric queue = new TargetMetric.PerReplica("queue", 10_000, false);
            assertThat(target(queue, RolloutRule.COUNT_ONCE, seen(false, each(7_500), both())))
                    .isEqualTo(6); // 8 × 7.5 = 60
            assertThat(target(queue, RolloutRule.COUNT_ONCE, seen(false, each(5_000), both())))
                    .isEqualTo(4);
        }

        /** Any load, shared by four replicas or by four and a full canary: the same number is wanted. */
        @Test
        void aCanaryNeverChangesWhatALoadAsksFor() {
            List<ReplicaFacts> four = both().replicas().subList(0, 4);
            for (TargetMetric metric : List.of(
                    new TargetMetric.PerReplica("queue", 10_000, false),
                    new TargetMetric.Utilization("cpu", 50, true),
                    new TargetMetric.ValuePerReplica("requests", 10_000))) {
                for (long load = 8_000; load < 200_000; load += 8_000) {
                    long share = metric instanceof TargetMetric.Utilization ? load / 20 : load;
                    boolean whole = metric instanceof TargetMetric.ValuePerReplica;
                    MetricObservation alone = whole
                            ? new MetricObservation.Whole(load, NOON)
                            : new MetricObservation.PerReplica(Collections.nCopies(4, sample(share / 4, 0)));
                    MetricObservation shared = whole ? alone : each(share / 8);
                    int without = target(
                            metric,
                            RolloutRule.COUNT_ONCE,
                            StagedObservation.of(TargetObservation.of(SHOP, 4, 4, four, List.of(alone))));
                    assertThat(target(metric, RolloutRule.COUNT_ONCE, seen(false, shared, both())))
                            .as("%s at %d", metric, load)
                            .isEqualTo(without);
                }
            }
        }

        @Test
        void whileTrafficShiftsNothingChanges() {
            TargetMetric lag = new TargetMetric.Value("lag", 1_000);
            StagedObservation seen = seen(true, new MetricObservation.Whole(9_000, NOON), both());
            assertThat(target(lag, RolloutRule.COUNT_ONCE, seen)).isEqualTo(4);
            assertThat(target(lag, RolloutRule.HOLD, seen(false, new MetricObservation.Whole(9_000, NOON), both())))
                    .isEqualTo(4);
        }
    }

    @Test
    void aHoldForbidsEverythingAndSaysWhy() {
        StagedObservation held = new StagedObservation(
                cpu(2, 90, 0),
                Optional.of(new Hold(ReasonCode.ROLLOUT_IN_PROGRESS, "rollout r1 is running")),
                Optional.empty(),
                List.of(),
                List.of());
        StagedHistory history = StagedHistory.none(THRESHOLD);
        StagedOutcome outcome = decide(THRESHOLD, StageSettings.NONE, held, history, NOON);
        assertThat(outcome.target()).isEqualTo(2);
        assertThat(outcome.reasons()).startsWith(ReasonCode.ROLLOUT_IN_PROGRESS);
        assertThat(Stages.explain(StageSettings.NONE, held, history, outcome, NOON)
                        .basis()
                        .rationale())
                .startsWith("rollout r1 is running");
    }

    @Test
    void aDecisionTellsEveryClampInOrderAndTheReadingAsItWas() {
        StageSettings settings =
                overridden(ScaleOverride.of(ScaleOverride.Kind.PAUSE, "ada", "black friday", NOON.plusSeconds(600)));
        StagedObservation seen = StagedObservation.of(cpu(15, 90, 7));
        StagedHistory history = StagedHistory.none(THRESHOLD);
        ScaleDecision decision =
                Stages.explain(settings, seen, history, decide(THRESHOLD, settings, seen, history, NOON), NOON);
        assertThat(decision.basis().clamps())
                .extracting(clamp -> clamp.code() + " " + clamp.before() + " " + clamp.after())
                .containsExactly("AT_MAX_REPLICAS 17 16", "PAUSED 16 15");
        assertThat(decision.basis().rationale())
                .isEqualTo("cpu is 90, above 75: from 15 to 16 replicas; then 15: paused by ada until"
                        + " 2026-01-01T12:10:00Z (black friday)");
        assertThat(decision.basis().inputs())
                .singleElement()
                .satisfies(input -> assertThat(input.age()).contains(Duration.ofSeconds(7)));
    }

    @Test
    void aGuardOfAMetricThatThePolicyDoesNotHaveIsAMistake() {
        assertThat(guarded(MetricGuard.of("memory", WINDOW)).misfits(THRESHOLD))
                .containsExactly("guards has a guard of memory; expected one of [cpu]");
    }
}
