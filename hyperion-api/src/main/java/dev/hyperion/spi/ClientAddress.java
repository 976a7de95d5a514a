// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import java.util.regex.Pattern;

/**
 * The network address of a client.
 *
 * <p>Thread-safety: immutable.
 *
 * @param value an IPv4 or IPv6 address in its usual text form
 */
public record ClientAddress(String value) {
    private static final Pattern FORM =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|(?=[^:]*:[^:]*:)[0-9A-Fa-f:.]{2,45}(%[0-9A-Za-z_.-]{1,30})?");

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if it is no address
     */
    public ClientAddress {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("client address '" + value + "' is neither IPv4 nor IPv6");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
