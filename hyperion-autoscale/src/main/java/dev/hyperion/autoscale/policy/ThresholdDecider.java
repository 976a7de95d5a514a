// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ThresholdPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The threshold policy, in the order in which it decides:
 *
 * <ol>
 *   <li>Something forbids any action (an open rollout): hold.
 *   <li>The replica count is out of bounds: correct it, without reading the metric, cooldown or not.
 *   <li>The metric is missing, NaN, stale or failed: hold. Bad data never removes a replica.
 *   <li>{@code value > up}: one step more, unless the scale-up cooldown runs. {@code value < down}: one step less, unless
 *       the scale-down cooldown runs. Both strict. A step that crosses a bound is clamped to it.
 * </ol>
 *
 * <p>A scale-down cooldown never blocks a step up; a step up starts the scale-down cooldown anew. At constant load, with the
 * metric proportional to load per replica, this cannot flap while {@code step ≤ min × (up/down − 1)}.
 *
 * <p>Thread-safety: thread-safe, without state.
 */
public final class ThresholdDecider {
    private ThresholdDecider() {}

    /** What the policy says of one usable reading, before anybody is told why. */
    enum Step {
        BELOW_MIN,
        ABOVE_MAX,
        WITHIN,
        UP,
        UP_AT_MAX,
        UP_COOLING,
        DOWN,
        DOWN_AT_MIN,
        DOWN_COOLING;

        List<ReasonCode> reasons() {
            return switch (this) {
                case BELOW_MIN -> List.of(ReasonCode.BELOW_MIN_REPLICAS);
                case ABOVE_MAX -> List.of(ReasonCode.ABOVE_MAX_REPLICAS);
                case WITHIN -> List.of(ReasonCode.WITHIN_THRESHOLDS);
                case UP -> List.of(ReasonCode.ABOVE_SCALE_UP_THRESHOLD);
                case UP_AT_MAX -> List.of(ReasonCode.ABOVE_SCALE_UP_THRESHOLD, ReasonCode.AT_MAX_REPLICAS);
                case UP_COOLING -> List.of(ReasonCode.ABOVE_SCALE_UP_THRESHOLD, ReasonCode.SCALE_UP_COOLDOWN);
                case DOWN -> List.of(ReasonCode.BELOW_SCALE_DOWN_THRESHOLD);
                case DOWN_AT_MIN -> List.of(ReasonCode.BELOW_SCALE_DOWN_THRESHOLD, ReasonCode.AT_MIN_REPLICAS);
                case DOWN_COOLING -> List.of(ReasonCode.BELOW_SCALE_DOWN_THRESHOLD, ReasonCode.SCALE_DOWN_COOLDOWN);
            };
        }
    }

    /**
     * Decides.
     *
     * @param policy the policy
     * @param observation what there is
     * @param history what was applied before
     * @param now the time of the decision
     * @return the decision with every stage in between
     */
    public static ThresholdOutcome decide(
            ThresholdPolicy policy, Observation observation, ScaleHistory history, Instant now) {
        int replicas = observation.replicas();
        if (observation.hold().isPresent()) {
            return staying(replicas, List.of(observation.hold().get().code()), history);
        }
        boolean outOfBounds = replicas < policy.minReplicas() || replicas > policy.maxReplicas();
        Optional<ReasonCode> bad = outOfBounds ? Optional.empty() : unusable(policy, observation);
        if (bad.isPresent()) {
            return staying(replicas, List.of(bad.get()), history);
        }
        double value = observation.input().value().orElse(Double.NaN);
        Step step = step(policy, replicas, value, history, now);
        int raw = raw(policy, replicas, step);
        int target = target(policy, replicas, step);
        boolean cooling = step == Step.UP_COOLING || step == Step.DOWN_COOLING;
        int limited = cooling ? replicas : raw;
        return new ThresholdOutcome(
                replicas,
                raw,
                limited,
                target,
                cooldownLeft(policy, step, history, now),
                ended(step, raw, target).reasons(),
                history);
    }

    /** A step that ends at a bound names it. */
    private static Step ended(Step step, int raw, int target) {
        return step == Step.UP && target < raw
                ? Step.UP_AT_MAX
                : step == Step.DOWN && target > raw ? Step.DOWN_AT_MIN : step;
    }

    private static ThresholdOutcome staying(int replicas, List<ReasonCode> reasons, ScaleHistory history) {
        return new ThresholdOutcome(replicas, replicas, replicas, replicas, Duration.ZERO, reasons, history);
    }

    private static Optional<ReasonCode> unusable(ThresholdPolicy policy, Observation seen) {
        MetricInput input = seen.input();
        if (seen.unusable().isPresent()) {
            return seen.unusable();
        }
        if (input.value().isEmpty()) {
            return Optional.of(ReasonCode.METRIC_MISSING);
        }
        if (!Double.isFinite(input.value().getAsDouble())) {
            return Optional.of(ReasonCode.METRIC_NOT_A_NUMBER);
        }
        boolean stale =
                input.age().filter(age -> age.compareTo(policy.maxAge()) <= 0).isEmpty();
        return stale ? Optional.of(ReasonCode.METRIC_STALE) : Optional.empty();
    }

    /** The numeric decision. Allocates nothing unless a cooldown has to be looked at. */
    static Step step(ThresholdPolicy policy, int replicas, double value, ScaleHistory history, Instant now) {
        if (replicas < policy.minReplicas()) {
            return Step.BELOW_MIN;
        }
        if (replicas > policy.maxReplicas()) {
            return Step.ABOVE_MAX;
        }
        if (value > policy.scaleUpThreshold()) {
            if (replicas == policy.maxReplicas()) {
                return Step.UP_AT_MAX;
            }
            return history.upCooldownLeft(policy.scaleUpCooldown(), now).isZero() ? Step.UP : Step.UP_COOLING;
        }
        if (value < policy.scaleDownThreshold()) {
            if (replicas == policy.minReplicas()) {
                return Step.DOWN_AT_MIN;
            }
            return history.downCooldownLeft(policy.scaleDownCooldown(), now).isZero() ? Step.DOWN : Step.DOWN_COOLING;
        }
        return Step.WITHIN;
    }

    /** How many replicas a step leads to. */
    static int target(ThresholdPolicy policy, int replicas, Step step) {
        return switch (step) {
            case BELOW_MIN -> policy.minReplicas();
            case ABOVE_MAX -> policy.maxReplicas();
            case UP -> (int) Math.min(policy.maxReplicas(), (long) replicas + policy.scaleStep());
            case DOWN -> Math.max(policy.minReplicas(), replicas - policy.scaleStep());
            case WITHIN, UP_AT_MAX, UP_COOLING, DOWN_AT_MIN, DOWN_COOLING -> replicas;
        };
    }

    /** How many a step would lead to if there were neither cooldowns nor bounds. */
    private static int raw(ThresholdPolicy policy, int replicas, Step step) {
        return switch (step) {
            case BELOW_MIN, ABOVE_MAX, WITHIN -> replicas;
            case UP, UP_AT_MAX, UP_COOLING -> (int) Math.min(Integer.MAX_VALUE, (long) replicas + policy.scaleStep());
            case DOWN, DOWN_AT_MIN, DOWN_COOLING -> Math.max(0, replicas - policy.scaleStep());
        };
    }

    private static Duration cooldownLeft(ThresholdPolicy policy, Step step, ScaleHistory history, Instant now) {
        return switch (step) {
            case UP_COOLING -> history.upCooldownLeft(policy.scaleUpCooldown(), now);
            case DOWN_COOLING -> history.downCooldownLeft(policy.scaleDownCooldown(), now);
            case BELOW_MIN, ABOVE_MAX, WITHIN, UP, UP_AT_MAX, DOWN, DOWN_AT_MIN -> Duration.ZERO;
        };
    }

    /**
     * The number alone, of a reading that can be used, for whoever asks millions of times, such as a simulation.
     *
     * @param policy the policy
     * @param replicas how many replicas there are, 0 or more
     * @param value the reading, in the metric's unit; neither NaN nor infinite
     * @param history what was applied before
     * @param now the time of the decision
     * @return how many there should be: the target that {@link #decide} gives
     */
    public static int target(ThresholdPolicy policy, int replicas, double value, ScaleHistory history, Instant now) {
        return target(policy, replicas, step(policy, replicas, value, history, now));
    }
}
