// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.log;

import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogPage;
import dev.hyperion.monitoring.LogQuery;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The newest log entries, bounded in bytes; the oldest make room and are counted.
 *
 * <p>A linked queue after Michael and Scott ("Simple, Fast, and Practical Non-Blocking and Blocking Concurrent Queue
 * Algorithms", PODC 1996) whose nodes know their place: sequence number and bytes, each counted from the first entry ever.
 * <pre>
 *   head → n → n → … → last        overwritten = head.sequence    appended = last.sequence
 *   (gone)                         kept bytes  = last.end − head.end
 * </pre>
 *
 * <p>What it relies on:
 * <ol>
 *   <li>An entry is in the ring from the moment its predecessor's {@code next} is set to it, by a compare-and-set of null. The
 *       node is complete before that: number and bytes are its predecessor's plus its own. So numbers have no gaps and no
 *       duplicates, and there is no entry that is counted and cannot be read yet. The compare-and-set releases the node, every
 *       reader acquires {@code next}; entries are immutable besides. Hence nobody sees half an entry.
 *   <li>{@code last} lags behind the true end by what is being appended; who finds it behind moves it on. It never lags behind
 *       {@code head}: who moves {@code head} first moves {@code last} past it. So a thread that reads {@code last} finds a node
 *       that was in the ring, and a stale one has a successor, which makes the compare-and-set on it fail.
 *   <li>{@code head} moves by compare-and-set, one node at a time, so each overwritten entry is counted once. The node it leaves
 *       is linked to itself: a reader that stands on it sees that it was overtaken and goes on at {@code head}, knowing from the
 *       numbers how many it missed; and what is gone does not keep what comes after it reachable for the garbage collector.
 * </ol>
 *
 * <p>What it guarantees: writers are lock-free (a failed compare-and-set means that another writer succeeded). Readers are
 * lock-free too, write nothing and delay nobody; they go no further than the end they found when they began. At every moment
 * {@code written == kept + lost} in one {@link #counts()}.
 *
 * <p>Thread-safety: thread-safe.
 */
final class LogRing {
    private static final VarHandle NEXT = handle(Node.class, "next", Node.class);
    private static final VarHandle HEAD = handle(LogRing.class, "head", Node.class);
    private static final VarHandle LAST = handle(LogRing.class, "last", Node.class);

    /** What a node, an entry and its instant take, with headers and references. */
    private static final int BYTES_OF_AN_ENTRY = 40 + 72 + 24;

    /** A text with its array, and each of its characters: 2, so that the bound holds for every script. */
    private static final int BYTES_OF_A_TEXT = 40;

    private static final int BYTES_OF_A_CHARACTER = 2;

    private final long limit;
    private final AtomicLong dropped = new AtomicLong();

    /** The node that was overwritten last; it has no entry any more that anybody may read. */
    private volatile Node head;

    private volatile Node last;

    private static final class Node {
        final @Nullable LogEntry entry;
        long sequence;
        long end;
        volatile @Nullable Node next;

        Node(@Nullable LogEntry entry) {
            this.entry = entry;
        }
    }

    /**
     * How many entries there were.
     *
     * @param written all
     * @param kept those that can be read
     * @param overwritten those that made room
     * @param dropped those that never came to be in here
     * @param bytes what those that are kept take, at most
     */
    record Counts(long written, long kept, long overwritten, long dropped, long bytes) {
        long lost() {
            return overwritten + dropped;
        }
    }

    /**
     * Creates an empty ring; it takes memory as it fills.
     *
     * @param limit how many bytes its entries may take, 1 or more; an entry that takes more by itself is lost at once
     */
    LogRing(long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("log bytes are " + limit + "; expected 1 or more");
        }
        this.limit = limit;
        this.head = new Node(null);
        this.last = head;
    }

    private static VarHandle handle(Class<?> in, String field, Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(in, MethodHandles.lookup()).findVarHandle(in, field, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** How many bytes an entry takes in memory, at most. Texts that entries share, the logger's name, are not counted. */
    static long bytes(LogEntry entry) {
        long bytes = BYTES_OF_AN_ENTRY + text(entry.message());
        if (!entry.stack().isEmpty()) {
            bytes += text(entry.stack());
        }
        if (!entry.fields().isEmpty()) {
            bytes += BYTES_OF_A_TEXT;
            for (String name : entry.fields().keySet()) {
                // twice a reference for each slot of the immutable map's table
                bytes += 16 + text(name) + text(entry.fields().getOrDefault(name, ""));
            }
        }
        return bytes;
    }

    private static long text(String text) {
        return BYTES_OF_A_TEXT + (long) BYTES_OF_A_CHARACTER * text.length();
    }

    /**
     * Keeps an entry; the oldest make room for it.
     *
     * @param entry what to keep
     * @return its sequence number
     */
    long add(LogEntry entry) {
        Node node = new Node(entry);
        long bytes = bytes(entry);
        while (true) {
            Node end = last;
            Node next = end.next;
            if (next != null) {
                LAST.compareAndSet(this, end, next);
                continue;
            }
            node.sequence = end.sequence + 1;
            node.end = end.end + bytes;
            if (NEXT.compareAndSet(end, null, node)) {
                LAST.compareAndSet(this, end, node);
                makeRoom(node.end);
                return node.sequence;
            }
        }
    }

    private void makeRoom(long end) {
        while (true) {
            Node first = head;
            if (end - first.end <= limit) {
                return;
            }
            Node next = first.next;
            if (next == null || next == first) {
                continue; // another writer has moved the head meanwhile
            }
            LAST.compareAndSet(this, first, next);
            if (HEAD.compareAndSet(this, first, next)) {
                NEXT.setRelease(first, first);
            }
        }
    }

    /**
     * Counts entries that were lost on their way here.
     *
     * @param entries how many
     */
    void dropped(long entries) {
        dropped.addAndGet(entries);
    }

    /**
     * Counts.
     *
     * @return numbers of one moment: {@code written == kept + lost}
     */
    Counts counts() {
        while (true) {
            Node first = head;
            Node end = end();
            if (head == first) {
                // the head stood still while the end was read, so both are of that moment
                long drops = dropped.get();
                return new Counts(
                        end.sequence + drops,
                        end.sequence - first.sequence,
                        first.sequence,
                        drops,
                        end.end - first.end);
            }
        }
    }

    /** The true end, which {@code last} may lag behind. */
    private Node end() {
        Node end = last;
        while (true) {
            Node next = end.next;
            if (next == null) {
                return end;
            }
            end = next == end ? last : next;
        }
    }

    /**
     * Finds entries.
     *
     * @param query which, and how many at most
     * @return them, oldest first, each with its sequence number
     */
    LogPage read(LogQuery query) {
        boolean paging = query.after().isPresent();
        Deque<LogEntry> found = new ArrayDeque<>();
        long end = end().sequence;
        // a number that is not written yet is one of before a restart: all of the ring is news
        long after = query.after().orElse(0) > end ? 0 : query.after().orElse(0);
        long missed = 0;
        long seen = after;
        Node node = head;
        if (paging) {
            missed = Math.max(0, node.sequence - seen);
        }
        seen = Math.max(seen, node.sequence);
        while (node.sequence < end) {
            Node next = node.next;
            if (next == node) {
                node = head;
                missed += paging ? Math.max(0, node.sequence - seen) : 0;
                seen = Math.max(seen, node.sequence);
                continue;
            }
            if (next == null) {
                break;
            }
            node = next;
            if (node.sequence <= seen) {
                continue;
            }
            seen = node.sequence;
            LogEntry entry = node.entry;
            if (entry != null && query.matches(entry)) {
                found.addLast(numbered(entry, seen));
                if (found.size() > query.limit()) {
                    found.removeFirst();
                }
                if (paging && found.size() == query.limit()) {
                    break;
                }
            }
        }
        Counts counts = counts();
        return new LogPage(List.copyOf(found), seen, missed, counts.written(), counts.lost());
    }

    private static LogEntry numbered(LogEntry entry, long sequence) {
        return new LogEntry(
                entry.at(),
                entry.level(),
                entry.logger(),
                entry.message(),
                entry.fields(),
                entry.template(),
                entry.stack(),
                sequence,
                entry.occurrences());
    }
}
