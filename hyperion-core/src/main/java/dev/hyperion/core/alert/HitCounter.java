// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import java.time.Duration;

/**
 * Decides when one label set of one rule fires: after a number of consecutive hits, and after the hits have lasted for a
 * time. Both must hold. One evaluation that is no hit starts over; missing data leaves everything as it is.
 *
 * <p>Thread-safety: confined to the evaluator.
 */
final class HitCounter {

    /** What an evaluation found. */
    enum Finding {
        HIT,
        CLEAR,
        MISSING
    }

    /** What an evaluation changed. */
    enum Change {
        NONE,
        FIRED,
        RESOLVED
    }

    private final int requiredHits;
    private final long requiredNanos;
    private int hits;
    private long firstHitNanos;
    private boolean firing;

    HitCounter(int requiredHits, Duration requiredTime) {
        this.requiredHits = requiredHits;
        this.requiredNanos = requiredTime.toNanos();
    }

    Change evaluate(Finding finding, long nowNanos) {
        switch (finding) {
            case MISSING:
                return Change.NONE;
            case CLEAR:
                hits = 0;
                boolean fired = firing;
                firing = false;
                return fired ? Change.RESOLVED : Change.NONE;
            case HIT:
                break;
        }
        if (hits == 0) {
            firstHitNanos = nowNanos;
        }
        hits = Math.min(hits + 1, Integer.MAX_VALUE - 1);
        if (firing || hits < requiredHits || nowNanos - firstHitNanos < requiredNanos) {
            return Change.NONE;
        }
        firing = true;
        return Change.FIRED;
    }

    int hits() {
        return hits;
    }

    boolean firing() {
        return firing;
    }

    /** Forgets the hits of an alert that is not firing yet; one that fires goes on until it is clear. */
    void resetHits() {
        if (!firing) {
            hits = 0;
        }
    }

    /** Goes on firing after a restart, as the journal tells. */
    void resumeFiring() {
        firing = true;
        hits = requiredHits;
    }
}
