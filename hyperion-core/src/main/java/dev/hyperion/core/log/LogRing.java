// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.log;

import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogQuery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The newest log entries, up to a fixed number; older ones are overwritten and counted.
 *
 * <p>Writers and readers block each other for the time of one array access, respectively of one pass over the ring.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class LogRing {
    private final LogEntry[] entries;
    private long written;

    /**
     * Creates an empty ring.
     *
     * @param capacity how many entries it keeps, at least 1
     */
    public LogRing(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("log capacity is " + capacity + "; expected 1 or more");
        }
        this.entries = new LogEntry[capacity];
    }

    /**
     * Keeps an entry, overwriting the oldest one if the ring is full.
     *
     * @param entry what to keep
     */
    public synchronized void add(LogEntry entry) {
        entries[(int) (written++ % entries.length)] = entry;
    }

    /**
     * Finds entries.
     *
     * @param query which, and how many at most
     * @return the newest that match, oldest of them first
     */
    public synchronized List<LogEntry> find(LogQuery query) {
        List<LogEntry> found = new ArrayList<>();
        long oldest = Math.max(0, written - entries.length);
        for (long i = written - 1; i >= oldest && found.size() < query.limit(); i--) {
            LogEntry entry = entries[(int) (i % entries.length)];
            if (query.matches(entry)) {
                found.add(entry);
            }
        }
        Collections.reverse(found);
        return found;
    }

    /**
     * Returns how many entries were overwritten since the start.
     *
     * @return the exact number, never less than before
     */
    public synchronized long lost() {
        return Math.max(0, written - entries.length);
    }

    /**
     * Returns how many entries were added since the start, kept or lost.
     *
     * @return the exact number
     */
    public synchronized long written() {
        return written;
    }
}
