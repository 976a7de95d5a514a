// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A concurrent array of histogram buckets, each holding how many values fell into it and the exact sum of their
 * distances from the bucket's lower edge.
 *
 * <p>Writers are lock-free: a stalled thread stops no other. Readers wait only while a bucket is being drained, some ten
 * nanoseconds once in thousands of records. A copy contains each record whole or not at all, and contains every record
 * that ended before the copy began; it may miss records that overlap it.
 *
 * <p>Thread-safety: thread-safe.
 */
final class Cells {
    /*
     * Layout. A bucket is one 64-bit word: the count in its upper bits, the sum of residuals (value minus the bucket's
     * lower edge, in the smallest unit of the page) in its lower bits. A record is therefore ONE successful
     * compare-and-set, and count, sum and quantiles of any copy agree by construction: there is no second word that a
     * reader could see without the first. With r residual bits per value and c count bits, r + 2c <= 64 guarantees that
     * the residual field cannot overflow before the count field does.
     *
     * Pages. 64 buckets (one octave) make a page of 512 bytes, allocated when first touched and never freed; typical
     * latencies touch six to ten octaves.
     *
     * Contention. All threads start on the base stripe. The first failed compare-and-set creates more stripes (a power of
     * two, at most MAX_STRIPES); from then on threads spread over them by their id. Readers add the stripes up.
     *
     * Full buckets. A writer that finds the count field full drains it: takes the word by compare-and-set to zero and adds
     * count and residuals to the three-word spill of that bucket (count, low and high half of the sum). During the drain
     * a record is in neither place, so drains are bracketed by two counters, and a reader that saw them differ or move
     * starts again. The same path takes values beyond the last page, which are too large for the residual field.
     *
     * Memory order. Words are read with acquire or volatile mode and changed by compareAndSet (volatile); pages and
     * stripes are published by compareAndSet and read with acquire. See package-info for who may call what.
     */
    static final int SLOTS = 64;
    private static final int SPILL_WORDS = 3;
    private static final int MAX_STRIPES = stripesFor(Runtime.getRuntime().availableProcessors());
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle PAGE = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final VarHandle STRIPES;
    private static final VarHandle SPILL;
    private static final VarHandle DRAINS_BEGUN;
    private static final VarHandle DRAINS_ENDED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STRIPES = lookup.findVarHandle(Cells.class, "stripes", long[][][].class);
            SPILL = lookup.findVarHandle(Cells.class, "spill", long[][].class);
            DRAINS_BEGUN = lookup.findVarHandle(Cells.class, "drainsBegun", long.class);
            DRAINS_ENDED = lookup.findVarHandle(Cells.class, "drainsEnded", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] @Nullable [] base;

    @SuppressWarnings("unused") // through STRIPES
    private volatile long @Nullable [] @Nullable [] @Nullable [] stripes;

    @SuppressWarnings("unused") // through SPILL
    private volatile long @Nullable [] @Nullable [] spill;

    @SuppressWarnings("unused") // through DRAINS_BEGUN
    private volatile long drainsBegun;

    @SuppressWarnings("unused") // through DRAINS_ENDED
    private volatile long drainsEnded;

    Cells(int pages) {
        this.base = new long[pages][];
    }

    private static int stripesFor(int processors) {
        return Math.min(8, Integer.highestOneBit(Math.max(1, processors * 2 - 1)));
    }

    /**
     * Adds one value.
     *
     * @param page the octave
     * @param slot the bucket within the octave, 0 to 63
     * @param residual the value minus the bucket's lower edge, below 2^(2*shift-64)
     * @param shift where the count field of this page's words begins
     */
    void add(int page, int slot, long residual, int shift) {
        long[][][] striped = (long[][][]) STRIPES.getAcquire(this);
        long[][] home = striped == null ? base : striped[probe(striped.length)];
        long[] words = (long[]) PAGE.getAcquire(home, page);
        boolean contended = false;
        if (words != null) {
            long seen = (long) WORD.getVolatile(words, slot);
            if (countOf(seen, shift) < limit(shift)) {
                if (WORD.compareAndSet(words, slot, seen, seen + (1L << shift) + residual)) {
                    return;
                }
                contended = true;
            }
        }
        addSlowly(page, slot, residual, shift, contended);
    }

    private void addSlowly(int page, int slot, long residual, int shift, boolean failedBefore) {
        boolean contended = failedBefore;
        while (true) {
            long[][][] striped = (long[][][]) STRIPES.getAcquire(this);
            if (striped == null && contended && MAX_STRIPES > 1) {
                striped = spread();
            }
            long[][] home = striped == null ? base : striped[probe(striped.length)];
            long[] words = page(home, page, SLOTS);
            long seen = (long) WORD.getVolatile(words, slot);
            if (countOf(seen, shift) >= limit(shift)) {
                drain(words, page, slot, seen, shift);
            } else if (WORD.compareAndSet(words, slot, seen, seen + (1L << shift) + residual)) {
                return;
            } else {
                contended = true;
            }
        }
    }

    /** Adds one value whose residual does not fit into a word; as rare as drains are, and seen by readers as one. */
    void addBeyond(int page, int slot, long residual) {
        long[] target = spillPage(page);
        DRAINS_BEGUN.getAndAdd(this, 1L);
        try {
            addToSpill(target, slot, 1, residual);
        } finally {
            DRAINS_ENDED.getAndAdd(this, 1L);
        }
    }

    private void drain(long[] words, int page, int slot, long seen, int shift) {
        long[] target = spillPage(page); // allocate before the bracket: nothing in it may fail or take long
        DRAINS_BEGUN.getAndAdd(this, 1L);
        try {
            if (WORD.compareAndSet(words, slot, seen, 0L)) {
                addToSpill(target, slot, countOf(seen, shift), seen & ((1L << shift) - 1));
            }
        } finally {
            DRAINS_ENDED.getAndAdd(this, 1L);
        }
    }

    private static void addToSpill(long[] target, int slot, long count, long residual) {
        int at = slot * SPILL_WORDS;
        WORD.getAndAdd(target, at, count);
        long before = (long) WORD.getAndAdd(target, at + 1, residual);
        if (Long.compareUnsigned(before + residual, before) < 0) {
            WORD.getAndAdd(target, at + 2, 1L); // exactly the thread that made the low word wrap carries
        }
    }

    private long[] spillPage(int page) {
        long[][] pages = (long[][]) SPILL.getAcquire(this);
        if (pages == null) {
            long[][] fresh = new long[base.length][];
            pages = SPILL.compareAndSet(this, null, fresh) ? fresh : (long[][]) SPILL.getAcquire(this);
        }
        return page(pages, page, SLOTS * SPILL_WORDS);
    }

    private static long[] page(long[][] pages, int page, int words) {
        long[] found = (long[]) PAGE.getAcquire(pages, page);
        if (found != null) {
            return found;
        }
        long[] fresh = new long[words];
        return PAGE.compareAndSet(pages, page, null, fresh) ? fresh : (long[]) PAGE.getAcquire(pages, page);
    }

    private long[][][] spread() {
        long[][][] fresh = new long[MAX_STRIPES][][];
        fresh[0] = base;
        for (int i = 1; i < fresh.length; i++) {
            fresh[i] = new long[base.length][];
        }
        return STRIPES.compareAndSet(this, null, fresh) ? fresh : (long[][][]) STRIPES.getAcquire(this);
    }

    /** Thread ids are dense, so their low bits, stirred a little, spread threads evenly. */
    @SuppressWarnings("deprecation") // threadId() replaces getId() only from Java 19 on
    private static int probe(int stripes) {
        long id = Thread.currentThread().getId();
        return (int) (id ^ (id >>> 3)) & (stripes - 1);
    }

    private static long countOf(long word, int shift) {
        return word >>> shift;
    }

    private static long limit(int shift) {
        return (1L << (64 - shift)) - 1;
    }

    /** Tells each page's shift, so that a copy can take words apart. */
    interface Shifts {
        int of(int page);
    }

    /** Receives one non-empty bucket; the sum of residuals is {@code high * 2^64 + low}, low unsigned. */
    interface Visitor {
        void bucket(int page, int slot, long count, long residualLow, long residualHigh);
    }

    /** Copies all buckets, in rising order, into the visitor. Called off the recording path; allocates. */
    void copy(Shifts shifts, Visitor visitor) {
        long[][] collected;
        do {
            long begun = awaitNoDrain();
            collected = collect(shifts);
            VarHandle.acquireFence();
            if ((long) DRAINS_BEGUN.getAcquire(this) == begun) {
                break;
            }
        } while (true);
        for (int page = 0; page < collected.length; page++) {
            long[] words = collected[page];
            if (words == null) {
                continue;
            }
            for (int slot = 0; slot < SLOTS; slot++) {
                int at = slot * SPILL_WORDS;
                if (words[at] != 0) {
                    visitor.bucket(page, slot, words[at], words[at + 1], words[at + 2]);
                }
            }
        }
    }

    private long awaitNoDrain() {
        while (true) {
            long ended = (long) DRAINS_ENDED.getVolatile(this); // before begun: equal means that none was under way
            long begun = (long) DRAINS_BEGUN.getVolatile(this);
            if (begun == ended) {
                return begun;
            }
            Thread.yield();
        }
    }

    private long[][] collect(Shifts shifts) {
        long[][] into = new long[base.length][];
        long[][][] striped = (long[][][]) STRIPES.getAcquire(this);
        if (striped == null) {
            collect(base, shifts, into);
        } else {
            for (long[][] stripe : striped) {
                collect(stripe, shifts, into);
            }
        }
        long[][] spilled = (long[][]) SPILL.getAcquire(this);
        if (spilled != null) {
            for (int page = 0; page < spilled.length; page++) {
                long[] words = (long[]) PAGE.getAcquire(spilled, page);
                for (int slot = 0; words != null && slot < SLOTS; slot++) {
                    int at = slot * SPILL_WORDS;
                    add(into, page, slot, (long) WORD.getAcquire(words, at), (long) WORD.getAcquire(words, at + 1));
                    if (into[page] != null) {
                        into[page][at + 2] += (long) WORD.getAcquire(words, at + 2);
                    }
                }
            }
        }
        return into;
    }

    private static void collect(long[][] from, Shifts shifts, long[][] into) {
        for (int page = 0; page < from.length; page++) {
            long[] words = (long[]) PAGE.getAcquire(from, page);
            if (words == null) {
                continue;
            }
            int shift = shifts.of(page);
            for (int slot = 0; slot < SLOTS; slot++) {
                long word = (long) WORD.getAcquire(words, slot);
                add(into, page, slot, countOf(word, shift), word & ((1L << shift) - 1));
            }
        }
    }

    private static void add(long[][] into, int page, int slot, long count, long residual) {
        if (count == 0) {
            return;
        }
        if (into[page] == null) {
            into[page] = new long[SLOTS * SPILL_WORDS];
        }
        int at = slot * SPILL_WORDS;
        into[page][at] += count;
        long before = into[page][at + 1];
        into[page][at + 1] = before + residual;
        if (Long.compareUnsigned(before + residual, before) < 0) {
            into[page][at + 2]++;
        }
    }

    /** Bytes of pages allocated so far, for tests and capacity notes. */
    long pageBytes() {
        long bytes = 0;
        long[][][] striped = (long[][][]) STRIPES.getAcquire(this);
        for (long[][] stripe : striped == null ? new long[][][] {base} : striped) {
            long allocated = Arrays.stream(stripe).filter(Objects::nonNull).count();
            bytes += allocated * (SLOTS * 8L + 16) + stripe.length * 4L + 16;
        }
        return bytes;
    }
}
