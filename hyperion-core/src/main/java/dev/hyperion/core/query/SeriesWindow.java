// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;

/**
 * The cumulative totals of one series at past ticks. Windows are differences of two of them, so any number of windows of
 * any length costs the writers nothing.
 *
 * <p>The first mark is where the series begins: its creation with nothing in it, a reset, or the first time a source told
 * of it. A window that reaches further back than the oldest mark is shorter than asked, and says so.
 *
 * <p>Thread-safety: thread-safe, blocking.
 */
final class SeriesWindow {

    /** Totals at a moment, on both clocks: durations are counted on the monotonic one and told on the other. */
    record Mark(long nanos, Instant at, Totals totals) {}

    /** What was added between two marks. */
    record Slice(Totals added, Instant from, Instant to, Duration length) {}

    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private Mark beginning;

    SeriesWindow(Mark first) {
        beginning = first;
        marks.add(first);
    }

    /** Adds the totals of now and forgets marks that no window of the given length needs any more. */
    synchronized void mark(Mark now, Duration keep) {
        Mark last = marks.peekLast();
        if (last != null && now.nanos() <= last.nanos()) {
            return;
        }
        // an idle series shares one copy of its totals among all marks
        marks.addLast(
                last != null && last.totals().sameAs(now.totals())
                        ? new Mark(now.nanos(), now.at(), last.totals())
                        : now);
        long horizon = now.nanos() - keep.toNanos();
        while (marks.size() > 2 && second().nanos() <= horizon) {
            marks.pollFirst(); // the second is old enough to be the baseline of the longest window
        }
    }

    private Mark second() {
        Iterator<Mark> each = marks.iterator();
        each.next();
        return each.next();
    }

    /** Begins anew: what was counted until now lies before every later window. */
    synchronized void restart(Mark now) {
        beginning = now;
        marks.clear();
        marks.add(now);
    }

    /**
     * What was added from the newest mark that is at least {@code window} old to now.
     *
     * <p>If the series began within the window, nothing was counted before it did, so the slice reaches back over the whole
     * window, but not beyond {@code watchedSince}: before that moment nobody looked. If its older marks have been
     * forgotten, the slice begins at the oldest one that is left.
     *
     * @param watchedSince monotonic nanoseconds
     * @return empty if the series was reset after {@code now} was read; of no length at the moment watching began
     */
    synchronized Optional<Slice> slice(Mark now, Duration window, long watchedSince) {
        long wanted = now.nanos() - window.toNanos();
        Mark baseline = baseline(wanted);
        if (baseline.nanos() > now.nanos()) {
            return Optional.empty();
        }
        long from = baseline.nanos();
        if (baseline.nanos() == beginning.nanos() && from > wanted) {
            from = Math.min(from, Math.max(wanted, watchedSince));
        }
        Duration length = Duration.ofNanos(now.nanos() - from);
        return Optional.of(
                new Slice(now.totals().minus(baseline.totals()), now.at().minus(length), now.at(), length));
    }

    /** The newest mark that is at most as new as wanted; the oldest one if there is none. */
    synchronized Mark baseline(long wanted) {
        Mark baseline = marks.getFirst();
        for (Mark mark : marks) {
            if (mark.nanos() > wanted) {
                break;
            }
            baseline = mark;
        }
        return baseline;
    }

    /** What was added since the series began or was last reset; of no length at that very moment. */
    synchronized Slice sinceBaseline(Mark now) {
        if (beginning.nanos() > now.nanos()) { // reset after now was read
            return new Slice(now.totals().minus(now.totals()), now.at(), now.at(), Duration.ZERO);
        }
        Duration length = Duration.ofNanos(now.nanos() - beginning.nanos());
        return new Slice(now.totals().minus(beginning.totals()), beginning.at(), now.at(), length);
    }

    /** How long ago the newest mark was set. */
    synchronized Duration idleSince(long nowNanos) {
        return Duration.ofNanos(nowNanos - marks.getLast().nanos());
    }
}
