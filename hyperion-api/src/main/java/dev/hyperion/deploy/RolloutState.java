// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import java.util.Locale;

/** Where a rollout stands. */
public enum RolloutState {
    /** Steps are being carried out. */
    RUNNING,
    /** An operator stopped it between two steps; analysis goes on. */
    PAUSED,
    /** It failed or was aborted, and goes back. */
    ROLLING_BACK,
    /** Done: fully new. */
    SUCCEEDED,
    /** Done: fully old. */
    ROLLED_BACK,
    /** Stopped: the last good set serves, and an operator must decide. */
    HELD;

    /**
     * Whether nothing more happens by itself.
     *
     * @return true once it succeeded, went back or is held
     */
    public boolean isOver() {
        return this == SUCCEEDED || this == ROLLED_BACK || this == HELD;
    }

    /**
     * The word that JSON and people use.
     *
     * @return such as {@code rolling_back}
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
