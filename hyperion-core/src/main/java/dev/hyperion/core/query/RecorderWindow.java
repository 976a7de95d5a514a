// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.HyperionClock;
import dev.hyperion.core.record.CompactCopy;
import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.record.Tally;
import dev.hyperion.core.registry.DistributionMeter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a timer or summary of ours had recorded at past ticks. A window is what it holds now less what it held at a mark, so
 * any number of windows of any length costs the writers nothing.
 *
 * <p>Marks are kept as what came on top of the mark before, with a whole one first and at every fourth; a tick in which
 * nothing was recorded makes no mark but prolongs the last one. So an idle series keeps some bytes and a busy one some
 * kilobytes, and a window is read from one to four compact copies.
 *
 * <p>A reader takes the meter's records inside the same lock as the ticks do: no mark ever holds more than what a reader of
 * it sees.
 *
 * <p>Thread-safety: thread-safe, blocking among readers; writers do not come here.
 */
final class RecorderWindow {
    private static final int LINKS = 4;

    /** All that had been recorded at a time, and between the two moments nothing was. */
    private static class Mark {
        final long nanos;
        final CompactCopy copy;
        long until;

        Mark(long nanos, long until, CompactCopy copy) {
            this.nanos = nanos;
            this.until = until;
            this.copy = copy;
        }
    }

    /** A mark that tells only what came on top of the mark before. */
    private static final class Link extends Mark {
        Link(long nanos, long until, CompactCopy copy) {
            super(nanos, until, copy);
        }
    }

    private final DistributionMeter meter;
    private Mark beginning;

    // What the window that was read last began with, its index, and when the mark that follows it was made. Readers
    // of all series come here for each of them, second after second: to look through the marks would cost them several
    // places in memory that nobody has looked at for long, a third of all that a scrape takes.
    private Mark lastBegin;
    private int lastBeginAt = -1;
    private long lastBeginUntil = Long.MAX_VALUE;

    private boolean beginningForgotten;
    private long changes = -1; // of the meter, asked before the last mark was made
    private List<Mark> marks =
            List.of(); // those after the beginning, oldest first; a list of our own once there is one

    RecorderWindow(DistributionMeter meter, HistogramCopy.Scale scale, long nanos) {
        this.meter = meter;
        this.beginning = new Mark(nanos, nanos, CompactCopy.empty(scale));
        this.lastBegin = beginning;
    }

    DistributionMeter meter() {
        return meter;
    }

    HistogramCopy.Scale scale() {
        return beginning.copy.scale();
    }

    /** Marks what has been recorded, and forgets marks that no window of the given length needs any more. */
    synchronized void mark(HyperionClock clock, Duration keep) {
        long now = clock.monotonicNanos(); // before the records: a mark never claims less than had happened at its time
        Mark last = marks.isEmpty() ? beginning : marks.get(marks.size() - 1);
        if (now <= last.until) {
            return;
        }
        long changesNow = meter.changes(); // also before the records: who came in between is looked for again
        if (changesNow == changes || !markMore(now)) {
            last.until = now;
        }
        changes = changesNow;
        forget(now - keep.toNanos());
    }

    /** Makes a mark unless the last one holds all records. */
    private boolean markMore(long now) {
        try (Tally tally = Tally.of(scale())) {
            meter.addTo(tally);
            if (tally.count() == recordedUpTo(marks.size() - 1)) {
                return false;
            }
            boolean whole = linksSinceWhole() >= LINKS;
            if (!whole) {
                subtractUpTo(marks.size() - 1, tally);
            }
            CompactCopy copy = tally.compact();
            marks = marks.isEmpty() ? new ArrayList<>(2) : marks;
            marks.add(whole ? new Mark(now, now, copy) : new Link(now, now, copy));
            lastBeginUntil = Math.min(lastBeginUntil, now);
            return true;
        }
    }

    /** How many marks a new one would depend on; many, if there is none to depend on. */
    private int linksSinceWhole() {
        int links = 1;
        for (int i = marks.size() - 1; i >= 0; i--, links++) {
            if (!(marks.get(i) instanceof Link)) {
                return links;
            }
        }
        return LINKS;
    }

    private long recordedUpTo(int index) {
        if (index < 0) {
            return beginning.copy.count();
        }
        int i = index;
        long total = 0;
        while (marks.get(i) instanceof Link link) {
            total += link.copy.count();
            i--;
        }
        return total + marks.get(i).copy.count();
    }

    /** Takes away all that had been recorded at a mark. */
    private void subtractUpTo(int index, Tally tally) {
        int i = index;
        while (marks.get(i) instanceof Link link) {
            tally.subtract(link.copy);
            i--;
        }
        tally.subtract(marks.get(i).copy);
    }

    private void forget(long horizon) {
        int before = marks.size();
        boolean changed = false;
        if (!beginningForgotten && !marks.isEmpty() && marks.get(0).nanos <= horizon) {
            beginningForgotten = true;
            changed = true;
        }
        while (marks.size() > 1 && marks.get(1).nanos <= horizon) { // then it can be where the longest window begins
            Mark oldest = marks.remove(0);
            changed = true;
            Mark next = marks.get(0);
            if (next instanceof Link) {
                try (Tally tally = Tally.of(scale())) {
                    tally.add(oldest.copy);
                    tally.add(next.copy);
                    marks.set(0, new Mark(next.nanos, next.until, tally.compact()));
                }
            }
        }
        if (changed) {
            beginAt(Math.max(0, lastBeginAt - (before - marks.size())));
        }
    }

    private void beginAt(int index) {
        lastBeginAt = index;
        lastBegin = index < 0 ? beginning : marks.get(index);
        lastBeginUntil = index + 1 < marks.size() ? marks.get(index + 1).nanos : Long.MAX_VALUE;
    }

    /** Begins anew: what was recorded until now lies before every later window. */
    synchronized void restart(HyperionClock clock) {
        long now = clock.monotonicNanos();
        try (Tally tally = Tally.of(scale())) {
            meter.addTo(tally);
            beginning = new Mark(now, now, tally.compact());
        }
        beginningForgotten = false;
        marks = List.of();
        beginAt(-1);
    }

    /**
     * Adds what was recorded in the window that ends now; by the rules of {@link SeriesWindow#slice}, except that within a
     * time in which nothing was recorded a window begins where it was asked to.
     *
     * @param watchedSince monotonic nanoseconds
     * @param tally what it is added to
     * @return how long the window really is, in nanoseconds; -1 if the clock says that the series has not begun yet
     */
    synchronized long add(HyperionClock clock, Duration window, long watchedSince, Tally tally) {
        long now = clock.monotonicNanos();
        long wanted = now - window.toNanos();
        int at = baseline(wanted);
        Mark baseline = at < 0 ? beginning : marks.get(at);
        if (baseline.nanos > now) {
            return -1;
        }
        meter.addTo(tally);
        if (at < 0) {
            tally.subtract(beginning.copy);
        } else {
            subtractUpTo(at, tally);
        }
        long from = baseline.nanos;
        if (from <= wanted) {
            from = Math.min(wanted, baseline.until);
        } else if (at < 0) {
            from = Math.min(from, Math.max(wanted, watchedSince)); // before it began nothing was recorded
        }
        return now - from;
    }

    /** What tells the begin of a window from that of another: the same object for as long as they are the same. */
    synchronized Object beginOf(HyperionClock clock, Duration window) {
        return begin(clock.monotonicNanos() - window.toNanos());
    }

    private Mark begin(long wanted) {
        if (lastBegin.nanos <= wanted && wanted >= lastBeginUntil) {
            beginAt(lastBeginAt + 1); // as for who comes as often as marks are made
        }
        if (lastBegin.nanos > wanted || wanted >= lastBeginUntil) {
            beginAt(baseline(wanted));
        }
        return lastBegin;
    }

    /** Has what the last window that was read began with brought near, without waiting for it or for other readers. */
    long touch() {
        Mark begun = lastBegin; // by a race with a reader that of another window, which does no harm
        return begun.until + begun.copy.touch();
    }

    /** Has the objects brought near that {@link #touch} goes through. */
    long approach() {
        return lastBegin.copy.approach();
    }

    /**
     * Adds all records, has them looked at, takes away those of before the window that ends now, and tells its begin as {@link
     * #beginOf} does.
     */
    synchronized Object read(HyperionClock clock, Duration window, Tally tally, Runnable all) {
        Mark begin = begin(clock.monotonicNanos() - window.toNanos());
        meter.addTo(tally);
        all.run();
        if (begin instanceof Link) {
            subtractUpTo(lastBeginAt, tally);
        } else {
            tally.subtract(begin.copy);
        }
        return begin;
    }

    /** Which mark a window begins at: the newest one that is old enough, else the oldest; -1 for the beginning. */
    private int baseline(long wanted) {
        int at = -1;
        int tooNew = marks.size();
        while (tooNew - at > 1) {
            int middle = (at + tooNew) >>> 1;
            if (marks.get(middle).nanos <= wanted) {
                at = middle;
            } else {
                tooNew = middle;
            }
        }
        return at < 0 && beginningForgotten ? 0 : at;
    }

    /** Adds what was recorded since the series began or was last reset, and returns for how long that has been so. */
    synchronized long addSinceBeginning(HyperionClock clock, Tally tally) {
        long now = clock.monotonicNanos();
        meter.addTo(tally);
        tally.subtract(beginning.copy);
        return Math.max(0, now - beginning.nanos);
    }
}
