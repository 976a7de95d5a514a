// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

/** The router cannot start as asked; the message is one line for whoever started it. */
final class RouterRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    RouterRefusal(String message) {
        super(message);
    }

    RouterRefusal(String message, Throwable cause) {
        super(message, cause);
    }
}
