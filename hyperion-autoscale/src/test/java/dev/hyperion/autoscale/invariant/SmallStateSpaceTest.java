// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScalingRules;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.MetricObservation;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ScaleHistory;
import dev.hyperion.autoscale.policy.ScalingDecider;
import dev.hyperion.autoscale.policy.ScalingOutcome;
import dev.hyperion.autoscale.policy.TargetHistory;
import dev.hyperion.autoscale.policy.TargetObservation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Every state of a small world: up to six replicas, five levels of load, cooldowns and windows of up to three ticks, all
 * policies that fit. What is decided depends on nothing else, so every run of any length is made of these transitions.
 */
class SmallStateSpaceTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration TICK = Duration.ofSeconds(15);
    private static final int MOST = 6;
    private static final double[] LEVELS = {10, 25, 50, 75, 90};

    private static Optional<Instant> ago(int ticks) {
        return ticks > 3 ? Optional.empty() : Optional.of(NOON.minus(TICK.multipliedBy(ticks)));
    }

    @Test
    void everyThresholdPolicyInEveryState() {
        long states = 0;
        for (int step = 1; step <= 3; step++) {
            for (int min = 1; min <= MOST; min++) {
                for (int max = min; max <= MOST; max++) {
                    for (int cooldowns = 0; cooldowns < 16; cooldowns++) {
                        ThresholdPolicy policy = new ThresholdPolicy(
                                "cpu",
                                75,
                                25,
                                step,
                                min,
                                max,
                                TICK.multipliedBy(cooldowns / 4),
                                TICK.multipliedBy(cooldowns % 4),
                                TICK,
                                Duration.ofSeconds(45),
                                Optional.empty(),
                                Optional.empty());
                        states += everyStateOf(policy, cooldowns / 4, cooldowns % 4);
                    }
                }
            }
        }
        assertThat(states).isEqualTo(3 * 21 * 16 * 7 * 25 * 6);
    }

    private static long everyStateOf(ThresholdPolicy policy, int upCooldown, int downCooldown) {
        long states = 0;
        for (int replicas = 0; replicas <= MOST; replicas++) {
            for (int up = 0; up < 5; up++) {
                for (int down = 0; down < 5; down++) {
                    ScaleHistory history = new ScaleHistory(ago(up), ago(down));
                    int before = -1;
                    for (double level : LEVELS) {
                        ScalingOutcome outcome = ScalingDecider.decide(
                                policy, ThresholdLife.reading(replicas, level, Duration.ZERO), history, NOON);
                        Supplier<String> where = () -> policy + " " + level + " " + history;
                        check(outcome.target() >= policy.minReplicas(), where);
                        check(outcome.target() <= policy.maxReplicas(), where);
                        check(outcome.target() >= before, where);
                        before = outcome.target();
                        boolean within = replicas >= policy.minReplicas() && replicas <= policy.maxReplicas();
                        int change = outcome.target() - replicas;
                        check(!within || Math.abs(change) <= policy.scaleStep(), where);
                        check(!within || change <= 0 || (level > 75 && up >= Math.min(4, upCooldown)), where);
                        check(!within || change >= 0 || (level < 25 && Math.min(up, down) >= downCooldown), where);
                        // and it does act where nothing forbids it
                        check(
                                !within
                                        || level <= 75
                                        || up < upCooldown
                                        || replicas == policy.maxReplicas()
                                        || change > 0,
                                where);
                        states++;
                    }
                    Observation bad = ThresholdLife.without(replicas, ReasonCode.METRIC_FAILED);
                    int target =
                            ScalingDecider.decide(policy, bad, history, NOON).target();
                    check(
                            target == Math.max(policy.minReplicas(), Math.min(policy.maxReplicas(), replicas)),
                            () -> policy + " " + bad);
                    states++;
                }
            }
        }
        return states;
    }

    @Test
    void everyTargetPolicyOfOneValueInEveryState() {
        ReplicaFacts ready = new ReplicaFacts(
                "r",
                ReplicaFacts.Phase.RUNNING,
                Optional.of(NOON.minusSeconds(9_999)),
                Optional.of(new ReplicaFacts.Readiness(true, NOON.minusSeconds(9_999))));
        long states = 0;
        for (int window = 0; window <= 3; window++) {
            for (int limit = 0; limit <= 3; limit++) {
                TargetPolicy policy = TargetPolicy.of(List.of(new TargetMetric.Value("lag", 1_000)), 1, MOST)
                        .with(rules(0, limit), rules(window, limit));
                for (int past = 0; past < 7 * 7 * 7; past++) {
                    TargetHistory history = history(past);
                    for (int replicas = 1; replicas <= MOST; replicas++) {
                        List<ReplicaFacts> all = Collections.nCopies(replicas, ready);
                        int before = -1;
                        for (double level : LEVELS) {
                            long milli = (long) (level * MOST * 10 / replicas);
                            ScalingOutcome outcome = ScalingDecider.decide(
                                    policy,
                                    TargetObservation.of(
                                            Life.SHOP,
                                            replicas,
                                            replicas,
                                            all,
                                            List.of(new MetricObservation.Whole(milli, NOON))),
                                    history,
                                    NOON);
                            Supplier<String> where = () -> policy + " " + level + " " + history;
                            check(outcome.target() >= 1 && outcome.target() <= MOST, where);
                            check(outcome.target() >= before, where);
                            check(limit == 0 || Math.abs(outcome.target() - replicas) <= limit, where);
                            check(outcome.target() >= Math.min(replicas, largest(history, window)), where);
                            before = outcome.target();
                            states++;
                        }
                        int blind = ScalingDecider.decide(
                                        policy,
                                        TargetObservation.of(
                                                Life.SHOP,
                                                replicas,
                                                replicas,
                                                all,
                                                List.of(new MetricObservation.Failed("no answer"))),
                                        history,
                                        NOON)
                                .target();
                        check(blind == replicas, () -> policy + " " + history);
                        states++;
                    }
                }
            }
        }
        assertThat(states).isEqualTo(4 * 4 * 343 * MOST * (LEVELS.length + 1));
    }

    private static ScalingRules rules(int window, int limit) {
        return new ScalingRules(
                TICK.multipliedBy(window),
                limit == 0
                        ? List.of()
                        : List.of(new ScalingRules.Limit(ScalingRules.Unit.REPLICAS, limit, Duration.ofSeconds(15))),
                ScalingRules.Select.MAX,
                0.1);
    }

    /** Recommendations one, two and three ticks ago; 0 for none. */
    private static TargetHistory history(int past) {
        List<TargetHistory.Change> recommendations = new ArrayList<>();
        int rest = past;
        for (int ticks = 3; ticks >= 1; ticks--) {
            if (rest % 7 > 0) {
                recommendations.add(new TargetHistory.Change(NOON.minus(TICK.multipliedBy(ticks)), rest % 7));
            }
            rest /= 7;
        }
        return new TargetHistory(recommendations, List.of(), List.of(), Optional.empty());
    }

    private static int largest(TargetHistory history, int window) {
        int largest = 0;
        for (TargetHistory.Change each : history.recommendations()) {
            if (each.at().isAfter(NOON.minus(TICK.multipliedBy(window)))) {
                largest = Math.max(largest, each.replicas());
            }
        }
        return largest;
    }

    private static void check(boolean holds, Supplier<String> where) {
        if (!holds) {
            throw new AssertionError(where.get());
        }
    }
}
