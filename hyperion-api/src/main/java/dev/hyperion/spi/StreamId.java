// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import java.util.regex.Pattern;

/**
 * The name of one journal in a store.
 *
 * <p>Thread-safety: immutable.
 *
 * @param value letters, digits and {@code . _ - /}, such as {@code rollout/checkout}; 1 to 200 characters
 */
public record StreamId(String value) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,199}");

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it breaks the rule above
     */
    public StreamId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "stream '" + value + "' is not a name; use letters, digits and '.', '_', '-', '/'");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
