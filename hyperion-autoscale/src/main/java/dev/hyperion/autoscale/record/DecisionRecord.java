// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.policy.ScaleHistory;
import dev.hyperion.autoscale.policy.TargetDecider;
import dev.hyperion.autoscale.policy.TargetExplainer;
import dev.hyperion.autoscale.policy.TargetHistory;
import dev.hyperion.autoscale.policy.TargetObservation;
import dev.hyperion.autoscale.policy.TargetOutcome;
import dev.hyperion.autoscale.policy.ThresholdDecider;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One decision with everything that it rested on. Its JSON can be decided again by {@link #replay}, and gives the same bytes.
 *
 * <p>Thread-safety: immutable.
 *
 * @param policy the policy
 * @param basis what there was and what was remembered
 * @param now the time of the decision
 * @param decision what was decided
 * @param outcome the stages of a target policy; empty for a threshold policy
 */
public record DecisionRecord(
        ScalingPolicy policy, Basis basis, Instant now, ScaleDecision decision, Optional<TargetOutcome> outcome) {

    /** What a policy of each kind decides from. */
    public sealed interface Basis {
        /**
         * For a threshold policy.
         *
         * <p>Thread-safety: immutable.
         *
         * @param observation what there was
         * @param history what was applied before
         */
        record ForThreshold(Observation observation, ScaleHistory history) implements Basis {
            /** Checks that nothing is null. */
            public ForThreshold {
                Objects.requireNonNull(observation, "observation");
                Objects.requireNonNull(history, "history");
            }
        }

        /**
         * For a target policy.
         *
         * <p>Thread-safety: immutable.
         *
         * @param application whom it is about
         * @param observation what there was
         * @param inputs where the readings came from and how old they were
         * @param history what was recommended and applied before
         */
        record ForTarget(
                ApplicationId application,
                TargetObservation observation,
                List<MetricInput> inputs,
                TargetHistory history)
                implements Basis {
            /** Copies the list. */
            public ForTarget {
                Objects.requireNonNull(application, "application");
                Objects.requireNonNull(observation, "observation");
                Objects.requireNonNull(history, "history");
                inputs = List.copyOf(inputs);
            }
        }
    }

    /** Checks that nothing is null. */
    public DecisionRecord {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(basis, "basis");
        Objects.requireNonNull(now, "now");
        Objects.requireNonNull(decision, "decision");
        Objects.requireNonNull(outcome, "outcome");
    }

    /**
     * Decides, and keeps all of it.
     *
     * @param policy the policy
     * @param basis what there is; of the policy's kind
     * @param now the time of the decision
     * @return the decision with everything that it rested on
     * @throws IllegalArgumentException if the basis is of another kind than the policy
     */
    public static DecisionRecord decide(ScalingPolicy policy, Basis basis, Instant now) {
        if (policy instanceof ThresholdPolicy threshold && basis instanceof Basis.ForThreshold seen) {
            return new DecisionRecord(
                    policy,
                    basis,
                    now,
                    ThresholdDecider.decide(threshold, seen.observation(), seen.history(), now),
                    Optional.empty());
        }
        if (policy instanceof TargetPolicy target && basis instanceof Basis.ForTarget seen) {
            TargetOutcome outcome = TargetDecider.decide(target, seen.observation(), seen.history(), now);
            return new DecisionRecord(
                    policy,
                    basis,
                    now,
                    TargetExplainer.explain(target, outcome, seen.application(), seen.inputs(), now),
                    Optional.of(outcome));
        }
        throw new IllegalArgumentException("a " + policy.getClass().getSimpleName() + " cannot decide from "
                + basis.getClass().getSimpleName());
    }

    /**
     * Writes the record.
     *
     * @return JSON on one line; equal records give equal bytes
     */
    public String toJson() {
        return RecordJson.write(this);
    }

    /**
     * Decides again what a record says was decided.
     *
     * @param json what {@link #toJson} wrote
     * @return the record of the decision as this code makes it; its JSON is the same unless the code decides otherwise
     * @throws IllegalArgumentException if it is no such record
     */
    public static DecisionRecord replay(String json) {
        return RecordJson.replay(json);
    }
}
