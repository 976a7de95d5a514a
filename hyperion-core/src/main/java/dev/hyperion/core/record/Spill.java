// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Where the words of {@link Cells} are emptied into when they are half full: three words for each bucket, the count and the low
 * and the high half of the sum. It also tells how many such moves began and ended, by which readers know whether one fell into
 * what they read; see {@link Cells} for why that is enough.
 *
 * <p>Thread-safety: thread-safe.
 */
final class Spill {
    static final int WORDS = 3;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle PAGE = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final VarHandle BEGUN;
    private static final VarHandle ENDED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            BEGUN = lookup.findVarHandle(Spill.class, "begun", long.class);
            ENDED = lookup.findVarHandle(Spill.class, "ended", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] @Nullable [] pages;

    @SuppressWarnings("unused") // through BEGUN
    private volatile long begun;

    @SuppressWarnings("unused") // through ENDED
    private volatile long ended;

    Spill(int pages) {
        this.pages = new long[pages][];
    }

    /** The words of an octave, which are made if they are not there. To be called before a move begins: it may fail. */
    long[] ownPage(int page) {
        long[] found = page(page);
        if (found != null) {
            return found;
        }
        long[] fresh = new long[Cells.SLOTS * WORDS];
        return PAGE.compareAndSet(pages, page, null, fresh) ? fresh : (long[]) PAGE.getAcquire(pages, page);
    }

    /** The words of an octave; null if nothing was ever moved there. */
    long @Nullable [] page(int page) {
        return (long[]) PAGE.getAcquire(pages, page);
    }

    /** To be called before the first effect of a move. */
    void begin() {
        BEGUN.getAndAdd(this, 1L);
    }

    /** To be called after the last effect of a move. */
    void end() {
        ENDED.getAndAdd(this, 1L);
    }

    /** Adds to a bucket of an {@link #ownPage}, between {@link #begin} and {@link #end}. */
    static void add(long[] page, int slot, long count, long amount) {
        int at = slot * WORDS;
        WORD.getAndAdd(page, at, count);
        long before = (long) WORD.getAndAdd(page, at + 1, amount);
        if (Long.compareUnsigned(before + amount, before) < 0) {
            WORD.getAndAdd(page, at + 2, 1L); // exactly the thread that made the low word wrap carries
        }
    }

    /** How many records were moved into some octaves. */
    long count(int firstPage, int endPage) {
        long total = 0;
        for (int page = firstPage; page < endPage; page++) {
            long[] words = page(page);
            for (int slot = 0; words != null && slot < Cells.SLOTS; slot++) {
                total += (long) WORD.getAcquire(words, slot * WORDS);
            }
        }
        return total;
    }

    /** Waits until no move is under way, and returns how many have begun. */
    long awaitNone() {
        while (true) {
            long endedNow = (long) ENDED.getVolatile(this); // before begun: equal means that none was under way
            long begunNow = (long) BEGUN.getVolatile(this);
            if (begunNow == endedNow) {
                return begunNow;
            }
            Thread.yield();
        }
    }

    /** Whether a move has begun since {@link #awaitNone}; to be asked after a fence that keeps it behind what was read. */
    boolean hasBegunSince(long begunThen) {
        return (long) BEGUN.getAcquire(this) != begunThen;
    }
}
