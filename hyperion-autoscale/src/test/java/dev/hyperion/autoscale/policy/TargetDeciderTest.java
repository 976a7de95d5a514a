// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import static dev.hyperion.autoscale.policy.Fleet.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScalingRules;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TargetDeciderTest {
    private static final TargetMetric LAG = new TargetMetric.Value("lag", 1_000);
    private static final Duration QUARTER = Duration.ofSeconds(15);

    private static TargetPolicy policy(int min, int max) {
        return TargetPolicy.of(List.of(LAG), min, max);
    }

    private static ScalingRules rules(Duration window, ScalingRules.Select select, ScalingRules.Limit... limits) {
        return new ScalingRules(window, List.of(limits), select, 0.1);
    }

    private static ScalingRules.Limit replicas(int value, int seconds) {
        return new ScalingRules.Limit(ScalingRules.Unit.REPLICAS, value, Duration.ofSeconds(seconds));
    }

    private static ScalingRules.Limit percent(int value, int seconds) {
        return new ScalingRules.Limit(ScalingRules.Unit.PERCENT, value, Duration.ofSeconds(seconds));
    }

    /** So many ready replicas, and a value that asks for {@code asked} of them. */
    private static TargetObservation asking(int ready, double asked) {
        Fleet fleet = new Fleet().ready(new long[ready]);
        double ratio = ready == 0 ? asked : asked / ready;
        return fleet.seen(new MetricObservation.Whole((long) (ratio * 1_000), NOON));
    }

    private static TargetHistory recommended(int... secondsAgoAndReplicas) {
        TargetHistory history = TargetHistory.NONE;
        for (int i = 0; i < secondsAgoAndReplicas.length; i += 2) {
            history = new TargetHistory(
                    java.util.stream.Stream.concat(
                                    history.recommendations().stream(),
                                    java.util.stream.Stream.of(new TargetHistory.Change(
                                            NOON.minusSeconds(secondsAgoAndReplicas[i]), secondsAgoAndReplicas[i + 1])))
                            .toList(),
                    List.of(),
                    List.of(),
                    Optional.empty());
        }
        return history;
    }

    private static TargetOutcome decide(TargetPolicy policy, TargetObservation seen, TargetHistory history) {
        return TargetDecider.decide(policy, seen, history, NOON);
    }

    @Nested
    class BeforeAnyMetric {
        @Test
        void anApplicationWithoutReplicasIsSwitchedOffUnlessItMayRest() {
            assertThat(decide(policy(1, 10), asking(0, 5), TargetHistory.NONE).reasons())
                    .containsExactly(ReasonCode.SCALING_DISABLED);
            assertThat(decide(policy(0, 10), asking(0, 3), TargetHistory.NONE).target())
                    .isEqualTo(3);
        }

        @Test
        void outOfBoundsIsCorrectedWhateverTheMetricSays() {
            assertThat(decide(policy(1, 5), asking(8, 8), TargetHistory.NONE).target())
                    .isEqualTo(5);
            assertThat(decide(policy(4, 5), asking(2, 1), TargetHistory.NONE).reasons())
                    .containsExactly(ReasonCode.BELOW_MIN_REPLICAS);
        }
    }

    @Nested
    class SeveralMetrics {
        private final TargetPolicy two = TargetPolicy.of(List.of(LAG, new TargetMetric.Value("queue", 1_000)), 1, 100);

        private TargetOutcome of(MetricObservation lag, MetricObservation queue) {
            return decide(two, new Fleet().ready(0, 0, 0, 0).seen(lag, queue), TargetHistory.NONE);
        }

        private static MetricObservation value(long milli) {
            return new MetricObservation.Whole(milli, NOON);
        }

        @Test
        void theLargestProposalWins() {
            assertThat(of(value(1_500), value(2_000)).raw()).isEqualTo(8);
        }

        @Test
        void oneThatFailedDoesNotForbidGoingUp() {
            assertThat(of(new MetricObservation.Failed("no answer"), value(1_500))
                            .target())
                    .isEqualTo(6);
        }

        @Test
        void oneThatFailedForbidsGoingDown() {
            TargetOutcome outcome = of(new MetricObservation.Failed("no answer"), value(100));
            assertThat(outcome.target()).isEqualTo(4);
            assertThat(outcome.reasons()).containsExactly(ReasonCode.DOWN_ON_PARTIAL_METRICS);
        }

        @Test
        void ifAllFailedNothingChangesAndNothingIsRemembered() {
            TargetOutcome outcome =
                    of(new MetricObservation.Failed("no answer"), new MetricObservation.Failed("nor this"));
            assertThat(outcome.target()).isEqualTo(4);
            assertThat(outcome.reasons()).containsExactly(ReasonCode.METRIC_FAILED);
            assertThat(outcome.next().recommendations())
                    .extracting(TargetHistory.Change::replicas)
                    .containsExactly(4); // only the count that was met at first
        }

        @Test
        void aNegativeValueAsksForNothingAndIsNoFailure() {
            TargetOutcome outcome = decide(
                    two,
                    new Fleet().ready(0, 0, 0, 0).seen(value(-9_000), value(Long.MIN_VALUE)),
                    recommended(9_999, 1));
            assertThat(outcome.proposals()).allMatch(MetricProposal::usable);
            assertThat(outcome.raw()).isZero();
            assertThat(outcome.target()).isEqualTo(1);
            assertThat(of(value(-9_000), value(1_500)).raw()).isEqualTo(6);
        }

        @Test
        void aResourceThatNobodyMeasuresWithoutReplicasKeepsNobodyFromWaking() {
            TargetPolicy resting = TargetPolicy.of(List.of(new TargetMetric.Utilization("cpu", 50, true), LAG), 0, 100);
            Fleet none = new Fleet();
            assertThat(decide(resting, none.seen(none.reading(), value(3_000)), TargetHistory.NONE)
                            .target())
                    .isEqualTo(3);
            assertThat(decide(resting, none.seen(none.reading(), value(0)), TargetHistory.NONE)
                            .reasons())
                    .containsExactly(ReasonCode.AT_TARGET);
        }

        @Test
        void readingsThatDoNotFitThePolicyAreRefused() {
            assertThatThrownBy(() -> decide(two, asking(1, 1), TargetHistory.NONE))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 readings for 2 metrics");
        }
    }

    @Nested
    class Stabilization {
        private final TargetPolicy window = policy(1, 100)
                .with(rules(Duration.ofSeconds(60), ScalingRules.Select.MAX), ScalingRules.downDefaults());

        @Test
        void downIsTheLargestOfTheWindow() {
            TargetOutcome outcome = decide(policy(1, 100), asking(10, 2), recommended(200, 7, 100, 5));
            assertThat(outcome.target()).isEqualTo(7);
            assertThat(outcome.reasons()).startsWith(ReasonCode.SCALE_DOWN_STABILIZED);
        }

        @Test
        void whatIsExactlyAsOldAsTheWindowIsForgotten() {
            assertThat(decide(policy(1, 100), asking(10, 2), recommended(300, 9, 299, 4))
                            .target())
                    .isEqualTo(4);
        }

        @Test
        void upIsTheSmallestOfTheWindow() {
            TargetOutcome outcome = decide(window, asking(4, 16), recommended(50, 6, 20, 9));
            assertThat(outcome.stabilized()).isEqualTo(6);
            assertThat(outcome.reasons()).startsWith(ReasonCode.SCALE_UP_STABILIZED);
        }

        @Test
        void aSmallOneOfTheWindowNeverTurnsUpIntoDown() {
            assertThat(decide(window, asking(4, 16), recommended(50, 1)).target())
                    .isEqualTo(4);
        }

        @Test
        void theFirstDecisionRemembersWhatItMet() {
            // a controller that has just started does not go down before its window has passed
            TargetOutcome first = decide(policy(1, 100), asking(10, 2), TargetHistory.NONE);
            assertThat(first.target()).isEqualTo(10);
            TargetOutcome later =
                    TargetDecider.decide(policy(1, 100), asking(10, 2), first.next(), NOON.plusSeconds(299));
            assertThat(later.target()).isEqualTo(10);
            assertThat(TargetDecider.decide(policy(1, 100), asking(10, 2), later.next(), NOON.plusSeconds(300))
                            .target())
                    .isEqualTo(2);
        }

        @Test
        void whatIsRememberedIsTheRecommendationBeforeLimitsAndBounds() {
            assertThat(decide(policy(1, 6), asking(5, 50), TargetHistory.NONE)
                            .next()
                            .recommendations())
                    .extracting(TargetHistory.Change::replicas)
                    .containsExactly(5, 50);
        }
    }

    @Nested
    class Limits {
        private final ScalingRules slowDown = rules(Duration.ZERO, ScalingRules.Select.MAX, percent(10, 60));

        private static TargetHistory changed(int addedAgo, int added, int removedAgo, int removed) {
            return new TargetHistory(
                    List.of(),
                    List.of(new TargetHistory.Change(NOON.minusSeconds(addedAgo), added)),
                    List.of(new TargetHistory.Change(NOON.minusSeconds(removedAgo), removed)),
                    Optional.empty());
        }

        @Test
        void byDefaultUpIsTheLargerOfFourAndDouble() {
            assertThat(decide(policy(1, 100), asking(1, 50), TargetHistory.NONE).target())
                    .isEqualTo(5);
            assertThat(decide(policy(1, 100), asking(10, 50), TargetHistory.NONE)
                            .target())
                    .isEqualTo(20);
        }

        @Test
        void whatCameInThePeriodCounts() {
            TargetOutcome outcome = decide(policy(1, 100), asking(10, 50), changed(14, 5, 9_999, 0));
            assertThat(outcome.target()).isEqualTo(10); // 5 at the begin: 9 or 10
            assertThat(outcome.reasons()).startsWith(ReasonCode.SCALE_UP_LIMIT);
        }

        @Test
        void anEventExactlyOnePeriodOldDoesNotCount() {
            assertThat(decide(policy(1, 100), asking(10, 50), changed(15, 5, 9_999, 0))
                            .target())
                    .isEqualTo(20);
        }

        @Test
        void whatWentInThePeriodCountsTheOtherWay() {
            // twelve at the begin: 24 rather than 20
            assertThat(decide(policy(1, 100), asking(10, 50), changed(9_999, 0, 5, 2))
                            .target())
                    .isEqualTo(24);
        }

        @Test
        void theSmallerLimitCountsIfAskedFor() {
            TargetPolicy policy = policy(1, 100)
                    .with(rules(Duration.ZERO, ScalingRules.Select.MIN, replicas(4, 15), percent(100, 15)), slowDown);
            assertThat(decide(policy, asking(10, 50), TargetHistory.NONE).target())
                    .isEqualTo(14);
        }

        @Test
        void aDirectionCanBeSwitchedOff() {
            TargetPolicy noDown =
                    policy(1, 100).with(ScalingRules.upDefaults(), rules(Duration.ZERO, ScalingRules.Select.DISABLED));
            assertThat(decide(noDown, asking(10, 2), TargetHistory.NONE).target())
                    .isEqualTo(10);
        }

        @Test
        void downPercentagesAreCutOffTowardsFewer() {
            TargetPolicy policy = policy(1, 100).with(ScalingRules.upDefaults(), slowDown);
            assertThat(decide(policy, asking(15, 1), TargetHistory.NONE).target())
                    .isEqualTo(13); // 13.5
            assertThat(decide(policy, asking(1, 0.1), TargetHistory.NONE).target())
                    .isEqualTo(1);
        }

        @Test
        void upPercentagesAreRoundedUp() {
            TargetPolicy policy =
                    policy(1, 100).with(rules(Duration.ZERO, ScalingRules.Select.MAX, percent(10, 60)), slowDown);
            assertThat(decide(policy, asking(1, 50), TargetHistory.NONE).target())
                    .isEqualTo(2);
        }

        @Test
        void afterTooManyCameItWaitsAndDoesNotGoBack() {
            assertThat(decide(policy(1, 100), asking(10, 50), changed(3, 9, 9_999, 0))
                            .target())
                    .isEqualTo(10);
        }
    }

    @Test
    void whereALimitAndABoundAgreeTheBoundIsNamed() {
        assertThat(decide(policy(1, 20), asking(10, 50), TargetHistory.NONE).reasons())
                .startsWith(ReasonCode.AT_MAX_REPLICAS);
        TargetPolicy down = policy(9, 20)
                .with(ScalingRules.upDefaults(), rules(Duration.ZERO, ScalingRules.Select.MAX, replicas(1, 60)));
        assertThat(decide(down, asking(10, 2), recommended(9_999, 1)).reasons()).startsWith(ReasonCode.AT_MIN_REPLICAS);
    }

    @Test
    void theBoundIsTheLastWord() {
        TargetOutcome outcome = decide(policy(1, 12), asking(10, 50), TargetHistory.NONE);
        assertThat(outcome.limited()).isEqualTo(20);
        assertThat(outcome.target()).isEqualTo(12);
        assertThat(outcome.reasons()).startsWith(ReasonCode.AT_MAX_REPLICAS, ReasonCode.SCALE_UP_LIMIT);
    }

    @Nested
    class Resting {
        private final TargetPolicy resting = new TargetPolicy(
                List.of(LAG),
                0,
                10,
                ScalingRules.upDefaults(),
                rules(Duration.ZERO, ScalingRules.Select.MAX),
                false,
                TargetPolicy.StartUp.DEFAULTS,
                Optional.empty(),
                500,
                QUARTER,
                QUARTER.multipliedBy(3),
                Optional.empty(),
                Optional.empty());

        private static TargetObservation value(int ready, long milli) {
            return new Fleet().ready(new long[ready]).seen(new MetricObservation.Whole(milli, NOON));
        }

        @Test
        void aTrickleWakesNobody() {
            assertThat(decide(resting, value(0, 500), TargetHistory.NONE).target())
                    .isZero();
            assertThat(decide(resting, value(0, 501), TargetHistory.NONE).target())
                    .isEqualTo(1);
        }

        @Test
        void belowActivationTheLastReplicaGoesAndAboveItStays() {
            assertThat(decide(resting, value(2, 400), recommended(9_999, 1)).target())
                    .isZero();
            assertThat(decide(resting, value(2, 501), recommended(9_999, 1)).target())
                    .isPositive();
        }
    }

    @Nested
    class Panic {
        private final TargetPolicy nervous = new TargetPolicy(
                List.of(LAG),
                1,
                1_000,
                rules(Duration.ZERO, ScalingRules.Select.MAX),
                rules(Duration.ZERO, ScalingRules.Select.MAX),
                false,
                TargetPolicy.StartUp.DEFAULTS,
                Optional.of(TargetPolicy.Panic.DEFAULTS),
                0,
                QUARTER,
                QUARTER.multipliedBy(3),
                Optional.empty(),
                Optional.empty());

        private TargetOutcome at(int second, int ready, double calm, double urgent, TargetHistory history) {
            TargetObservation seen = asking(ready, calm);
            TargetObservation both = new TargetObservation(
                    seen.application(),
                    seen.wanted(),
                    seen.present(),
                    seen.replicas(),
                    seen.metrics(),
                    List.of(new MetricObservation.Whole((long) (urgent / ready * 1_000), NOON)));
            return TargetDecider.decide(nervous, both, history, NOON.plusSeconds(second));
        }

        @Test
        void beginsWhenTheShortWindowWantsTwiceWhatIsReady() {
            assertThat(at(0, 10, 11, 19, TargetHistory.NONE).reasons()).doesNotContain(ReasonCode.PANIC);
            TargetOutcome outcome = at(0, 10, 11, 20, TargetHistory.NONE);
            assertThat(outcome.reasons()).contains(ReasonCode.PANIC);
            assertThat(outcome.target()).isEqualTo(20);
        }

        @Test
        void nothingGoesDownUntilItHasBeenCalmForAStableWindow() {
            TargetHistory history = at(0, 10, 11, 30, TargetHistory.NONE).next();
            assertThat(at(30, 30, 5, 5, history).target()).isEqualTo(30);
            assertThat(at(60, 30, 5, 5, history).target()).isEqualTo(30);
            assertThat(at(61, 30, 20, 20, history).target()).isEqualTo(20);
        }

        @Test
        void oneDecisionDoesNotGoFurtherDownThanTheRate() {
            assertThat(at(0, 30, 3, 3, recommended(9_999, 1)).target()).isEqualTo(15);
        }
    }

    @Test
    void theSameInputsGiveTheSameOutcome() {
        TargetHistory history = recommended(200, 7, 100, 5);
        assertThat(decide(policy(1, 100), asking(10, 2), history))
                .isEqualTo(decide(policy(1, 100), asking(10, 2), history));
    }

    @Test
    void whatWasAppliedIsRememberedForAsLongAsAPeriodMayBe() {
        Instant later = NOON.plus(ScalingRules.LONGEST_PERIOD).plusSeconds(1);
        TargetHistory history =
                TargetHistory.NONE.applied(2, 5, NOON).applied(5, 5, later).applied(5, 6, later);
        assertThat(history.added()).containsExactly(new TargetHistory.Change(later, 1));
    }
}
