// SPDX-License-Identifier: Apache-2.0
package dev.hyperion;

import java.util.Objects;

/**
 * A value that must not be shown. It prints as {@code ***}, in logs, in errors and in JSON alike.
 *
 * <p>Thread-safety: immutable.
 */
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = Objects.requireNonNull(value, "value");
    }

    /**
     * Wraps a secret.
     *
     * @param value the text to hide
     * @return the secret
     */
    public static Secret of(String value) {
        return new Secret(value);
    }

    /**
     * The hidden text; hand it on at once, never store or log it.
     *
     * @return the text as it was given
     */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
