// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

/** No instance was reached. */
final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreachableException(String message) {
        super(message);
    }
}
