// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.autoscale.ReasonCode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a threshold policy decided, with every stage in between.
 *
 * <p>Thread-safety: immutable.
 *
 * @param wanted how many replicas there should have been until now
 * @param raw a step more or less than that, or the same; not yet bounded
 * @param limited the same after the cooldowns were heard
 * @param target the same within the bounds: the decision
 * @param cooldownLeft how long the cooldown that held the step back runs on; zero if none did
 * @param reasons why, the deciding one first; at least one
 * @param next what to remember: the same as before, since only what is applied starts a cooldown
 */
public record ThresholdOutcome(
        int wanted,
        int raw,
        int limited,
        int target,
        Duration cooldownLeft,
        List<ReasonCode> reasons,
        ScaleHistory next)
        implements ScalingOutcome {
    /** Copies the list. */
    public ThresholdOutcome {
        Objects.requireNonNull(cooldownLeft, "cooldownLeft");
        Objects.requireNonNull(next, "next");
        reasons = List.copyOf(reasons);
    }
}
