// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.invariant;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleOverride;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.policy.Hold;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ScalingObservation;
import dev.hyperion.autoscale.record.HistoryJson;
import dev.hyperion.autoscale.schedule.CronExpression;
import dev.hyperion.autoscale.schedule.Schedule;
import dev.hyperion.autoscale.stage.MetricGuard;
import dev.hyperion.autoscale.stage.RolloutRule;
import dev.hyperion.autoscale.stage.StageSettings;
import dev.hyperion.autoscale.stage.StagedHistory;
import dev.hyperion.autoscale.stage.StagedObservation;
import dev.hyperion.autoscale.stage.StagedOutcome;
import dev.hyperion.autoscale.stage.StartAware;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/**
 * One application's life under a random policy: load that wanders, readings that fail, a clock that jumps, an operator who
 * meddles, restarts. Each tick is decided and every invariant is checked against what this class itself kept account of.
 */
abstract class Life {
    static final ApplicationId SHOP = new ApplicationId("shop");
    static final Duration MAX_AGE = Duration.ofSeconds(45);
    static final Duration DISBELIEF = Duration.ofSeconds(60);
    private static final Instant BEGIN = Instant.parse("2026-01-01T12:00:00Z");
    private static final int TICK = 15;

    /** What may be wrong with a reading. */
    enum Fault {
        NONE,
        MISSING,
        NOT_A_NUMBER,
        FAILED,
        STALE,
        ZERO
    }

    final Random random;
    final Decider decider;
    ScalingPolicy policy;
    StageSettings settings;
    int wanted;
    double load;
    Instant now = BEGIN;
    private StagedHistory history;
    private final Deque<Integer> startingUntil = new ArrayDeque<>();
    private Fault fault = Fault.NONE;
    private int tick;
    private int startTicks;

    // account of time as it really passes, and of how far the clock jumped ahead in all
    private long real;
    private long ahead;
    private long upAt = Long.MIN_VALUE / 4;
    private long anyAt = Long.MIN_VALUE / 4;
    private double lastBelieved;
    private long zeroSince = -1;

    Life(Decider decider, Random random) {
        this.decider = decider;
        this.random = random;
    }

    /** The reading of a load, or of what a fault makes of it. */
    abstract ScalingObservation seen(double load, Fault fault, List<ReplicaFacts> replicas);

    /** Whether this fault makes the policy's data bad, given the settings. */
    abstract boolean isBad(Fault fault);

    /** The value that a guard sees of a load. */
    abstract double value(double load);

    abstract void checkPace(StagedOutcome outcome, boolean corrected, boolean pinned);

    abstract String guardedMetric();

    void begin(ScalingPolicy anyPolicy) {
        policy = anyPolicy;
        startTicks = random.nextInt(2) * random.nextInt(6);
        settings = anySettings();
        wanted = random.nextInt(policy.maxReplicas() + 3);
        load = 0.1 + random.nextDouble() * policy.maxReplicas();
        history = StagedHistory.none(policy);
    }

    private StageSettings anySettings() {
        Optional<StartAware> startAware =
                startTicks > 0 ? Optional.of(new StartAware(Duration.ZERO, Duration.ofMinutes(5))) : Optional.empty();
        if (random.nextInt(3) == 0) {
            return new StageSettings(List.of(), List.of(), List.of(), RolloutRule.IGNORE, startAware);
        }
        MetricGuard.OnBadData onBadData = switch (random.nextInt(3)) {
            case 0 -> new MetricGuard.OnBadData.Hold();
            case 1 -> new MetricGuard.OnBadData.UpOnly();
            default ->
                new MetricGuard.OnBadData.Fallback(1 + random.nextInt(12), Duration.ofSeconds(random.nextInt(90)));
        };
        MetricGuard guard = new MetricGuard(
                guardedMetric(),
                Optional.of(MAX_AGE),
                onBadData,
                random.nextBoolean() ? Optional.of(new MetricGuard.ZeroGuard(1e-6, DISBELIEF)) : Optional.empty());
        int least = 1 + random.nextInt(6);
        List<Schedule> schedules = random.nextInt(4) > 0
                ? List.of()
                : List.of(new Schedule(
                        "always",
                        CronExpression.parse("0 0 * * *"),
                        ZoneOffset.UTC,
                        Duration.ofHours(24),
                        OptionalInt.of(least),
                        OptionalInt.of(least + random.nextInt(8))));
        return new StageSettings(List.of(guard), schedules, List.of(), RolloutRule.IGNORE, startAware);
    }

    private List<ScaleOverride> anyOverrides() {
        if (random.nextInt(20) > 0) {
            return List.of();
        }
        ScaleOverride.Kind kind = ScaleOverride.Kind.values()[random.nextInt(4)];
        return List.of(new ScaleOverride(
                kind,
                kind == ScaleOverride.Kind.PINNED ? random.nextInt(20) : 0,
                "ada",
                "a test",
                now.plusSeconds(random.nextInt(60) - 20L)));
    }

    void live(int ticks) {
        for (int i = 0; i < ticks; i++) {
            settings = settings.with(anyOverrides());
            nextFault();
            tick();
            pass();
        }
    }

    private void nextFault() {
        if (random.nextInt(10) < 3) {
            fault = random.nextInt(3) > 0 ? Fault.NONE : Fault.values()[random.nextInt(Fault.values().length)];
        }
    }

    private void tick() {
        List<ReplicaFacts> replicas = replicas();
        Optional<Hold> hold = random.nextInt(40) == 0
                ? Optional.of(new Hold(ReasonCode.ROLLOUT_IN_PROGRESS, "rollout r1 is running"))
                : Optional.empty();
        StagedObservation seen = observed(load, fault, replicas, hold);
        StagedOutcome outcome = decider.decide(policy, settings, seen, history, now);
        Broken.unless(
                tick % 5 != 0 || outcome.equals(decider.decide(policy, settings, seen, history, now)),
                Invariant.PURE,
                this::toString);
        if (tick % 97 == 0) {
            StagedHistory restored = HistoryJson.fromText(HistoryJson.toText(history));
            Broken.unless(
                    restored.equals(history) && outcome.equals(decider.decide(policy, settings, seen, restored, now)),
                    Invariant.RESTART,
                    this::toString);
            history = restored;
        }
        check(outcome, hold.isPresent());
        if (tick % 3 == 0 && fault == Fault.NONE && hold.isEmpty()) {
            StagedObservation more = observed(load * (1 + random.nextDouble()), fault, replicas, hold);
            Broken.unless(
                    decider.decide(policy, settings, more, history, now).target() >= outcome.target(),
                    Invariant.MONOTONE,
                    () -> this + " " + outcome + " " + more);
        }
        remember();
        history = outcome.next();
        if (random.nextInt(20) > 0) { // now and then nobody carries it out
            apply(outcome.target());
        }
        if (random.nextInt(100) == 0) { // somebody scales by hand
            apply(random.nextInt(policy.maxReplicas() + 3));
        }
    }

    private StagedObservation observed(double ofLoad, Fault how, List<ReplicaFacts> replicas, Optional<Hold> hold) {
        ScalingObservation seen = seen(ofLoad, how, replicas);
        return new StagedObservation(
                seen,
                hold,
                Optional.empty(),
                seen instanceof dev.hyperion.autoscale.policy.TargetObservation ? List.of() : replicas,
                List.of());
    }

    private void check(StagedOutcome outcome, boolean held) {
        int target = outcome.target();
        ReasonCode first = outcome.alone().reasons().get(0);
        boolean off = first == ReasonCode.SCALING_DISABLED;
        boolean corrected = first == ReasonCode.BELOW_MIN_REPLICAS || first == ReasonCode.ABOVE_MAX_REPLICAS;
        boolean pinned = outcome.reasons().contains(ReasonCode.PINNED);
        if (held || off) {
            Broken.unless(target == wanted, Invariant.ONE_ACTION, this::toString);
            return;
        }
        int least = settings.schedules().isEmpty()
                ? policy.minReplicas()
                : settings.schedules().get(0).minReplicas().orElseThrow();
        int most = settings.schedules().isEmpty()
                ? policy.maxReplicas()
                : settings.schedules().get(0).maxReplicas().orElseThrow();
        Broken.unless(target >= least && target <= most, Invariant.BOUNDS, () -> this + " " + outcome);
        if (!corrected && !pinned && bad()) {
            Broken.unless(target >= wanted, Invariant.NEVER_DOWN_ON_BAD_DATA, () -> this + " " + outcome);
        }
        checkPace(outcome, corrected, pinned);
    }

    private boolean bad() {
        if (fault != Fault.ZERO) {
            return isBad(fault);
        }
        boolean guarded =
                !settings.guards().isEmpty() && settings.guards().get(0).zero().isPresent();
        if (!guarded || lastBelieved < 1e-6 || !serving()) {
            return false;
        }
        long since = zeroSince < 0 ? real + ahead : zeroSince;
        return real + ahead - since < DISBELIEF.toSeconds();
    }

    /** What a guard must have believed by now; where that is in doubt, nothing. */
    private void remember() {
        if (fault == Fault.NONE) {
            lastBelieved = serving() ? value(load) : 0;
            zeroSince = -1;
        } else if (fault == Fault.ZERO) {
            zeroSince = zeroSince < 0 ? stamp() : zeroSince;
            if (!serving() || stamp() - zeroSince >= DISBELIEF.toSeconds()) {
                lastBelieved = 0;
            }
        }
    }

    private boolean serving() {
        return wanted > startingUntil.size();
    }

    /** How long ago something was, at least, by a clock that may only have jumped ahead. */
    long since(long at) {
        return real + ahead - at;
    }

    long lastUp() {
        return upAt;
    }

    long lastStep() {
        return anyAt;
    }

    StagedHistory memory() {
        return history;
    }

    long stamp() {
        return real + ahead;
    }

    private void apply(int target) {
        if (target == wanted) {
            return;
        }
        history = history.applied(wanted, target, now);
        if (target > wanted) {
            upAt = stamp();
            for (int i = wanted; i < target && startTicks > 0; i++) {
                startingUntil.addLast(tick + startTicks);
            }
        }
        for (int i = target; i < wanted && !startingUntil.isEmpty(); i++) {
            startingUntil.pollLast();
        }
        anyAt = stamp();
        wanted = target;
    }

    private List<ReplicaFacts> replicas() {
        List<ReplicaFacts> replicas = new ArrayList<>(wanted);
        int starting = startingUntil.size();
        for (int i = 0; i < wanted; i++) {
            replicas.add(i < wanted - starting ? READY : STARTING);
        }
        return replicas;
    }

    private static final ReplicaFacts READY = new ReplicaFacts(
            "r",
            ReplicaFacts.Phase.RUNNING,
            Optional.of(BEGIN.minusSeconds(1_000_000)),
            Optional.of(new ReplicaFacts.Readiness(true, BEGIN.minusSeconds(1_000_000))));
    private static final ReplicaFacts STARTING =
            new ReplicaFacts("s", ReplicaFacts.Phase.PENDING, Optional.empty(), Optional.empty());

    private void pass() {
        tick++;
        while (!startingUntil.isEmpty() && startingUntil.peekFirst() <= tick) {
            startingUntil.pollFirst();
        }
        real += TICK;
        now = now.plusSeconds(TICK);
        if (random.nextInt(60) == 0) {
            int jump = random.nextInt(400) - 200;
            now = now.plusSeconds(jump);
            ahead += Math.max(0, jump);
        }
        load = Math.max(
                0.1, Math.min(policy.maxReplicas() * 1.5, load + random.nextGaussian() * policy.maxReplicas() / 10));
        if (random.nextInt(50) == 0) {
            load = 0.1 + random.nextDouble() * policy.maxReplicas();
        }
    }

    @Override
    public String toString() {
        return "tick " + tick + " at " + now + ", " + wanted + " replicas, load " + load + ", " + fault + ", " + policy
                + ", " + settings + ", " + history;
    }
}
