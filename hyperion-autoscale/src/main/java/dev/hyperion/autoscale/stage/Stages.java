// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.stage;

import dev.hyperion.autoscale.Clamp;
import dev.hyperion.autoscale.DecisionBasis;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScaleOverride;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.Hold;
import dev.hyperion.autoscale.policy.MetricObservation;
import dev.hyperion.autoscale.policy.MetricProposal;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.policy.ScaleHistory;
import dev.hyperion.autoscale.policy.ScalingDecider;
import dev.hyperion.autoscale.policy.ScalingObservation;
import dev.hyperion.autoscale.policy.ScalingOutcome;
import dev.hyperion.autoscale.policy.TargetObservation;
import dev.hyperion.autoscale.policy.TargetOutcome;
import dev.hyperion.autoscale.schedule.Schedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A policy's decision with everything around it, in this order:
 *
 * <ol>
 *   <li>Schedules set the bounds.
 *   <li>What the policy is shown: a rollout's replicas once, no samples of starting replicas, no reading that a guard rejects.
 *   <li>The policy decides. If nothing may be done, or the count was out of bounds, that is all: out of bounds is corrected
 *       first, whatever the other stages say.
 *   <li>Guards: bad data forbids any change, or going down; a fallback may raise.
 *   <li>Starting replicas: what they will carry is counted before more are added.
 *   <li>The rollout: nothing changes while traffic shifts.
 *   <li>Overrides: pinned, one direction, paused; the last one that is active has the last word.
 *   <li>The bounds once more.
 * </ol>
 *
 * <p>Pure functions: the same inputs give the same outcome. Thread-safety: thread-safe, without state.
 */
public final class Stages {
    private final StageSettings settings;
    private final StagedObservation observation;
    private final StagedHistory history;
    private final Instant now;
    private final int wanted;

    private final List<Verdict> verdicts = new ArrayList<>();
    private final List<Clamp> clamps = new ArrayList<>();
    private final List<ReasonCode> reasons = new ArrayList<>();
    private List<GuardMemory> memories = List.of();
    private int target;

    private Stages(StageSettings settings, StagedObservation observation, StagedHistory history, Instant now) {
        this.settings = settings;
        this.observation = observation;
        this.history = history;
        this.now = now;
        this.wanted = observation.seen().wanted();
    }

    /**
     * Decides.
     *
     * @param policy the policy
     * @param settings what stands around it
     * @param observation what there is, of the policy's kind
     * @param history what is remembered, of the policy's kind
     * @param now the time of the decision
     * @return the outcome of every stage; {@link #explain} makes a decision of it
     * @throws IllegalArgumentException if observation or history are of another kind than the policy
     */
    public static StagedOutcome decide(
            ScalingPolicy policy,
            StageSettings settings,
            StagedObservation observation,
            StagedHistory history,
            Instant now) {
        return new Stages(settings, observation, history, now).decide(policy);
    }

    private StagedOutcome decide(ScalingPolicy policy) {
        Schedule.Bounds bounds =
                Schedule.Bounds.at(policy.minReplicas(), policy.maxReplicas(), settings.schedules(), now);
        ScalingPolicy effective = effective(policy, bounds);
        ScalingObservation shown = shown(effective);
        int starting = settings.startAware()
                .map(rules -> new Starting(rules, now).count(observation.everyReplica()))
                .orElse(0);
        ScalingOutcome alone = ScalingDecider.decide(effective, shown, history.policy(), now);
        target = alone.target();
        reasons.addAll(alone.reasons());
        Optional<Hold> hold = hold(observation);
        if (hold.isPresent()) {
            clamp(hold.get().code(), wanted, hold.get().because());
            reasons.remove(hold.get().code());
            reasons.add(0, hold.get().code());
        } else if (mayBeChanged(alone)) {
            guard(effective);
            start(effective, shown, alone, starting);
            rollout();
            override();
            bound(effective);
        }
        blameSchedule(bounds);
        return new StagedOutcome(
                bounds,
                effective,
                shown,
                alone,
                starting,
                verdicts,
                clamps,
                target,
                reasons,
                new StagedHistory(alone.next(), memories));
    }

    private static Optional<Hold> hold(StagedObservation observation) {
        return observation.hold().isPresent() || !(observation.seen() instanceof Observation seen)
                ? observation.hold()
                : seen.hold();
    }

    private ScalingPolicy effective(ScalingPolicy policy, Schedule.Bounds bounds) {
        ScalingPolicy effective = policy;
        if (bounds.minReplicas() != policy.minReplicas() || bounds.maxReplicas() != policy.maxReplicas()) {
            // only a policy that may rest can have the lower bound 0
            int least = policy.minReplicas() > 0 ? Math.max(1, bounds.minReplicas()) : bounds.minReplicas();
            effective = policy.withBounds(least, Math.max(least, bounds.maxReplicas()));
        }
        return effective instanceof TargetPolicy target && settings.startAware().isPresent()
                ? new Starting(settings.startAware().get(), now).applyTo(target)
                : effective;
    }

    private ScalingObservation shown(ScalingPolicy policy) {
        ScalingObservation shown = observation.seen();
        if (shown instanceof TargetObservation seen) {
            if (settings.rollouts() == RolloutRule.COUNT_ONCE
                    && observation.rollout().isPresent()) {
                seen = RolloutCount.once(seen, observation.rollout().get().extra());
            }
            return guarded((TargetPolicy) policy, seen);
        }
        Observation seen = (Observation) shown;
        if (settings.startAware().isPresent()) {
            seen = new Starting(settings.startAware().get(), now)
                    .applyTo(seen, observation.replicas(), observation.samples());
        }
        return guarded((ThresholdPolicy) policy, seen);
    }

    private Observation guarded(ThresholdPolicy policy, Observation seen) {
        for (MetricGuard guard : settings.guards()) {
            if (guard.metric().equals(policy.metric())) {
                Guard.Judged<Observation> judged =
                        Guard.judge(guard, history.of(policy.metric()), seen, policy.maxAge(), now);
                verdicts.add(judged.verdict());
                memories = List.of(judged.next());
                return judged.reading();
            }
        }
        return seen;
    }

    private TargetObservation guarded(TargetPolicy policy, TargetObservation seen) {
        if (settings.guards().isEmpty()) {
            return seen;
        }
        List<GuardMemory> next = new ArrayList<>();
        List<MetricObservation> usable = new ArrayList<>(seen.metrics().size());
        for (int i = 0; i < seen.metrics().size(); i++) {
            TargetMetric metric = policy.metrics().get(i);
            MetricObservation reading = seen.metrics().get(i);
            for (MetricGuard guard : settings.guards()) {
                if (guard.metric().equals(metric.name())) {
                    Guard.Judged<MetricObservation> judged =
                            Guard.judge(guard, history.of(metric.name()), seen, reading, now);
                    verdicts.add(judged.verdict());
                    next.add(judged.next());
                    reading = judged.reading();
                }
            }
            usable.add(reading);
        }
        memories = next;
        return new TargetObservation(
                seen.application(), seen.wanted(), seen.present(), seen.replicas(), usable, seen.shortMetrics());
    }

    /** Whether the stages after the policy have a say: not if it corrected the bounds or is switched off. */
    private static boolean mayBeChanged(ScalingOutcome alone) {
        return switch (alone.reasons().get(0)) {
            case BELOW_MIN_REPLICAS, ABOVE_MAX_REPLICAS, SCALING_DISABLED -> false;
            default -> true;
        };
    }

    private void guard(ScalingPolicy policy) {
        for (Verdict verdict : verdicts) {
            if (verdict.bad().isPresent() && (verdict.hold() || target < wanted)) {
                clamp(verdict.bad().get(), wanted, verdict.metric() + ": " + verdict.because());
            }
        }
        for (Verdict verdict : verdicts) {
            OptionalInt fallback = verdict.fallback();
            if (fallback.isPresent() && fallback.getAsInt() > target) {
                int floor = Math.min(policy.maxReplicas(), fallback.getAsInt());
                if (floor > target && !cooling(policy)) {
                    clamp(
                            ReasonCode.FALLBACK_REPLICAS,
                            floor,
                            verdict.metric() + " has been unusable for too long (" + verdict.because() + ")");
                }
            }
        }
    }

    private boolean cooling(ScalingPolicy policy) {
        return policy instanceof ThresholdPolicy threshold
                && !((ScaleHistory) history.policy())
                        .upCooldownLeft(threshold.scaleUpCooldown(), now)
                        .isZero();
    }

    private void start(ScalingPolicy policy, ScalingObservation shown, ScalingOutcome alone, int starting) {
        if (starting == 0) {
            return;
        }
        if (policy instanceof ThresholdPolicy threshold && target > wanted) {
            double value = ((Observation) shown).input().value().orElse(Double.NaN);
            double expected = Starting.expected(value, wanted, starting);
            if (alone.target() > wanted && expected <= threshold.scaleUpThreshold()) {
                clamp(
                        ReasonCode.REPLICAS_STARTING,
                        wanted,
                        starting + " of " + wanted + " replicas are starting, with which " + threshold.metric()
                                + " comes to " + expected);
            }
        } else if (alone instanceof TargetOutcome outcome && target < wanted && anyAbove(outcome)) {
            clamp(
                    ReasonCode.REPLICAS_STARTING,
                    wanted,
                    starting + " of " + wanted + " replicas are starting, and a metric is above its target");
        }
    }

    private static boolean anyAbove(TargetOutcome outcome) {
        for (MetricProposal proposal : outcome.proposals()) {
            if (proposal.ratio() > 1) {
                return true;
            }
        }
        return false;
    }

    private void rollout() {
        Optional<RolloutFacts> rollout = observation.rollout();
        if (rollout.isEmpty() || settings.rollouts() == RolloutRule.IGNORE) {
            return;
        }
        if (settings.rollouts() == RolloutRule.HOLD || rollout.get().shifting()) {
            clamp(
                    ReasonCode.ROLLOUT_IN_PROGRESS,
                    wanted,
                    "rollout " + rollout.get().id() + (rollout.get().shifting() ? " is shifting traffic" : " is open"));
        }
    }

    private void override() {
        for (ScaleOverride.Kind kind : ScaleOverride.Kind.values()) {
            for (ScaleOverride each : settings.overrides()) {
                if (each.kind() == kind && each.activeAt(now)) {
                    apply(each);
                }
            }
        }
    }

    private void apply(ScaleOverride override) {
        ReasonCode code = code(override);
        switch (override.kind()) {
            case PINNED -> clamp(code, override.replicas(), override.told());
            case UP_ONLY -> clamp(code, Math.max(wanted, target), override.told());
            case DOWN_ONLY -> clamp(code, Math.min(wanted, target), override.told());
            case PAUSE -> clamp(code, wanted, override.told());
        }
        if (!reasons.contains(code)) {
            reasons.add(code); // it agrees; whoever looks is to know that it counts
        }
    }

    private static ReasonCode code(ScaleOverride override) {
        return switch (override.kind()) {
            case PINNED -> ReasonCode.PINNED;
            case UP_ONLY -> ReasonCode.UP_ONLY;
            case DOWN_ONLY -> ReasonCode.DOWN_ONLY;
            case PAUSE -> ReasonCode.PAUSED;
        };
    }

    private void bound(ScalingPolicy policy) {
        clamp(ReasonCode.AT_MAX_REPLICAS, Math.min(policy.maxReplicas(), target), "the bound " + policy.maxReplicas());
        clamp(ReasonCode.AT_MIN_REPLICAS, Math.max(policy.minReplicas(), target), "the bound " + policy.minReplicas());
    }

    private void clamp(ReasonCode code, int after, String because) {
        if (after != target) {
            clamps.add(new Clamp(code, target, after, because));
            reasons.remove(code);
            reasons.add(0, code);
            target = after;
        }
    }

    /** Where a bound decided that a schedule set, the schedule is named after it. */
    private void blameSchedule(Schedule.Bounds bounds) {
        blame(
                bounds.minFrom(),
                ReasonCode.SCHEDULED_MIN_REPLICAS,
                ReasonCode.AT_MIN_REPLICAS,
                ReasonCode.BELOW_MIN_REPLICAS);
        blame(
                bounds.maxFrom(),
                ReasonCode.SCHEDULED_MAX_REPLICAS,
                ReasonCode.AT_MAX_REPLICAS,
                ReasonCode.ABOVE_MAX_REPLICAS);
    }

    private void blame(Optional<String> schedule, ReasonCode code, ReasonCode... bounds) {
        for (ReasonCode bound : bounds) {
            int at = reasons.indexOf(bound);
            if (at >= 0 && schedule.isPresent()) {
                reasons.add(at + 1, code);
                return;
            }
        }
    }

    /**
     * Tells what was decided and why, and what would have changed it. Made after the numbers, from the numbers.
     *
     * @param settings what stands around the policy
     * @param observation what there was
     * @param history what was remembered
     * @param outcome what was decided
     * @param now the time of the decision
     * @return the decision, with inputs, all clamps in order, reasons and rationale
     */
    public static ScaleDecision explain(
            StageSettings settings,
            StagedObservation observation,
            StagedHistory history,
            StagedOutcome outcome,
            Instant now) {
        ScaleDecision alone = ScalingDecider.explain(outcome.effective(), outcome.shown(), outcome.alone(), now);
        // inputs as they were, not as the policy was shown them
        List<MetricInput> inputs = ScalingDecider.inputs(outcome.effective(), observation.seen(), now);
        List<Clamp> all = new ArrayList<>(alone.basis().clamps());
        all.addAll(outcome.clamps());
        StringBuilder rationale = new StringBuilder(
                hold(observation).map(Hold::because).orElse(alone.basis().rationale()));
        for (Clamp clamp : outcome.clamps()) {
            rationale.append("; then ").append(clamp.after()).append(": ").append(clamp.because());
        }
        if (outcome.effective() instanceof TargetPolicy) { // the threshold policy tells them itself
            for (String point : TurningPoints.of(settings, history, outcome, now)) {
                rationale.append("; ").append(point);
            }
        } else {
            agreeing(settings, outcome, now)
                    .forEach(each -> rationale.append("; ").append(each.told()));
        }
        return ScaleDecision.of(
                outcome.wanted(),
                outcome.target(),
                new DecisionBasis(
                        identity(observation, outcome, alone.basis(), now),
                        observation.seen().application(),
                        inputs,
                        all,
                        outcome.reasons(),
                        rationale.toString(),
                        now));
    }

    /** That of the policy's own decision, if nothing was changed about it. */
    private static String identity(
            StagedObservation observation, StagedOutcome outcome, DecisionBasis alone, Instant now) {
        return outcome.target() == outcome.alone().target() && outcome.reasons().equals(alone.reasons())
                ? alone.id()
                : ScalingDecider.identity(
                        observation.seen().application(), now, outcome.wanted(), outcome.target(), outcome.reasons());
    }

    /** The overrides that count and change nothing, since the policy wants the same. */
    private static List<ScaleOverride> agreeing(StageSettings settings, StagedOutcome outcome, Instant now) {
        return settings.overrides().stream()
                .filter(each -> each.activeAt(now) && outcome.reasons().contains(code(each)))
                .filter(each -> outcome.clamps().stream()
                        .noneMatch(clamp -> clamp.because().equals(each.told())))
                .toList();
    }
}
