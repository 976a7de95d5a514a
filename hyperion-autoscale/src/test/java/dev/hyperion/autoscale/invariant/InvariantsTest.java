// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.invariant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.MetricObservation;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.policy.ScaleHistory;
import dev.hyperion.autoscale.policy.ScalingHistory;
import dev.hyperion.autoscale.policy.ScalingObservation;
import dev.hyperion.autoscale.policy.TargetObservation;
import dev.hyperion.autoscale.stage.StageSettings;
import dev.hyperion.autoscale.stage.StagedHistory;
import dev.hyperion.autoscale.stage.StagedObservation;
import dev.hyperion.autoscale.stage.StagedOutcome;
import dev.hyperion.autoscale.stage.Stages;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The invariants over random policies, loads, faults and clocks, one million ticks in each build, from a seed that is printed:
 * {@code -Dhyperion.test.seed} repeats a run. And deciders that are each wrong in one way: whatever they break is found.
 */
class InvariantsTest {
    private static final long SEED = Long.getLong("hyperion.test.seed", new Random().nextLong());
    private static final int LIFE = 500;
    private static final int THRESHOLD_LIVES = 1_300;
    private static final int TARGET_LIVES = 700;
    private static final int ENOUGH_FOR_A_WRONG_ONE = 60;

    @Test
    void theyHoldOverAMillionTicks() {
        System.out.println("InvariantsTest seed " + SEED);
        assertThat((THRESHOLD_LIVES + TARGET_LIVES) * LIFE).isGreaterThanOrEqualTo(1_000_000);
        assertThatCode(() -> {
                    for (int i = 0; i < THRESHOLD_LIVES; i++) {
                        new ThresholdLife(Stages::decide, new Random(SEED + i)).live(LIFE);
                    }
                    for (int i = 0; i < TARGET_LIVES; i++) {
                        new TargetLife(Stages::decide, new Random(SEED - 1 - i)).live(LIFE);
                    }
                })
                .as("seed %d", SEED)
                .doesNotThrowAnyException();
    }

    @Test
    void atConstantLoadAPolicyThatLintPassesComesToRest() {
        assertThatCode(() -> {
                    for (int i = 0; i < 400; i++) {
                        ConstantLoad.threshold(Stages::decide, new Random(SEED + i));
                        ConstantLoad.target(Stages::decide, new Random(SEED + i));
                    }
                })
                .as("seed %d", SEED)
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("wrongOnes")
    void aDeciderThatIsWrongInOneWayIsFound(Decider wrong, Invariant broken) {
        List<Invariant> found = new ArrayList<>();
        for (int i = 0; i < ENOUGH_FOR_A_WRONG_ONE && !found.contains(broken); i++) {
            Random random = new Random(SEED + i);
            int which = i;
            for (Runnable trial : List.<Runnable>of(
                    () -> new ThresholdLife(wrong, random).live(LIFE),
                    () -> new TargetLife(wrong, random).live(LIFE),
                    () -> ConstantLoad.threshold(wrong, new Random(SEED + which)))) {
                try {
                    trial.run();
                } catch (Broken e) {
                    found.add(e.invariant);
                }
            }
        }
        assertThat(found).as("seed %d", SEED).contains(broken);
    }

    static Stream<Arguments> wrongOnes() {
        AtomicInteger calls = new AtomicInteger();
        return Stream.of(
                wrong("goes one beyond the upper bound", Invariant.BOUNDS, (policy, settings, seen, history, now) -> {
                    StagedOutcome right = Stages.decide(policy, settings, seen, history, now);
                    return right.target() == right.effective().maxReplicas()
                                    && seen.seen().wanted() == right.target()
                            ? instead(right, right.target() + 1)
                            : right;
                }),
                wrong(
                        "does not correct what is out of bounds",
                        Invariant.BOUNDS,
                        (policy, settings, seen, history, now) -> {
                            StagedOutcome right = Stages.decide(policy, settings, seen, history, now);
                            return seen.seen().wanted() > right.effective().maxReplicas()
                                    ? instead(right, seen.seen().wanted())
                                    : right;
                        }),
                wrong(
                        "forgets when it acted",
                        Invariant.COOLDOWN,
                        (policy, settings, seen, history, now) -> Stages.decide(
                                policy,
                                settings,
                                seen,
                                new StagedHistory(ScalingHistory.none(policy), history.guards()),
                                now)),
                wrong(
                        "takes a cooldown for over once the clock has jumped back",
                        Invariant.COOLDOWN,
                        (policy, settings, seen, history, now) ->
                                Stages.decide(policy, settings, seen, withoutTheFuture(history, now), now)),
                wrong(
                        "lets a step up start no cooldown for a step down",
                        Invariant.COOLDOWN,
                        (policy, settings, seen, history, now) ->
                                history.policy() instanceof ScaleHistory before && isLow(seen)
                                        ? Stages.decide(
                                                policy,
                                                settings,
                                                seen,
                                                new StagedHistory(
                                                        new ScaleHistory(Optional.empty(), before.lastDown()),
                                                        history.guards()),
                                                now)
                                        : Stages.decide(policy, settings, seen, history, now)),
                wrong(
                        "takes no reading for 0",
                        Invariant.NEVER_DOWN_ON_BAD_DATA,
                        (policy, settings, seen, history, now) -> Stages.decide(
                                policy, StageSettings.NONE, readingNothingAsZero(seen, now), history, now)),
                wrong(
                        "believes every zero",
                        Invariant.NEVER_DOWN_ON_BAD_DATA,
                        (policy, settings, seen, history, now) -> Stages.decide(
                                policy,
                                new StageSettings(
                                        List.of(),
                                        settings.schedules(),
                                        settings.overrides(),
                                        settings.rollouts(),
                                        settings.startAware()),
                                seen,
                                history,
                                now)),
                wrong(
                        "goes down when the load is very high",
                        Invariant.MONOTONE,
                        (policy, settings, seen, history, now) -> {
                            StagedOutcome right = Stages.decide(policy, settings, seen, history, now);
                            boolean high = seen.seen() instanceof Observation one
                                    && one.input().value().orElse(0) > 120;
                            return high ? instead(right, right.effective().minReplicas()) : right;
                        }),
                wrong("remembers something of its own", Invariant.PURE, (policy, settings, seen, history, now) -> {
                    StagedOutcome right = Stages.decide(policy, settings, seen, history, now);
                    return calls.incrementAndGet() % 7 == 0
                            ? instead(right, right.effective().minReplicas())
                            : right;
                }),
                wrong("takes the very object for its memory", Invariant.RESTART, new Decider() {
                    private final java.util.Map<StagedHistory, Boolean> mine = new java.util.IdentityHashMap<>();

                    @Override
                    public StagedOutcome decide(
                            ScalingPolicy policy,
                            StageSettings settings,
                            StagedObservation seen,
                            StagedHistory history,
                            Instant now) {
                        StagedOutcome right = Stages.decide(
                                policy,
                                settings,
                                seen,
                                mine.containsKey(history) ? StagedHistory.none(policy) : history,
                                now);
                        mine.put(right.next(), true);
                        return right;
                    }
                }),
                wrong("takes two steps at once", Invariant.ONE_ACTION, (policy, settings, seen, history, now) -> {
                    StagedOutcome right = Stages.decide(policy, settings, seen, history, now);
                    int change = right.target() - seen.seen().wanted();
                    return change > 0 && policy instanceof ThresholdPolicy
                            ? instead(right, Math.min(right.effective().maxReplicas(), right.target() + 4))
                            : right;
                }),
                wrong(
                        "acts although it is held",
                        Invariant.ONE_ACTION,
                        (policy, settings, seen, history, now) -> Stages.decide(
                                policy,
                                settings,
                                new StagedObservation(
                                        seen.seen(), Optional.empty(), seen.rollout(), seen.replicas(), seen.samples()),
                                history,
                                now)),
                wrong(
                        "goes down wherever it does not go up",
                        Invariant.NO_FLAP,
                        (policy, settings, seen, history, now) -> {
                            StagedOutcome right = Stages.decide(policy, settings, seen, history, now);
                            return right.target() == seen.seen().wanted()
                                    ? instead(right, Math.max(right.effective().minReplicas(), right.target() - 1))
                                    : right;
                        }));
    }

    private static Arguments wrong(String how, Invariant broken, Decider decider) {
        return Arguments.of(Named.of(how, decider), broken);
    }

    private static boolean isLow(StagedObservation seen) {
        return seen.seen() instanceof Observation one && one.input().value().orElse(99) < 20;
    }

    private static StagedOutcome instead(StagedOutcome right, int target) {
        return new StagedOutcome(
                right.bounds(),
                right.effective(),
                right.shown(),
                right.alone(),
                right.starting(),
                right.verdicts(),
                right.clamps(),
                target,
                right.reasons(),
                right.next());
    }

    private static StagedHistory withoutTheFuture(StagedHistory history, Instant now) {
        return history.policy() instanceof ScaleHistory before
                ? new StagedHistory(
                        new ScaleHistory(
                                before.lastUp().filter(at -> !at.isAfter(now)),
                                before.lastDown().filter(at -> !at.isAfter(now))),
                        history.guards())
                : history;
    }

    private static StagedObservation readingNothingAsZero(StagedObservation seen, Instant now) {
        ScalingObservation zero = seen.seen();
        if (zero instanceof Observation one && one.unusable().isPresent()) {
            zero = ThresholdLife.reading(one.replicas(), 0, Duration.ZERO);
        } else if (zero instanceof TargetObservation target
                && target.metrics().get(0) instanceof MetricObservation.Failed) {
            List<MetricObservation> readings = new ArrayList<>(target.metrics());
            readings.set(0, new MetricObservation.Whole(0, now));
            zero = TargetObservation.of(
                    target.application(), target.wanted(), target.present(), target.replicas(), readings);
        }
        return new StagedObservation(zero, seen.hold(), seen.rollout(), seen.replicas(), seen.samples());
    }
}
