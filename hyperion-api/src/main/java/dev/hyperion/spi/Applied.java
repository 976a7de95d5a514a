// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import java.util.Objects;

/**
 * A change was accepted.
 *
 * <p>Thread-safety: immutable.
 *
 * @param generation the generation after it
 * @param changed false if everything was as asked already
 */
public record Applied(String generation, boolean changed) {
    /** Checks that nothing is null. */
    public Applied {
        Objects.requireNonNull(generation, "generation");
    }
}
