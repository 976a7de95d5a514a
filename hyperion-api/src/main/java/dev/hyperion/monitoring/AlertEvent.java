// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An alert began or ended, or is told again because it still fires. Sent at least once; the id is the same each time.
 *
 * <p>Thread-safety: immutable.
 *
 * @param id tells one event from another, so that a receiver can drop the second copy
 * @param rule the rule
 * @param labels the label set, with the labels of the rule
 * @param state {@link AlertState#FIRING} or {@link AlertState#RESOLVED}
 * @param value the reading that decided, in base units; NaN if missing data did
 * @param at when it was decided
 * @param startedAt when the alert began to fire; the same as {@code at} for its first event
 * @param contact whom to call
 * @param text one line for people, with reading, limit and contact
 */
public record AlertEvent(
        String id,
        AlertRule rule,
        Map<String, String> labels,
        AlertState state,
        double value,
        Instant at,
        Instant startedAt,
        Optional<Contact> contact,
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
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(contact, "contact");
        Objects.requireNonNull(text, "text");
        if (state != AlertState.FIRING && state != AlertState.RESOLVED) {
            throw new IllegalArgumentException("an alert event is firing or resolved, not " + state);
        }
        labels = Map.copyOf(labels);
    }

    /**
     * The label set alone: what tells this alert from the others of its rule.
     *
     * @return the labels that the rule keeps states by
     */
    public Map<String, String> series() {
        return labels.entrySet().stream()
                .filter(label -> rule.by().contains(label.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
