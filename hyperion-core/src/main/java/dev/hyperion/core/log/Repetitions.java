// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.log;

import dev.hyperion.monitoring.LogEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects repetitions: of what one logger says with one level and template within a window, the first is kept, and so are a
 * few more if their messages differ; the rest are counted and told as one entry, the last of them with its number of
 * occurrences, when the window is over. No occurrence is told twice or not at all.
 *
 * <p>A table of a fixed number of windows, found by the hash of logger, level and template. Two templates that want one place
 * take it from each other: then less is collected, and still nothing lost. An occurrence either goes through, or raises the
 * count of an open window; the count is closed once, by compare-and-set with what it had, and whoever closes it tells it. The
 * last entry is set before the count is raised, so who closes a count above zero finds one.
 *
 * <p>Thread-safety: thread-safe, lock-free.
 */
final class Repetitions {
    private static final int PLACES = 1 << 8;
    private static final long CLOSED = -1;

    private final AtomicReferenceArray<@Nullable Window> windows = new AtomicReferenceArray<>(PLACES);
    private final long length;
    private final int alike;
    private final Consumer<LogEntry> told;

    /**
     * Creates an empty table.
     *
     * @param length how long a window is; zero lets everything through
     * @param alike how many entries with different messages go through in one window
     * @param told takes what goes through, and the counts at the end of windows; neither blocks nor throws
     */
    Repetitions(Duration length, int alike, Consumer<LogEntry> told) {
        this.length = length.toMillis();
        this.alike = alike;
        this.told = told;
    }

    private static final class Window {
        final LogEntry first;
        final long start;
        final AtomicInteger through = new AtomicInteger(1);
        final AtomicLong counted = new AtomicLong();
        volatile @Nullable LogEntry latest;

        Window(LogEntry first) {
            this.first = first;
            this.start = first.at().toEpochMilli();
        }

        boolean isOf(LogEntry entry) {
            return first.level() == entry.level()
                    && first.template().equals(entry.template())
                    && first.logger().equals(entry.logger());
        }

        /** A clock that was set back ends a window as well. */
        boolean isOver(long now, long length) {
            return now < start || now - start >= length;
        }

        /** False if somebody has closed the window. */
        boolean count(LogEntry entry) {
            latest = entry;
            while (true) {
                long before = counted.get();
                if (before == CLOSED) {
                    return false;
                }
                if (counted.compareAndSet(before, before + entry.occurrences())) {
                    return true;
                }
            }
        }
    }

    /**
     * Takes an entry; hands it on, or counts it.
     *
     * @param entry what happened
     */
    void take(LogEntry entry) {
        if (length == 0) {
            told.accept(entry);
            return;
        }
        int place = place(entry);
        while (true) {
            Window window = windows.get(place);
            if (window != null
                    && window.isOf(entry)
                    && !window.isOver(entry.at().toEpochMilli(), length)) {
                boolean same = window.first.message().equals(entry.message());
                if (!same && window.through.get() < alike && window.through.incrementAndGet() <= alike) {
                    told.accept(entry);
                    return;
                }
                if (window.count(entry)) {
                    return;
                }
            } else if (windows.compareAndSet(place, window, new Window(entry))) {
                if (window != null) {
                    close(window);
                }
                told.accept(entry);
                return;
            }
        }
    }

    /** A closed window is never in the table: it is taken out before it is closed. */
    private void close(Window window) {
        long counted = window.counted.getAndSet(CLOSED);
        LogEntry latest = window.latest;
        if (counted > 0 && latest != null) {
            told.accept(new LogEntry(
                    latest.at(),
                    latest.level(),
                    latest.logger(),
                    latest.message(),
                    latest.fields(),
                    latest.template(),
                    latest.stack(),
                    0,
                    counted));
        }
    }

    private static int place(LogEntry entry) {
        int hash = 31 * (31 * entry.template().hashCode() + entry.logger().hashCode())
                + entry.level().name().hashCode();
        return (hash ^ hash >>> 16) & (PLACES - 1);
    }

    /**
     * Tells the counts of the windows that are over. Called by the tick.
     *
     * @param now the time
     */
    void tick(Instant now) {
        closeThose(now.toEpochMilli(), false);
    }

    /** Tells every count there is. Called at the end. */
    void flush() {
        closeThose(0, true);
    }

    private void closeThose(long now, boolean all) {
        for (int place = 0; place < PLACES; place++) {
            Window window = windows.get(place);
            if (window != null && (all || window.isOver(now, length)) && windows.compareAndSet(place, window, null)) {
                close(window);
            }
        }
    }
}
