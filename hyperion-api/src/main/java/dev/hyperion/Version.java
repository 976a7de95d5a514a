// SPDX-License-Identifier: Apache-2.0
package dev.hyperion;

import java.util.regex.Pattern;

/**
 * The version of an application as its owners name it, such as {@code 1.4.0} or {@code 2026-11-24.3}. Versions are
 * compared for equality only; no order is read into them. The alphabet is that of {@link ApplicationId} and {@code +}.
 *
 * <p>Thread-safety: immutable.
 *
 * @param value the version's text
 */
public record Version(String value) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,62}");

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if the text breaks the rule above
     */
    public Version {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("version '" + value
                    + "' is not a version; use letters, digits, '.', '_', '+' and '-', starting with a letter or digit,"
                    + " 63 characters at most");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
