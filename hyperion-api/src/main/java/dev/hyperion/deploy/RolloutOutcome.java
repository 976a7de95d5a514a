// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import java.time.Instant;
import java.util.Objects;

/**
 * How a rollout ended.
 *
 * <p>Thread-safety: immutable.
 *
 * @param state one that {@link RolloutState#isOver()}
 * @param reason one line: why; for a held one, what the operator should do next
 * @param at when
 */
public record RolloutOutcome(RolloutState state, String reason, Instant at) {
    /**
     * Checks the state.
     *
     * @throws IllegalArgumentException if it is not over
     */
    public RolloutOutcome {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(at, "at");
        if (!state.isOver()) {
            throw new IllegalArgumentException("a rollout that is " + state.word() + " has no outcome yet");
        }
    }
}
