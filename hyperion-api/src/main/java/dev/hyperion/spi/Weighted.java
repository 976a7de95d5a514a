// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import java.util.Objects;

/**
 * A version's share of the traffic and where it answers.
 *
 * <p>Thread-safety: immutable.
 *
 * @param weight its share in 10,000ths, 0 to 10,000
 * @param target where its requests go
 */
public record Weighted(int weight, RouteTarget target) {
    /**
     * Checks the share.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public Weighted {
        Objects.requireNonNull(target, "target");
        if (weight < 0 || weight > 10_000) {
            throw new IllegalArgumentException("weight is " + weight + "; expected 0 to 10,000");
        }
    }
}
