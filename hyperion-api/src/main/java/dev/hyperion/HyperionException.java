// SPDX-License-Identifier: Apache-2.0
package dev.hyperion;

import org.jspecify.annotations.Nullable;

/**
 * The root of every exception that Hyperion throws on purpose. Its message is one line that names the thing, the value,
 * what was expected and what to do next, in that order.
 *
 * <p>Thread-safety: immutable.
 */
public class HyperionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * An error without a cause.
     *
     * @param message one line: the thing, the value, what was expected, what to do next
     */
    public HyperionException(String message) {
        super(message);
    }

    /**
     * An error with its cause.
     *
     * @param message one line: the thing, the value, what was expected, what to do next
     * @param cause what went wrong below; may be null where there is none
     */
    public HyperionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
