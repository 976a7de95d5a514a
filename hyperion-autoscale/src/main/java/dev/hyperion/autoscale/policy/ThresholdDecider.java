// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.autoscale.Clamp;
import dev.hyperion.autoscale.DecisionBasis;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ThresholdPolicy;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

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
 * <p>Thread-safety: immutable.
 */
public final class ThresholdDecider {
    private static final MathContext FOUR_DIGITS = new MathContext(4);

    private final ThresholdPolicy policy;
    private final Observation seen;
    private final Instant now;

    private ThresholdDecider(ThresholdPolicy policy, Observation seen, Instant now) {
        this.policy = policy;
        this.seen = seen;
        this.now = now;
    }

    /**
     * Decides.
     *
     * @param policy the policy
     * @param observation what there is
     * @param history what was applied before
     * @param now the time of the decision
     * @return the decision, with everything that led to it
     */
    public static ScaleDecision decide(
            ThresholdPolicy policy, Observation observation, ScaleHistory history, Instant now) {
        return new ThresholdDecider(policy, observation, now).decide(history);
    }

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
        DOWN_COOLING
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

    private ScaleDecision decide(ScaleHistory history) {
        if (seen.hold().isPresent()) {
            Hold hold = seen.hold().get();
            return stay(List.of(hold.code()), hold.because());
        }
        int replicas = seen.replicas();
        boolean outOfBounds = replicas < policy.minReplicas() || replicas > policy.maxReplicas();
        Optional<ReasonCode> bad = outOfBounds ? Optional.empty() : unusable();
        if (bad.isPresent()) {
            return stay(
                    List.of(bad.get()),
                    policy.metric() + " cannot be used (" + seen.input().detail()
                            + "); nothing is changed on bad data");
        }
        double value = seen.input().value().orElse(Double.NaN);
        Step step = step(policy, replicas, value, history, now);
        int target = target(policy, replicas, step);
        String above = reading(value) + ", above " + number(policy.scaleUpThreshold());
        String below = reading(value) + ", below " + number(policy.scaleDownThreshold());
        return switch (step) {
            case BELOW_MIN -> correct(ReasonCode.BELOW_MIN_REPLICAS, target, "fewer than min_replicas");
            case ABOVE_MAX -> correct(ReasonCode.ABOVE_MAX_REPLICAS, target, "more than max_replicas");
            case WITHIN ->
                stay(
                        List.of(ReasonCode.WITHIN_THRESHOLDS),
                        reading(value) + ", between " + number(policy.scaleDownThreshold()) + " and "
                                + number(policy.scaleUpThreshold())
                                + "; below the first a step down follows, above the second one up");
            case UP ->
                changed(
                        replicas + policy.scaleStep(),
                        target,
                        ReasonCode.ABOVE_SCALE_UP_THRESHOLD,
                        ReasonCode.AT_MAX_REPLICAS,
                        above);
            case UP_AT_MAX ->
                stay(
                        List.of(ReasonCode.ABOVE_SCALE_UP_THRESHOLD, ReasonCode.AT_MAX_REPLICAS),
                        above + ", but there are max_replicas " + policy.maxReplicas() + " already");
            case UP_COOLING ->
                stay(
                        List.of(ReasonCode.ABOVE_SCALE_UP_THRESHOLD, ReasonCode.SCALE_UP_COOLDOWN),
                        above + ", but the scale-up cooldown runs for another "
                                + seconds(history.upCooldownLeft(policy.scaleUpCooldown(), now)));
            case DOWN ->
                changed(
                        replicas - policy.scaleStep(),
                        target,
                        ReasonCode.BELOW_SCALE_DOWN_THRESHOLD,
                        ReasonCode.AT_MIN_REPLICAS,
                        below);
            case DOWN_AT_MIN ->
                stay(
                        List.of(ReasonCode.BELOW_SCALE_DOWN_THRESHOLD, ReasonCode.AT_MIN_REPLICAS),
                        below + ", but there are only min_replicas " + policy.minReplicas());
            case DOWN_COOLING ->
                stay(
                        List.of(ReasonCode.BELOW_SCALE_DOWN_THRESHOLD, ReasonCode.SCALE_DOWN_COOLDOWN),
                        below + ", but the scale-down cooldown runs for another "
                                + seconds(history.downCooldownLeft(policy.scaleDownCooldown(), now)));
        };
    }

    private Optional<ReasonCode> unusable() {
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

    private ScaleDecision changed(int proposed, int target, ReasonCode reason, ReasonCode bound, String why) {
        boolean clamped = proposed != target;
        List<Clamp> clamps = clamped
                ? List.of(new Clamp(bound, proposed, target, "a step of " + policy.scaleStep() + " ends at the bound"))
                : List.of();
        return decision(
                target,
                clamped ? List.of(reason, bound) : List.of(reason),
                clamps,
                why + ": from " + seen.replicas() + " to " + target + " replicas");
    }

    private ScaleDecision correct(ReasonCode code, int target, String how) {
        return decision(
                target,
                List.of(code),
                List.of(new Clamp(code, seen.replicas(), target, how)),
                seen.replicas() + " replicas are " + how + " " + target + "; corrected whatever the metric says");
    }

    private ScaleDecision stay(List<ReasonCode> reasons, String rationale) {
        return decision(seen.replicas(), reasons, List.of(), rationale);
    }

    private ScaleDecision decision(int target, List<ReasonCode> reasons, List<Clamp> clamps, String rationale) {
        String identity = seen.application() + "|" + now + "|" + seen.replicas() + "|" + target + "|" + reasons;
        String id = UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8))
                .toString();
        DecisionBasis basis =
                new DecisionBasis(id, seen.application(), List.of(seen.input()), clamps, reasons, rationale, now);
        return ScaleDecision.of(seen.replicas(), target, basis);
    }

    private String reading(double value) {
        return policy.metric() + " is " + number(value);
    }

    private static String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        return new BigDecimal(value).round(FOUR_DIGITS).stripTrailingZeros().toPlainString();
    }

    private static String seconds(Duration left) {
        return Math.max(1, (left.toMillis() + 999) / 1_000) + " s";
    }
}
