// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * An alert began or ended. Sent at least once; the id is the same each time.
 *
 * <p>Thread-safety: immutable.
 *
 * @param id tells one event from another, so that a receiver can drop the second copy
 * @param rule the rule
 * @param labels the label set, with the labels of the rule
 * @param state {@link AlertState#FIRING} or {@link AlertState#RESOLVED}
 * @param value the reading that decided, in base units; NaN if missing data did
 * @param at when it was decided
 * @param text one line for people
 */
public record AlertEvent(
        String id,
        AlertRule rule,
        Map<String, String> labels,
        AlertState state,
        double value,
        Instant at,
        String text) {
    /**
     * Checks the state.
     *
     * @throws IllegalArgumentException unless it is firing or resolved
     */
    public AlertEvent {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(text, "text");
        if (state != AlertState.FIRING && state != AlertState.RESOLVED) {
            throw new IllegalArgumentException("an alert event is firing or resolved, not " + state);
        }
        labels = Map.copyOf(labels);
    }
}
