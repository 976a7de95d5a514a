// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import java.util.Locale;

/** Where one replica stands. */
public enum ReplicaPhase {
    /** Started, not ready yet. */
    STARTING,
    /** Ready for traffic. */
    READY,
    /** Was ready, and is not now. */
    NOT_READY,
    /** Takes no new requests, ends those in flight. */
    DRAINING,
    /** Told to end. */
    STOPPING,
    /** Ended by itself, or could not be started. */
    FAILED;

    /**
     * The word that JSON and people use.
     *
     * @return such as {@code not_ready}
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
