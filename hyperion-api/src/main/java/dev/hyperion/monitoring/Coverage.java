// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

/**
 * How many of those asked have answered.
 *
 * <p>Thread-safety: immutable.
 *
 * @param answered how many answered
 * @param asked how many were asked, at least as many
 */
public record Coverage(int answered, int asked) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException unless 0 ≤ answered ≤ asked
     */
    public Coverage {
        if (answered < 0 || answered > asked) {
            throw new IllegalArgumentException(answered + " of " + asked + " cannot have answered");
        }
    }

    /**
     * The one that was asked has answered.
     *
     * @return one of one
     */
    public static Coverage full() {
        return new Coverage(1, 1);
    }
}
