// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ThresholdPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ThresholdDeciderTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final ApplicationId SHOP = new ApplicationId("shop");

    /** The playbook's policy. */
    private static final ThresholdPolicy PRODUCTION = new ThresholdPolicy(
            "cpu.utilization",
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

    static Observation seen(int replicas, double value) {
        return new Observation(
                SHOP,
                replicas,
                new MetricInput(
                        "cpu.utilization",
                        OptionalDouble.of(value),
                        Optional.of(NOW),
                        Optional.of(Duration.ZERO),
                        "test"),
                Optional.empty(),
                Optional.empty());
    }

    private static ScaleDecision decide(Observation seen, ScaleHistory history) {
        return explained(PRODUCTION, seen, history, NOW);
    }

    static ScaleDecision explained(ThresholdPolicy policy, Observation seen, ScaleHistory history, Instant now) {
        return ScalingDecider.explain(policy, seen, ScalingDecider.decide(policy, seen, history, now), now);
    }

    private static ScaleDecision decide(int replicas, double value) {
        return decide(seen(replicas, value), ScaleHistory.NONE);
    }

    private static ScaleHistory upAgo(long seconds) {
        return new ScaleHistory(Optional.of(NOW.minusSeconds(seconds)), Optional.empty());
    }

    private static ScaleHistory downAgo(long seconds) {
        return new ScaleHistory(Optional.empty(), Optional.of(NOW.minusSeconds(seconds)));
    }

    @Test
    void aboveTheUpperThresholdOneStepIsAdded() {
        ScaleDecision decision = decide(4, 75.1);
        assertThat(decision).isInstanceOf(ScaleDecision.ScaleUp.class);
        assertThat(decision.target()).isEqualTo(6);
        assertThat(decision.basis().reasons()).containsExactly(ReasonCode.ABOVE_SCALE_UP_THRESHOLD);
        assertThat(decision.basis().rationale()).contains("cpu.utilization is 75.1", "above 75", "from 4 to 6");
    }

    @Test
    void belowTheLowerThresholdOneStepIsRemoved() {
        ScaleDecision decision = decide(10, 24.9);
        assertThat(decision).isInstanceOf(ScaleDecision.ScaleDown.class);
        assertThat(decision.target()).isEqualTo(8);
    }

    @Test
    void exactlyAtAThresholdNothingIsDone() {
        assertThat(decide(8, 75.0)).isInstanceOf(ScaleDecision.NoOp.class);
        assertThat(decide(8, 25.0)).isInstanceOf(ScaleDecision.NoOp.class);
        assertThat(decide(8, 25.0).basis().reasons()).containsExactly(ReasonCode.WITHIN_THRESHOLDS);
    }

    @Test
    void aStepThatCrossesABoundIsClampedToItAndSaysSo() {
        ScaleDecision up = decide(15, 90);
        assertThat(up.target()).isEqualTo(16);
        assertThat(up.basis().clamps()).singleElement().satisfies(clamp -> {
            assertThat(clamp.before()).isEqualTo(17);
            assertThat(clamp.after()).isEqualTo(16);
        });
        assertThat(decide(5, 1).target()).isEqualTo(4);
        assertThat(decide(16, 90).basis().reasons()).contains(ReasonCode.AT_MAX_REPLICAS);
        assertThat(decide(4, 1).basis().reasons()).contains(ReasonCode.AT_MIN_REPLICAS);
    }

    @Test
    void outOfBoundsIsCorrectedWithoutAMetricAndDuringACooldown() {
        Observation blind = new Observation(
                SHOP,
                2,
                new MetricInput("cpu.utilization", OptionalDouble.empty(), Optional.empty(), Optional.empty(), "down"),
                Optional.of(ReasonCode.METRIC_FAILED),
                Optional.empty());
        ScaleDecision decision = decide(blind, upAgo(1));
        assertThat(decision.target()).isEqualTo(4);
        assertThat(decision.basis().reasons()).containsExactly(ReasonCode.BELOW_MIN_REPLICAS);
        assertThat(decide(seen(40, 90), downAgo(1)).target()).isEqualTo(16);
    }

    @Test
    void aScaleDownCooldownNeverBlocksAScaleUp() {
        assertThat(decide(seen(8, 90), downAgo(1)).target()).isEqualTo(10);
    }

    @Test
    void aScaleUpStartsTheScaleDownCooldownAnew() {
        assertThat(decide(seen(8, 1), upAgo(299)).basis().reasons()).contains(ReasonCode.SCALE_DOWN_COOLDOWN);
        assertThat(decide(seen(8, 1), upAgo(300)).target()).isEqualTo(6);
    }

    @Test
    void theScaleUpCooldownIsOverAtItsEnd() {
        assertThat(decide(seen(8, 90), upAgo(119)).basis().reasons()).contains(ReasonCode.SCALE_UP_COOLDOWN);
        assertThat(decide(seen(8, 90), upAgo(119)).basis().rationale()).contains("another 1 s");
        assertThat(decide(seen(8, 90), upAgo(120)).target()).isEqualTo(10);
    }

    @Test
    void aClockThatJumpedBackKeepsTheWholeCooldownAndNoMore() {
        ScaleHistory fromTheFuture = new ScaleHistory(Optional.of(NOW.plusSeconds(3_600)), Optional.empty());
        assertThat(decide(seen(8, 90), fromTheFuture).basis().rationale()).contains("another 120 s");
    }

    @Test
    void anOpenRolloutHoldsEverything() {
        Observation held = new Observation(
                SHOP,
                1,
                seen(1, 99).input(),
                Optional.empty(),
                Optional.of(new Hold(ReasonCode.ROLLOUT_IN_PROGRESS, "rollout r1 is running")));
        assertThat(decide(held, ScaleHistory.NONE)).isInstanceOf(ScaleDecision.NoOp.class);
    }

    @Test
    void aReadingThatIsTooOldIsNotUsed() {
        Observation old = new Observation(
                SHOP,
                8,
                new MetricInput(
                        "cpu.utilization",
                        OptionalDouble.of(1),
                        Optional.of(NOW.minusSeconds(46)),
                        Optional.of(Duration.ofSeconds(46)),
                        "test"),
                Optional.empty(),
                Optional.empty());
        assertThat(decide(old, ScaleHistory.NONE).basis().reasons()).containsExactly(ReasonCode.METRIC_STALE);
    }

    @Test
    void theSameObservationGivesTheSameDecision() {
        assertThat(decide(8, 90)).isEqualTo(decide(8, 90));
    }
}
