// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

/**
 * A replica of one version while it is in the table or has requests in flight.
 *
 * <p>Thread-safety: confined to the lock of the {@link Dispatcher}, but for the target.
 */
final class Replica {
    /** After a refused connection a replica is passed over for this long, as long as there is another one. */
    static final long AVOID_NANOS = 1_000_000_000L;

    private final Target target;
    private int inFlight;
    private boolean refused;
    private long refusedAtNanos;

    Replica(Target target) {
        this.target = target;
    }

    Target target() {
        return target;
    }

    int inFlight() {
        return inFlight;
    }

    void enter() {
        inFlight++;
    }

    void leave() {
        inFlight--;
    }

    void connectRefused(long nowNanos) {
        refused = true;
        refusedAtNanos = nowNanos;
    }

    boolean avoided(long nowNanos) {
        if (refused && nowNanos - refusedAtNanos >= AVOID_NANOS) {
            refused = false;
        }
        return refused;
    }
}
