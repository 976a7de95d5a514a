// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import java.util.Objects;
import java.util.Optional;

/**
 * What a decision rests on.
 *
 * <p>Thread-safety: immutable.
 *
 * @param application whom it is about
 * @param replicas how many replicas there should be now, 0 or more
 * @param input the policy's metric as it was read
 * @param unusable why the reading cannot be used, beside those reasons that the reading itself shows
 * @param hold why nothing may be done; empty if something may
 */
public record Observation(
        ApplicationId application, int replicas, MetricInput input, Optional<ReasonCode> unusable, Optional<Hold> hold)
        implements ScalingObservation {
    /**
     * Checks the count.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Observation {
        Objects.requireNonNull(application, "application");
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(unusable, "unusable");
        Objects.requireNonNull(hold, "hold");
        if (replicas < 0) {
            throw new IllegalArgumentException("there cannot be " + replicas + " replicas of " + application);
        }
    }

    @Override
    public int wanted() {
        return replicas;
    }
}
