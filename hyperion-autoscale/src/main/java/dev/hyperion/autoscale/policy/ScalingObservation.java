// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.ApplicationId;

/** What a policy decides from: {@link Observation} for a threshold policy, {@link TargetObservation} for a target policy. */
public sealed interface ScalingObservation permits Observation, TargetObservation {
    /**
     * Whom it is about.
     *
     * @return the application
     */
    ApplicationId application();

    /**
     * How many replicas there should be now, before this decision.
     *
     * @return 0 or more
     */
    int wanted();
}
