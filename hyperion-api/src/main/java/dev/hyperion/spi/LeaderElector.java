// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

/**
 * Sees to it that one actor acts.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface LeaderElector extends AutoCloseable {
    /**
     * Tries to get a lock, and goes on trying until the result is closed. Returns after the first try.
     *
     * @param lock which lock
     * @param listener who hears of it
     * @return held already, or waiting
     */
    Leadership campaign(String lock, LeadershipListener listener);

    /** Gives up every lock. */
    @Override
    void close();
}
