// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Keeps clients out.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface ClientBlocker extends AutoCloseable {
    /**
     * Keeps a client out. A client that is kept out already stays so until the later of the two ends.
     *
     * @param address whom
     * @param expiry for how long; more than zero
     * @param why one line, for people
     */
    void block(ClientAddress address, Duration expiry, String why);

    /**
     * Lets a client in again.
     *
     * @param address whom
     */
    void unblock(ClientAddress address);

    /**
     * Who is kept out.
     *
     * @return those whose time is not over
     */
    List<Block> blocks();

    @Override
    void close();

    /**
     * One client that is kept out.
     *
     * <p>Thread-safety: immutable.
     *
     * @param address whom
     * @param until when it ends by itself
     * @param why one line, for people
     */
    record Block(ClientAddress address, Instant until, String why) {
        /** Checks that nothing is null. */
        public Block {
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(until, "until");
            Objects.requireNonNull(why, "why");
        }
    }
}
