// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import java.util.Objects;

/**
 * Something that a look at a valid policy found.
 *
 * <p>Thread-safety: immutable.
 *
 * @param level how bad it is
 * @param key the key of the configuration that it is about, within the policy
 * @param message the value, why it is bad, and what to do; does not repeat the key
 */
public record PolicyFinding(Level level, String key, String message) {
    /** How bad it is. */
    public enum Level {
        /** It does harm at constant load. */
        ERROR,
        /** It is seldom what somebody wants. */
        WARNING,
        /** It may be right, and the policy alone does not show whether it is. */
        NOTE
    }

    /** Checks that nothing is null. */
    public PolicyFinding {
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(message, "message");
    }
}
