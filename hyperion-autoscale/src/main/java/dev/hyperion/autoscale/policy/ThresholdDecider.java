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

    private ScaleDecision decide(ScaleHistory history) {
        if (seen.hold().isPresent()) {
            Hold hold = seen.hold().get();
            return stay(List.of(hold.code()), hold.because());
        }
        int replicas = seen.replicas();
        if (replicas < policy.minReplicas()) {
            return correct(ReasonCode.BELOW_MIN_REPLICAS, policy.minReplicas(), "fewer than min_replicas");
        }
        if (replicas > policy.maxReplicas()) {
            return correct(ReasonCode.ABOVE_MAX_REPLICAS, policy.maxReplicas(), "more than max_replicas");
        }
        Optional<ReasonCode> bad = unusable();
        if (bad.isPresent()) {
            return stay(
                    List.of(bad.get()),
                    policy.metric() + " cannot be used (" + seen.input().detail()
                            + "); nothing is changed on bad data");
        }
        double value = seen.input().value().orElseThrow();
        if (value > policy.scaleUpThreshold()) {
            return up(value, history.upCooldownLeft(policy.scaleUpCooldown(), now));
        }
        if (value < policy.scaleDownThreshold()) {
            return down(value, history.downCooldownLeft(policy.scaleDownCooldown(), now));
        }
        return stay(
                List.of(ReasonCode.WITHIN_THRESHOLDS),
                reading(value) + ", between " + number(policy.scaleDownThreshold()) + " and "
                        + number(policy.scaleUpThreshold())
                        + "; below the first a step down follows, above the second one up");
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

    private ScaleDecision up(double value, Duration cooldownLeft) {
        String why = reading(value) + ", above " + number(policy.scaleUpThreshold());
        if (seen.replicas() == policy.maxReplicas()) {
            return stay(
                    List.of(ReasonCode.ABOVE_SCALE_UP_THRESHOLD, ReasonCode.AT_MAX_REPLICAS),
                    why + ", but there are max_replicas " + policy.maxReplicas() + " already");
        }
        if (!cooldownLeft.isZero()) {
            return stay(
                    List.of(ReasonCode.ABOVE_SCALE_UP_THRESHOLD, ReasonCode.SCALE_UP_COOLDOWN),
                    why + ", but the scale-up cooldown runs for another " + seconds(cooldownLeft));
        }
        int proposed = Math.addExact(seen.replicas(), policy.scaleStep());
        return step(
                proposed,
                Math.min(proposed, policy.maxReplicas()),
                ReasonCode.ABOVE_SCALE_UP_THRESHOLD,
                ReasonCode.AT_MAX_REPLICAS,
                why);
    }

    private ScaleDecision down(double value, Duration cooldownLeft) {
        String why = reading(value) + ", below " + number(policy.scaleDownThreshold());
        if (seen.replicas() == policy.minReplicas()) {
            return stay(
                    List.of(ReasonCode.BELOW_SCALE_DOWN_THRESHOLD, ReasonCode.AT_MIN_REPLICAS),
                    why + ", but there are only min_replicas " + policy.minReplicas());
        }
        if (!cooldownLeft.isZero()) {
            return stay(
                    List.of(ReasonCode.BELOW_SCALE_DOWN_THRESHOLD, ReasonCode.SCALE_DOWN_COOLDOWN),
                    why + ", but the scale-down cooldown runs for another " + seconds(cooldownLeft));
        }
        int proposed = seen.replicas() - policy.scaleStep();
        return step(
                proposed,
                Math.max(proposed, policy.minReplicas()),
                ReasonCode.BELOW_SCALE_DOWN_THRESHOLD,
                ReasonCode.AT_MIN_REPLICAS,
                why);
    }

    private ScaleDecision step(int proposed, int target, ReasonCode reason, ReasonCode bound, String why) {
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
        return new BigDecimal(value).round(FOUR_DIGITS).stripTrailingZeros().toPlainString();
    }

    private static String seconds(Duration left) {
        return Math.max(1, (left.toMillis() + 999) / 1_000) + " s";
    }
}
