// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import dev.hyperion.HyperionException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Which past decisions are asked for.
 *
 * <p>Thread-safety: immutable.
 *
 * @param limit how many at most, 1 to {@link #MOST}; the newest ones
 * @param since none that was made before; empty for as far back as they are kept
 * @param changes only those that would change the replica count, whatever became of them
 */
public record DecisionQuery(int limit, Optional<Instant> since, boolean changes) {
    /** The largest limit. */
    public static final int MOST = 1_000;

    /**
     * Checks the limit.
     *
     * @throws HyperionException if it is out of range
     */
    public DecisionQuery {
        Objects.requireNonNull(since, "since");
        if (limit < 1 || limit > MOST) {
            throw new HyperionException("limit is " + limit + "; expected 1 to " + MOST);
        }
    }
}
