// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.ApplicationId;
import java.util.List;
import java.util.Objects;

/**
 * What a target policy decides from.
 *
 * <p>Thread-safety: immutable.
 *
 * @param application whom it is about
 * @param wanted how many replicas there should be now (HPA: {@code scale.spec.replicas}), 0 or more
 * @param present how many there are (HPA: {@code scale.status.replicas}), 0 or more
 * @param replicas each of them
 * @param metrics one reading for each metric of the policy, in its order
 * @param shortMetrics the same over the panic window; empty if the policy has none
 */
public record TargetObservation(
        ApplicationId application,
        int wanted,
        int present,
        List<ReplicaFacts> replicas,
        List<MetricObservation> metrics,
        List<MetricObservation> shortMetrics)
        implements ScalingObservation {
    /**
     * Checks the counts and that each metric of replicas has a sample for each.
     *
     * @throws IllegalArgumentException if they do not fit
     */
    public TargetObservation {
        Objects.requireNonNull(application, "application");
        replicas = List.copyOf(replicas);
        metrics = List.copyOf(metrics);
        shortMetrics = List.copyOf(shortMetrics);
        if (wanted < 0 || present < 0) {
            throw new IllegalArgumentException("there cannot be " + wanted + " of " + present + " replicas");
        }
        requireSamples(metrics, replicas.size());
        requireSamples(shortMetrics, replicas.size());
    }

    private static void requireSamples(List<MetricObservation> metrics, int replicas) {
        for (MetricObservation metric : metrics) {
            Objects.requireNonNull(metric, "metric");
            if (metric instanceof MetricObservation.PerReplica each
                    && each.samples().size() != replicas) {
                throw new IllegalArgumentException(
                        each.samples().size() + " samples of " + replicas + " replicas; expected one for each");
            }
        }
    }

    /**
     * An observation without a panic window.
     *
     * @param application whom it is about
     * @param wanted how many replicas there should be now
     * @param present how many there are
     * @param replicas each of them
     * @param metrics one reading for each metric of the policy
     * @return the observation
     */
    public static TargetObservation of(
            ApplicationId application,
            int wanted,
            int present,
            List<ReplicaFacts> replicas,
            List<MetricObservation> metrics) {
        return new TargetObservation(application, wanted, present, replicas, metrics, List.of());
    }
}
