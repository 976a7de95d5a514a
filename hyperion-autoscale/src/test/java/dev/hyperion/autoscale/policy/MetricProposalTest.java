// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import static dev.hyperion.autoscale.policy.Fleet.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What one metric proposes, case by case as the HPA has it. In comments: what a naive answer would be. */
class MetricProposalTest {
    private static MetricProposal proposal(TargetMetric metric, TargetObservation seen) {
        TargetOutcome outcome = TargetDecider.decide(
                TargetPolicy.of(List.of(metric), seen.wanted() == 0 ? 0 : 1, 1_000_000),
                seen,
                TargetHistory.NONE,
                NOON);
        return outcome.proposals().get(0);
    }

    private static MetricProposal cpu(int percent, Fleet fleet) {
        return proposal(new TargetMetric.Utilization("cpu", percent, true), fleet.seen());
    }

    private static MetricProposal queue(long milli, Fleet fleet) {
        return proposal(new TargetMetric.PerReplica("queue", milli, false), fleet.seen());
    }

    private static MetricProposal whole(TargetMetric metric, Fleet fleet, long milli) {
        return proposal(metric, fleet.seen(new MetricObservation.Whole(milli, NOON)));
    }

    @Nested
    class OfAUtilization {
        @Test
        void growsByTheRatioRoundedUp() {
            assertThat(cpu(50, new Fleet().ready(600, 700, 800)).replicas()).isEqualTo(5); // 70 / 50 × 3 = 4.2
        }

        @Test
        void shrinksByTheRatioRoundedUp() {
            assertThat(cpu(50, new Fleet().ready(100, 200, 300, 400)).replicas())
                    .isEqualTo(2);
        }

        @Test
        void bothEdgesOfTheToleranceChangeNothing() {
            assertThat(cpu(50, new Fleet().ready(550, 550)).reason()).isEqualTo(ReasonCode.WITHIN_TOLERANCE);
            assertThat(cpu(50, new Fleet().ready(450, 450)).reason()).isEqualTo(ReasonCode.WITHIN_TOLERANCE);
            assertThat(cpu(50, new Fleet().ready(560, 560)).replicas()).isEqualTo(3);
        }

        @Test
        void percentagesAreCutOff() {
            // 559 of 1000 is 55 %, a ratio of 1.1 and within tolerance; 55.9 % would not be
            MetricProposal proposal = cpu(50, new Fleet().ready(559, 559));
            assertThat(proposal.current()).isEqualTo(55);
            assertThat(proposal.replicas()).isEqualTo(2);
        }

        @Test
        void itIsOfTheSumOfRequestsNotTheMeanOfPercentages() {
            MetricProposal proposal = proposal(
                    new TargetMetric.Utilization("cpu", 100, true),
                    TargetObservation.of(
                            Fleet.SHOP,
                            2,
                            2,
                            new Fleet().ready(0, 0).seen().replicas(),
                            List.of(new MetricObservation.PerReplica(List.of(
                                    new ReplicaSample.Measured(1_000, 100, NOON, java.time.Duration.ofSeconds(30)),
                                    new ReplicaSample.Measured(
                                            1_000, 9_900, NOON, java.time.Duration.ofSeconds(30)))))));
            assertThat(proposal.current()).isEqualTo(20); // the mean of 1000 % and 10 % is 505 %
        }

        @Test
        void goingUpMissingReplicasCountAsIdle() {
            // 90 / 60 × 4 would be 6; with the two missing idle it is 45 / 60: the other direction, so nothing
            MetricProposal proposal = cpu(60, new Fleet().ready(900, 900).missing(2));
            assertThat(proposal.replicas()).isEqualTo(4);
            assertThat(proposal.ratio()).isEqualTo(1.5);
            assertThat(proposal.adjustedRatio()).isEqualTo(0.75);
        }

        @Test
        void goingUpWithFewMissingReplicasGoesLessFar() {
            assertThat(cpu(30, new Fleet().ready(900, 900, 900).missing(1)).replicas())
                    .isEqualTo(9); // 67 / 30 × 4 = 8.9; naive 3 × 3 + 1
        }

        @Test
        void goingDownMissingReplicasCountAsBusy() {
            // 10 / 50 × 4 would be 1; with one at 100 % it is 32 / 50 × 4 = 2.6
            assertThat(cpu(50, new Fleet().ready(100, 100, 100).missing(1)).replicas())
                    .isEqualTo(3);
        }

        @Test
        void goingDownWithATargetAboveTheRequestMissingReplicasCountAsTheTarget() {
            // 120 / 200 down; one missing at 200 % makes 140 / 200 × 4 = 2.8; at 100 % it would be 115 / 200 × 4 = 2.3
            assertThat(cpu(200, new Fleet().ready(1_200, 1_200, 1_200).missing(1))
                            .current())
                    .isEqualTo(120);
            assertThat(cpu(200, new Fleet().ready(1_200, 1_200, 1_200).missing(1))
                            .adjustedRatio())
                    .isEqualTo(0.7);
        }

        @Test
        void unreadyReplicasCountAsIdleWhenItGoesUpAndNotAtAllWhenItGoesDown() {
            assertThat(cpu(30, new Fleet().ready(900, 900).pending(1)).replicas())
                    .isEqualTo(6); // 60 / 30 × 3
            assertThat(cpu(60, new Fleet().ready(200, 200, 200).pending(1)).replicas())
                    .isEqualTo(1); // 20 / 60 × 3; of all four it would be 2
        }

        @Test
        void aReplicaThatIsWarmingUpDoesNotCount() {
            // started 20 s ago and ready since 10 s: the sample's 30 s reach back before that
            MetricProposal proposal = cpu(50, new Fleet().ready(400, 400).running(20, true, 10, 1_000));
            assertThat(proposal.unready()).isEqualTo(1);
            assertThat(proposal.current()).isEqualTo(40);
        }

        @Test
        void aReplicaWhoseSampleBeganExactlyWhenItBecameReadyCounts() {
            assertThat(cpu(50, new Fleet().running(60, true, 30, 500)).counted())
                    .isEqualTo(1);
            assertThat(cpu(50, new Fleet().ready(500).running(60, true, 29, 500))
                            .unready())
                    .isEqualTo(1);
        }

        @Test
        void afterWarmUpAReplicaThatWasReadyOnceCountsEvenIfItIsNotNow() {
            assertThat(cpu(50, new Fleet().running(3_600, false, 60, 500)).counted())
                    .isEqualTo(1);
        }

        @Test
        void afterWarmUpAReplicaThatWasNeverReadyDoesNotCount() {
            assertThat(cpu(50, new Fleet().ready(500).running(3_600, false, 3_590, 900))
                            .unready())
                    .isEqualTo(1);
        }

        @Test
        void whoEndsOrHasFailedDoesNotExist() {
            MetricProposal proposal = cpu(
                    50,
                    new Fleet()
                            .ready(500, 500)
                            .in(ReplicaFacts.Phase.TERMINATING, 1_000)
                            .in(ReplicaFacts.Phase.FAILED, 1_000)
                            .wanting(2));
            assertThat(proposal.counted()).isEqualTo(2);
            assertThat(proposal.replicas()).isEqualTo(2);
        }

        @Test
        void withoutAnyUsableSampleThereIsNoProposal() {
            assertThat(cpu(50, new Fleet().missing(3)).usable()).isFalse();
            assertThat(cpu(50, new Fleet().pending(2)).reason()).isEqualTo(ReasonCode.METRIC_MISSING);
            assertThat(cpu(50, new Fleet().pending(2).missing(1)).unready()).isEqualTo(2);
            assertThat(cpu(50, new Fleet().pending(2).missing(1)).missing()).isEqualTo(1);
        }

        @Test
        void withoutARequestThereIsNoPercentage() {
            assertThat(cpu(50, new Fleet().ready(500).requesting(-1)).problem()).contains("requests none");
            assertThat(cpu(50, new Fleet().ready(500).requesting(0)).problem()).contains("request 0");
        }

        @Test
        void sumsBeyondSixtyFourBitsGoRoundAsTheControllersDo() {
            long half = 1L << 62;
            MetricProposal proposal =
                    cpu(50, new Fleet().ready(half, half, half).requesting(1_000));
            // 3 × 2^62 goes round to -2^62, which times 100 goes round to 0
            assertThat(proposal.usable()).isTrue();
            assertThat(proposal.current()).isZero();
            // requests whose sum with the missing replicas' is 0 in 64 bits give no percentage, and no exception
            assertThat(proposal(
                                    new TargetMetric.Utilization("cpu", 50, true),
                                    TargetObservation.of(
                                            Fleet.SHOP,
                                            4,
                                            4,
                                            new Fleet().ready(0, 0, 0, 0).seen().replicas(),
                                            List.of(new MetricObservation.PerReplica(List.of(
                                                    using(0, half),
                                                    new ReplicaSample.Missing(half),
                                                    new ReplicaSample.Missing(half),
                                                    new ReplicaSample.Missing(half))))))
                            .problem())
                    .contains("too much");
        }

        private static ReplicaSample using(long milli, long request) {
            return new ReplicaSample.Measured(milli, request, NOON, java.time.Duration.ofSeconds(30));
        }

        @Test
        void terabytesDoNotOverflow() {
            long tebibyte = (1L << 40) * 1_000;
            assertThat(cpu(
                                    50,
                                    new Fleet()
                                            .ready(tebibyte / 10 * 8, tebibyte / 10 * 8)
                                            .requesting(tebibyte))
                            .replicas())
                    .isEqualTo(4); // 79 / 50 × 2
        }
    }

    @Nested
    class OfAMeanPerReplica {
        @Test
        void growsAndShrinksByTheRatio() {
            assertThat(queue(10_000, new Fleet().ready(20_000, 30_000)).replicas())
                    .isEqualTo(5);
            assertThat(queue(10_000, new Fleet().ready(1_000, 2_000, 3_000)).replicas())
                    .isEqualTo(1);
        }

        @Test
        void meansAreCutOffToThousandths() {
            MetricProposal proposal = queue(3, new Fleet().ready(3, 4));
            assertThat(proposal.current()).isEqualTo(3);
            assertThat(proposal.reason()).isEqualTo(ReasonCode.WITHIN_TOLERANCE);
        }

        @Test
        void goingDownMissingReplicasCountAsTheTarget() {
            // 2 / 10: with one of four at the target 4 / 10 × 4 = 1.6
            assertThat(queue(10_000, new Fleet().ready(2_000, 2_000, 2_000).missing(1))
                            .replicas())
                    .isEqualTo(2);
        }

        @Test
        void startingReplicasCountUnlessTheMetricIsInflatedByStarting() {
            Fleet fleet = new Fleet().ready(10_000).running(5, false, 5, 30_000);
            assertThat(queue(10_000, fleet).counted()).isEqualTo(2);
            assertThat(proposal(new TargetMetric.PerReplica("cpu", 10_000, true), fleet.seen())
                            .unready())
                    .isEqualTo(1);
        }

        @Test
        void exactlyAtTheTargetMissingReplicasAreLeftOut() {
            assertThat(queue(10_000, new Fleet().ready(10_000, 10_000).missing(2))
                            .replicas())
                    .isEqualTo(4);
        }
    }

    @Nested
    class OfOneValue {
        private final TargetMetric lag = new TargetMetric.Value("lag", 100_000);

        @Test
        void scalesTheReadyReplicasByTheRatio() {
            assertThat(whole(lag, new Fleet().ready(1, 1, 1), 200_000).replicas())
                    .isEqualTo(6);
            assertThat(whole(lag, new Fleet().ready(1, 1).running(60, false, 60, 1), 200_000)
                            .replicas())
                    .isEqualTo(4); // the one that is not ready does not multiply
        }

        @Test
        void fromZeroTheRatioItselfIsTheProposal() {
            assertThat(whole(lag, new Fleet(), 500_000).replicas()).isEqualTo(5);
            assertThat(whole(lag, new Fleet(), 50_000).replicas()).isEqualTo(1);
            assertThat(whole(lag, new Fleet(), 0).replicas()).isZero();
        }

        @Test
        void aProposalBeyondAllBoundsIsTheLargestThereIs() {
            assertThat(whole(new TargetMetric.Value("lag", 1), new Fleet().ready(1, 1), Long.MAX_VALUE)
                            .replicas())
                    .isEqualTo(Integer.MAX_VALUE);
        }

        @Test
        void valuesBeyondTheIntegersOfADoubleAreDividedAsTheControllerDoes() {
            long value = (1L << 53) + 1;
            assertThat(whole(new TargetMetric.Value("lag", 1L << 52), new Fleet().ready(1), value)
                            .ratio())
                    .isEqualTo((double) value / (double) (1L << 52));
        }
    }

    @Nested
    class OfAValueSharedByReplicas {
        private final TargetMetric share = new TargetMetric.ValuePerReplica("requests", 100_000);

        @Test
        void isTheValueDividedByTheShare() {
            assertThat(whole(share, new Fleet().ready(1, 1), 650_000).replicas())
                    .isEqualTo(7);
        }

        @Test
        void withinToleranceOfWhatTheReplicasCarryNothingChanges() {
            assertThat(whole(share, new Fleet().ready(1, 1), 219_000).replicas())
                    .isEqualTo(2);
        }

        @Test
        void countsReplicasThatArePresentNotThoseThatAreWanted() {
            // two are present of five wanted: 220 / (100 × 2) is within tolerance, so two
            assertThat(whole(share, new Fleet().ready(1, 1).wanting(5), 220_000).replicas())
                    .isEqualTo(2);
        }

        @Test
        void fromZero() {
            assertThat(whole(share, new Fleet(), 250_000).replicas()).isEqualTo(3);
            assertThat(whole(share, new Fleet(), 0).replicas()).isZero();
        }
    }

    @Test
    void aReadingOfTheWrongKindIsAFailureNotAGuess() {
        assertThat(proposal(
                                new TargetMetric.Value("lag", 1),
                                new Fleet().ready(1).seen())
                        .problem())
                .contains("not of the kind");
    }
}
