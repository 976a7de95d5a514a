// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import java.time.Instant;
import java.util.Objects;

/**
 * The state of a stream at one of its entries, so that readers need not start at the first.
 *
 * <p>Thread-safety: immutable.
 *
 * @param seq the last entry that it contains, 0 or more
 * @param at when it was made
 * @param data a JSON object
 */
public record Snapshot(long seq, Instant at, String data) {
    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Snapshot {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(data, "data");
        if (seq < 0) {
            throw new IllegalArgumentException("snapshot has seq " + seq + "; expected 0 or more");
        }
    }
}
