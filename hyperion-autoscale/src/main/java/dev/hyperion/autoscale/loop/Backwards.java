// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.StreamId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/**
 * The entries of a journal from a certain one back to the first that is kept. Read in parts, so that neither a long journal
 * nor a slow reader holds much of it in memory.
 *
 * <p>Thread-safety: confined.
 */
final class Backwards implements Iterator<JournalEvent> {
    private static final int PART = 256;

    private final StateStore store;
    private final StreamId stream;
    private final Deque<JournalEvent> part = new ArrayDeque<>(); // the oldest first
    private long last;

    Backwards(StateStore store, StreamId stream, long last) {
        this.store = store;
        this.stream = stream;
        this.last = last;
    }

    @Override
    public boolean hasNext() {
        if (part.isEmpty() && last > 0) {
            long first = Math.max(1, last - PART + 1);
            try (Stream<JournalEvent> events = store.read(stream, first, last)) {
                events.forEach(part::addLast);
            }
            last = part.isEmpty() ? 0 : first - 1; // what is before has been forgotten
        }
        return !part.isEmpty();
    }

    @Override
    public JournalEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException(stream + " has no entry before");
        }
        return part.removeLast();
    }
}
