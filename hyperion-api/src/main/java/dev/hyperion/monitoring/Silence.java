// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import dev.hyperion.HyperionException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * Alerts about which nobody is told, and which do not act, until a time. They keep their state; what still fires when the
 * silence ends is told then, and what was told as firing and is over by then is told as resolved.
 *
 * <p>Thread-safety: immutable.
 *
 * @param id tells one silence from another; empty before it is added
 * @param rule the name of the rule; {@code *} for every rule
 * @param labels labels that an alert's event must carry, among others, with these very values
 * @param who who wants it
 * @param why one line, for people
 * @param until when it ends by itself
 */
public record Silence(String id, String rule, Map<String, String> labels, String who, String why, Instant until) {
    /** The rule name that means every rule. */
    public static final String EVERY_RULE = "*";

    /**
     * Checks that it says what it silences, and who wants it.
     *
     * @throws HyperionException if the rule or who is blank
     */
    public Silence {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(why, "why");
        Objects.requireNonNull(until, "until");
        if (rule.isBlank()) {
            throw new HyperionException("a silence names no rule; name one, or * for every rule");
        }
        if (who.isBlank()) {
            throw new HyperionException("a silence of " + rule + " does not say who wants it");
        }
        labels = Map.copyOf(labels);
    }

    /**
     * Whether it silences an alert.
     *
     * @param name the rule's name
     * @param carried the labels of the alert's events
     * @param now the time
     * @return true until it ends, if name and labels match
     */
    public boolean covers(String name, Map<String, String> carried, Instant now) {
        return now.isBefore(until)
                && (rule.equals(EVERY_RULE) || rule.equals(name))
                && carried.entrySet().containsAll(labels.entrySet());
    }
}
