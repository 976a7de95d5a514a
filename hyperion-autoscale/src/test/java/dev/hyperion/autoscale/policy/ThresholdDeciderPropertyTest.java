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
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for every policy, load and history. The seed is in each message. */
class ThresholdDeciderPropertyTest {
    private static final int CASES = 20_000;
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final long SEED = Long.getLong("hyperion.test.seed", new Random().nextLong());

    private final Random random = new Random(SEED);

    private ThresholdPolicy anyPolicy() {
        double down = random.nextDouble() * 50;
        int min = 1 + random.nextInt(10);
        return new ThresholdPolicy(
                "load",
                down + 0.1 + random.nextDouble() * 50,
                down,
                1 + random.nextInt(5),
                min,
                min + random.nextInt(20),
                Duration.ofSeconds(random.nextInt(300)),
                Duration.ofSeconds(random.nextInt(600)),
                Duration.ofSeconds(15),
                Duration.ofSeconds(45),
                Optional.empty(),
                Optional.empty());
    }

    private ScaleHistory anyHistory() {
        return new ScaleHistory(anyTime(), anyTime());
    }

    private Optional<Instant> anyTime() {
        return random.nextInt(3) == 0 ? Optional.empty() : Optional.of(NOON.minusSeconds(random.nextInt(900) - 60));
    }

    private static Observation seen(int replicas, double value) {
        return ThresholdDeciderTest.seen(replicas, value);
    }

    @Test
    void theTargetIsAlwaysWithinBoundsAndAtMostOneStepAwayFromThem() {
        for (int i = 0; i < CASES; i++) {
            ThresholdPolicy policy = anyPolicy();
            ScaleDecision decision = ThresholdDeciderTest.explained(
                    policy, seen(random.nextInt(40), random.nextDouble() * 120), anyHistory(), NOON);
            assertThat(decision.target())
                    .as("seed %d case %d: %s", SEED, i, decision)
                    .isBetween(policy.minReplicas(), policy.maxReplicas());
        }
    }

    @Test
    void badDataNeverRemovesAReplicaWithinBounds() {
        for (int i = 0; i < CASES; i++) {
            ThresholdPolicy policy = anyPolicy();
            int replicas = policy.minReplicas() + random.nextInt(policy.maxReplicas() - policy.minReplicas() + 1);
            double bad = random.nextBoolean() ? Double.NaN : Double.NEGATIVE_INFINITY;
            boolean failed = random.nextBoolean();
            Observation seen = new Observation(
                    new ApplicationId("shop"),
                    replicas,
                    new MetricInput(
                            "load",
                            failed ? OptionalDouble.empty() : OptionalDouble.of(bad),
                            Optional.of(NOON),
                            Optional.of(Duration.ZERO),
                            "bad"),
                    failed ? Optional.of(ReasonCode.METRIC_FAILED) : Optional.empty(),
                    Optional.empty());
            ScaleDecision decision = ThresholdDeciderTest.explained(policy, seen, anyHistory(), NOON);
            assertThat(decision.target()).as("seed %d case %d", SEED, i).isEqualTo(replicas);
        }
    }

    @Test
    void moreLoadNeverMeansFewerReplicas() {
        for (int i = 0; i < CASES; i++) {
            ThresholdPolicy policy = anyPolicy();
            ScaleHistory history = anyHistory();
            int replicas = random.nextInt(40);
            double low = random.nextDouble() * 120;
            double high = low + random.nextDouble() * 50;
            int atLow = ThresholdDecider.decide(policy, seen(replicas, low), history, NOON)
                    .target();
            int atHigh = ThresholdDecider.decide(policy, seen(replicas, high), history, NOON)
                    .target();
            assertThat(atHigh).as("seed %d case %d", SEED, i).isGreaterThanOrEqualTo(atLow);
        }
    }

    @Test
    void twoStepsInOneDirectionAreNeverCloserThanTheirCooldown() {
        for (int run = 0; run < 300; run++) {
            ThresholdPolicy policy = anyPolicy();
            int replicas = policy.minReplicas();
            ScaleHistory history = ScaleHistory.NONE;
            Optional<Instant> lastUp = Optional.empty();
            Optional<Instant> lastAny = Optional.empty();
            for (int tick = 0; tick < 200; tick++) {
                Instant now = NOON.plusSeconds(tick * 15L);
                ScaleDecision decision =
                        ThresholdDeciderTest.explained(policy, seen(replicas, random.nextDouble() * 120), history, now);
                if (decision instanceof ScaleDecision.ScaleUp) {
                    assertFar(lastUp, now, policy.scaleUpCooldown(), run);
                    lastUp = Optional.of(now);
                } else if (decision instanceof ScaleDecision.ScaleDown) {
                    assertFar(lastAny, now, policy.scaleDownCooldown(), run);
                }
                if (decision.target() != replicas) {
                    lastAny = Optional.of(now);
                }
                history = history.applied(replicas, decision.target(), now);
                replicas = decision.target();
            }
        }
    }

    private static void assertFar(Optional<Instant> before, Instant now, Duration cooldown, int run) {
        before.ifPresent(time -> assertThat(Duration.between(time, now))
                .as("seed %d run %d", SEED, run)
                .isGreaterThanOrEqualTo(cooldown));
    }

    @Test
    void atConstantLoadStepsOneAndTwoSettleAndStepThreeFlaps() {
        assertThat(reversalsAtConstantLoad(1)).isZero();
        assertThat(reversalsAtConstantLoad(2)).isZero();
        assertThat(reversalsAtConstantLoad(3)).isPositive();
    }

    /** The most reversals over all constant loads, of 75/25 from one replica up. */
    private static int reversalsAtConstantLoad(int step) {
        ThresholdPolicy policy = new ThresholdPolicy(
                "load",
                75,
                25,
                step,
                1,
                50,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofSeconds(15),
                Duration.ofSeconds(45),
                Optional.empty(),
                Optional.empty());
        int most = 0;
        for (double load = 1; load < 2_000; load += 0.5) {
            int replicas = 1;
            int reversals = 0;
            int direction = 0;
            for (int tick = 0; tick < 100; tick++) {
                ScaleDecision decision = ThresholdDeciderTest.explained(
                        policy, seen(replicas, load / replicas), ScaleHistory.NONE, NOON);
                int now = Integer.signum(decision.target() - replicas);
                reversals += now != 0 && direction != 0 && now != direction ? 1 : 0;
                direction = now == 0 ? direction : now;
                replicas = decision.target();
            }
            most = Math.max(most, reversals);
        }
        return most;
    }
}
