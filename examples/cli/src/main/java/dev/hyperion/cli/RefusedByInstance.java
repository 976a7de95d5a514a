// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

/** The instance was reached and did not do what it was asked. */
final class RefusedByInstance extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedByInstance(String message) {
        super(message);
    }
}
