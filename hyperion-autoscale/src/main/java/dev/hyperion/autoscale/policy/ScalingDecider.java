// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.told.Told;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The one way in: decides for a policy of either kind. A pure function of what it is given; the algorithms are those of
 * {@link ThresholdDecider} and {@link TargetDecider}.
 *
 * <p>Thread-safety: thread-safe, without state.
 */
public final class ScalingDecider {
    private ScalingDecider() {}

    /**
     * Decides.
     *
     * @param policy the policy
     * @param observation what there is, of the policy's kind
     * @param history what was recommended and applied before, of the policy's kind
     * @param now the time of the decision
     * @return the numbers of every stage; {@link #explain} makes a decision of them
     * @throws IllegalArgumentException if observation or history are of another kind than the policy, or the observation has
     *     not one reading for each metric
     */
    public static ScalingOutcome decide(
            ScalingPolicy policy, ScalingObservation observation, ScalingHistory history, Instant now) {
        if (policy instanceof ThresholdPolicy threshold
                && observation instanceof Observation seen
                && history instanceof ScaleHistory before) {
            return ThresholdDecider.decide(threshold, seen, before, now);
        }
        if (policy instanceof TargetPolicy target
                && observation instanceof TargetObservation seen
                && history instanceof TargetHistory before) {
            return TargetDecider.decide(target, seen, before, now);
        }
        throw mismatch(policy, observation, history);
    }

    /**
     * Tells what was decided and why. Made after the numbers, from the numbers: telling changes nothing.
     *
     * @param policy the policy
     * @param observation what there was
     * @param outcome what was decided
     * @param now the time of the decision
     * @return the decision, with inputs, clamps in order, reasons and rationale
     * @throws IllegalArgumentException if observation or outcome are of another kind than the policy
     */
    public static ScaleDecision explain(
            ScalingPolicy policy, ScalingObservation observation, ScalingOutcome outcome, Instant now) {
        if (policy instanceof ThresholdPolicy threshold
                && observation instanceof Observation seen
                && outcome instanceof ThresholdOutcome numbers) {
            return ThresholdExplainer.explain(threshold, seen, numbers, now);
        }
        if (policy instanceof TargetPolicy target
                && observation instanceof TargetObservation seen
                && outcome instanceof TargetOutcome numbers) {
            return TargetExplainer.explain(target, seen, numbers, now);
        }
        throw mismatch(policy, observation, outcome);
    }

    /**
     * The readings as a decision record has them.
     *
     * @param policy the policy
     * @param observation what there was
     * @param now the time of the decision
     * @return one for each metric of the policy, in its order
     * @throws IllegalArgumentException if the observation is of another kind than the policy
     */
    public static List<MetricInput> inputs(ScalingPolicy policy, ScalingObservation observation, Instant now) {
        if (policy instanceof ThresholdPolicy && observation instanceof Observation seen) {
            return List.of(seen.input());
        }
        if (policy instanceof TargetPolicy target && observation instanceof TargetObservation seen) {
            return TargetExplainer.inputs(target, seen, now);
        }
        throw mismatch(policy, observation);
    }

    /**
     * Names a decision: the same one at the same time has the same name, so that noting it twice shows.
     *
     * @param application whom it is about
     * @param now the time of the decision
     * @param wanted how many replicas there should have been until now
     * @param target how many there should be
     * @param reasons why
     * @return a name as of a UUID
     */
    public static String identity(
            ApplicationId application, Instant now, int wanted, int target, List<ReasonCode> reasons) {
        StringBuilder text = new StringBuilder(160).append(application).append('|');
        Told.append(text, now)
                .append('|')
                .append(wanted)
                .append('|')
                .append(target)
                .append('|')
                .append(reasons);
        return UUID.nameUUIDFromBytes(text.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static IllegalArgumentException mismatch(ScalingPolicy policy, Object... from) {
        return new IllegalArgumentException("a " + policy.getClass().getSimpleName() + " cannot decide from "
                + Arrays.stream(from)
                        .map(each -> each.getClass().getSimpleName())
                        .collect(Collectors.joining(" and ")));
    }
}
