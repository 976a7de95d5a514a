// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far a rollout is.
 *
 * <p>Thread-safety: immutable.
 *
 * @param stepNumber the step under way, counted from 1; 0 before the first, {@code stepCount} once it is over
 * @param stepCount how many steps there are
 * @param step the step under way; empty if none is
 * @param waitingFor one line: why it has not gone on; empty if it does not wait
 * @param remaining how long the step will take at least; empty if unknown
 * @param samples the requests that the new version has answered in this bake; empty outside one
 */
public record RolloutProgress(
        int stepNumber,
        int stepCount,
        Optional<PlanStep> step,
        String waitingFor,
        Optional<Duration> remaining,
        OptionalLong samples) {
    /** Checks that nothing is null. */
    public RolloutProgress {
        Objects.requireNonNull(step, "step");
        Objects.requireNonNull(waitingFor, "waitingFor");
        Objects.requireNonNull(remaining, "remaining");
        Objects.requireNonNull(samples, "samples");
    }
}
