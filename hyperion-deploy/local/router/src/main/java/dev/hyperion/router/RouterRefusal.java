// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

/** The router cannot start as asked; the message is one line for whoever started it. */
final class RouterRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    /** A start that was asked for in a wrong way, or cannot be done. */
    static final int REFUSED = 1;
    /** Another router lives in the folder: whoever started this one has that one. */
    static final int OCCUPIED = 3;

    private final int exitCode;

    RouterRefusal(String message) {
        this(message, REFUSED);
    }

    RouterRefusal(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    RouterRefusal(String message, Throwable cause) {
        super(message, cause);
        this.exitCode = REFUSED;
    }

    int exitCode() {
        return exitCode;
    }
}
