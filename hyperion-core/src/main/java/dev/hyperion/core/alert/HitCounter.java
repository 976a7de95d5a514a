// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import java.time.Duration;

/**
 * Decides when one label set of one rule fires and resolves.
 *
 * <p>It fires after a number of consecutive hits, and after the hits have lasted for a time, counted from the first of them;
 * both must hold. One evaluation that is clear starts over. Once it fires it goes on firing until the first clear evaluation,
 * or, with a time to keep firing, until the first clear one that comes that long after the first of a row of clear ones; a
 * hit in between ends that row. Missing data leaves everything as it is, but time goes on.
 *
 * <p>With one hit this is Prometheus's {@code for} and {@code keep_firing_for} (2.42, {@code rules/alerting.go}): pending at
 * the first evaluation that is true, firing at the first at which now - activeAt ≥ for, inactive at the first that is not
 * true at which now - keepFiringSince ≥ keep_firing_for. N hits at the interval i fire at the same evaluation as
 * {@code for: (N - 1) * i}.
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
    private final long keepNanos;
    private int hits;
    private long firstHitNanos;
    private boolean firing;
    private boolean clearing;
    private long firstClearNanos;

    HitCounter(int requiredHits, Duration requiredTime, Duration keepFiringFor) {
        this.requiredHits = requiredHits;
        this.requiredNanos = requiredTime.toNanos();
        this.keepNanos = keepFiringFor.toNanos();
    }

    Change evaluate(Finding finding, long nowNanos) {
        return switch (finding) {
            case MISSING -> Change.NONE;
            case CLEAR -> clear(nowNanos);
            case HIT -> hit(nowNanos);
        };
    }

    private Change clear(long nowNanos) {
        hits = 0;
        if (!firing) {
            return Change.NONE;
        }
        if (!clearing) {
            clearing = true;
            firstClearNanos = nowNanos;
        }
        return nowNanos - firstClearNanos < keepNanos ? Change.NONE : resolve();
    }

    private Change hit(long nowNanos) {
        clearing = false;
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

    /** Ends an alert whatever the data says. */
    Change resolve() {
        Change change = firing ? Change.RESOLVED : Change.NONE;
        firing = false;
        clearing = false;
        hits = 0;
        return change;
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
        clearing = false;
        hits = requiredHits;
    }
}
