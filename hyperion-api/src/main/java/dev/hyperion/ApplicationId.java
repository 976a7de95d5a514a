// SPDX-License-Identifier: Apache-2.0
package dev.hyperion;

import java.util.regex.Pattern;

/**
 * The name of one deployed application, such as {@code checkout-api}. It appears in labels, file names and addresses, so
 * its alphabet is small: it starts with a letter or digit and goes on with letters, digits, {@code .}, {@code _} and
 * {@code -}, 63 characters at most.
 *
 * <p>Thread-safety: immutable.
 *
 * @param value the name
 */
public record ApplicationId(String value) implements Comparable<ApplicationId> {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if the name breaks the rule above
     */
    public ApplicationId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("application '" + value
                    + "' is not a name; use letters, digits, '.', '_' and '-', starting with a letter or digit,"
                    + " 63 characters at most");
        }
    }

    @Override
    public int compareTo(ApplicationId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
