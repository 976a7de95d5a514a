// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

/** Hears of leadership. Called one call at a time; must not block. */
public interface LeadershipListener {
    /**
     * It is held from now on.
     *
     * @param leadership with its epoch
     */
    void acquired(Leadership leadership);

    /**
     * It is not held any more.
     *
     * @param why one line
     */
    void lost(String why);
}
