// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import java.time.Instant;

/**
 * The right to act, or the wait for it.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface Leadership extends AutoCloseable {
    /**
     * Whether it is held now.
     *
     * @return true until it is lost or closed
     */
    boolean held();

    /**
     * The epoch it came with.
     *
     * @return 1 or more; 0 while it is not held
     */
    long epoch();

    /**
     * Until when it is held for certain.
     *
     * @return {@link Instant#MAX} for a lock that only ends with its holder; the past while it is not held
     */
    Instant validUntil();

    /**
     * Who holds it, for people.
     *
     * @return such as {@code pid 4711 on host-a}; empty if nobody does, or it is not known
     */
    String holder();

    /** Gives it up, or stops waiting for it. */
    @Override
    void close();
}
