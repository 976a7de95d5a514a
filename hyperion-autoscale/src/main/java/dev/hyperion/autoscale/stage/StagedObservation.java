// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.stage;

import dev.hyperion.autoscale.policy.Hold;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ReplicaSample;
import dev.hyperion.autoscale.policy.ScalingObservation;
import dev.hyperion.autoscale.policy.TargetObservation;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a decision with its stages rests on.
 *
 * <p>Thread-safety: immutable.
 *
 * @param seen what the policy sees
 * @param hold why nothing may be done at all; empty if something may
 * @param rollout the open rollout; empty if there is none
 * @param replicas each replica, for a threshold policy; empty if they are not known, or in {@code seen} already
 * @param samples of a threshold policy's metric, one for each of {@code replicas} in their order; empty if only the mean is
 *     known
 */
public record StagedObservation(
        ScalingObservation seen,
        Optional<Hold> hold,
        Optional<RolloutFacts> rollout,
        List<ReplicaFacts> replicas,
        List<ReplicaSample> samples) {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there are samples, and not one for each replica
     */
    public StagedObservation {
        Objects.requireNonNull(seen, "seen");
        Objects.requireNonNull(hold, "hold");
        Objects.requireNonNull(rollout, "rollout");
        replicas = List.copyOf(replicas);
        samples = List.copyOf(samples);
        if (!samples.isEmpty() && samples.size() != replicas.size()) {
            throw new IllegalArgumentException(
                    samples.size() + " samples of " + replicas.size() + " replicas; expected one for each");
        }
    }

    /**
     * An observation with nothing beside what the policy sees.
     *
     * @param seen what the policy sees
     * @return the observation
     */
    public static StagedObservation of(ScalingObservation seen) {
        return new StagedObservation(seen, Optional.empty(), Optional.empty(), List.of(), List.of());
    }

    /** Each replica, wherever they were told of. */
    List<ReplicaFacts> everyReplica() {
        return seen instanceof TargetObservation target ? target.replicas() : replicas;
    }
}
