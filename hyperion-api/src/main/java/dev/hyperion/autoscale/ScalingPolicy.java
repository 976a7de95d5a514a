// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import java.time.Duration;

/** How an application is to be scaled. */
public sealed interface ScalingPolicy permits ThresholdPolicy, TargetPolicy {
    /**
     * The lower bound.
     *
     * @return replicas, 0 or more
     */
    int minReplicas();

    /**
     * The upper bound.
     *
     * @return replicas, at least {@link #minReplicas()}
     */
    int maxReplicas();

    /**
     * How often a decision is made.
     *
     * @return more than zero
     */
    Duration interval();

    /**
     * The same policy between other bounds.
     *
     * @param min the lower bound
     * @param max the upper bound
     * @return a new policy
     * @throws dev.hyperion.HyperionException if a policy of this kind cannot have those bounds
     */
    ScalingPolicy withBounds(int min, int max);
}
