// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
     * lower edge, in the smallest unit of the page) in its lower bits. A record is therefore ONE atomic addition, and
     * count, sum and quantiles of any copy agree by construction: there is no second word that a reader could see without
     * the first. With r residual bits per value and c count bits, r + 2c <= 64 guarantees that the residual field cannot
     * overflow before the count field does.
     *
     * Pages. 64 buckets (one octave) make a page of 512 bytes, allocated when first touched and never freed; typical
     * latencies touch six to ten octaves. Until the first record all cells share one table without pages.
     *
     * Contention. All threads start on the base stripe. Every 64th record of a bucket looks at its word once more; if
     * another thread has changed it in these few nanoseconds, more stripes are made (a power of two, at most MAX_STRIPES),
     * and from then on threads spread over them by their id. Readers add the stripes up.
     *
     * Full buckets. Each writer whose addition finds the count field half full, or leaves it so, drains it before it
     * returns: takes the word, leaving zero, and adds count and residuals to the three-word spill of that bucket (count,
     * low and high half of the sum). So the field can overflow only if 2^(c-1) threads were all stopped right between
     * their addition and their drain, with no other thread passing: 8,192 threads for durations, 256 for other values.
     * The same path takes values beyond the last page, which are too large for the residual field.
     *
     * Memory order. What the guarantees rest on:
     *
     * 1. Whole records. Words change only by getAndAdd and getAndSet, which are atomic and volatile, and a reader reads
     *    each word once: what it reads is some number of whole records.
     *
     * 2. Nothing earlier is missed. Tables, pages, stripes and the spill are published by compareAndSet and read with
     *    acquire: who sees the reference sees the contents. A record that ended before a reader began is in a word that
     *    the reader reaches, and reads at least that new. The base stays one of the stripes: a writer that saw no stripes
     *    writes where readers add up all the same, and a reader that saw none misses only records that overlap it.
     *
     * 3. Nothing is torn or seen twice by a drain. While a word moves, its records are in neither place, or in the spill
     *    in part. So "begun" is raised before a drain's first effect and "ended" after its last, and a reader
     *      a. reads ended, then begun, both volatile, until they are equal. Ended never passes begun, so no drain was
     *         under way when begun was read, and the effects of all earlier ones are visible;
     *      b. reads everything with acquire, then fences, which keeps (c) behind those reads;
     *      c. reads begun again. Had a read of (b) seen an effect of a later drain, that acquire would make the raise of
     *         begun visible too, for the drainer raised it first. If begun is the same, the copy is one of a time without
     *         drains; if not, it is thrown away and made anew.
     *    Both counters live in the spill, which is published before begun is first raised. A reader that finds no spill
     *    before and after its reads has by the same argument seen no effect of a drain.
     *
     * 4. A drain takes whatever is in the word at one moment, and moves just that: a record of another writer is in what
     *    was taken or in what was left, and of two drains at once the second one finds nothing or what came between.
     *
     * 5. A reader that asks for "changes" and gets the same even number as before has missed no record that ended since.
     *    A writer first writes its record and then, by volatile accesses, makes the number odd if it is even; a reader
     *    first makes it even, then fences, and only then reads records. So either that reader sees the record, or the
     *    writer sees the even number and makes it odd. Writers of a busy timer find it odd and only read it, in the cache
     *    line that they have just read the tables from.
     */
    static final int SLOTS = 64;
    static final int MAX_PAGES = 64; // as many as a scratch has bits for

    static final int SPILL_WORDS = 3;
    /** The lowest bits of a count; all zero once in 64 records. */
    private static final long SAMPLE = 63;

    private static final int MAX_STRIPES = stripesFor(Runtime.getRuntime().availableProcessors());
    private static final long[][] UNTOUCHED = new long[MAX_PAGES][]; // shared, never written to
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle PAGE = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final VarHandle BASE;
    private static final VarHandle STRIPES;
    private static final VarHandle SPILL;
    private static final VarHandle CHANGES;
    private static final VarHandle BEGUN;
    private static final VarHandle ENDED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            BASE = lookup.findVarHandle(Cells.class, "base", long[][].class);
            STRIPES = lookup.findVarHandle(Cells.class, "stripes", long[][][].class);
            SPILL = lookup.findVarHandle(Cells.class, "spill", Spill.class);
            CHANGES = lookup.findVarHandle(Cells.class, "changes", long.class);
            BEGUN = lookup.findVarHandle(Spill.class, "begun", long.class);
            ENDED = lookup.findVarHandle(Spill.class, "ended", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Where full words are emptied into, and how many such moves began and ended. */
    private static final class Spill {
        private final long[] @Nullable [] pages;

        @SuppressWarnings("unused") // through BEGUN
        private volatile long begun;

        @SuppressWarnings("unused") // through ENDED
        private volatile long ended;

        Spill(int pages) {
            this.pages = new long[pages][];
        }
    }

    private final int pages;

    @SuppressWarnings("unused") // through BASE
    private volatile long @Nullable [][] base = UNTOUCHED;

    @SuppressWarnings("unused") // through STRIPES
    private volatile long @Nullable [] @Nullable [] @Nullable [] stripes;

    @SuppressWarnings("unused") // through SPILL
    private volatile @Nullable Spill spill;

    @SuppressWarnings("unused") // through CHANGES
    private volatile long changes; // odd if records ended since a reader last asked

    Cells(int pages) {
        this.pages = pages;
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
        long[][] home = striped == null ? (long[][]) BASE.getAcquire(this) : striped[probe(striped.length)];
        long[] words = (long[]) PAGE.getAcquire(home, page);
        if (words == null) {
            words = page(striped == null ? ownBase() : home, page, SLOTS);
        }
        long added = (1L << shift) + residual;
        long before = (long) WORD.getAndAdd(words, slot, added);
        // both at once: the topmost bit says half full, the lowest six of the count that it is this record's turn to
        // look
        if ((before & (Long.MIN_VALUE | (SAMPLE << shift))) <= 0) {
            attend(words, page, slot, before + added, shift);
        }
        tellChange();
    }

    private void attend(long[] words, int page, int slot, long expected, int shift) {
        if (expected < 0) {
            drain(words, page, slot, shift);
        } else if (MAX_STRIPES > 1
                && STRIPES.getAcquire(this) == null
                && (long) WORD.getVolatile(words, slot) != expected) {
            spread(); // another thread was here within some nanoseconds
        }
    }

    /** Adds one value whose residual does not fit into a word; as rare as drains are, and seen by readers as one. */
    void addBeyond(int page, int slot, long residual) {
        Spill into = ownSpill();
        long[] target = page(into.pages, page, SLOTS * SPILL_WORDS);
        BEGUN.getAndAdd(into, 1L);
        try {
            addToSpill(target, slot, 1, residual);
        } finally {
            ENDED.getAndAdd(into, 1L);
        }
        tellChange();
    }

    private void tellChange() {
        long seen = (long) CHANGES.getVolatile(this);
        if ((seen & 1) == 0) {
            CHANGES.compareAndSet(this, seen, seen + 1); // who came first, reader or writer, has changed it as well
        }
    }

    /**
     * Tells at the price of one read whether anything was added: the same number as an earlier call's only if whoever read
     * the records after that call has seen all that ended before this one. Allocates nothing.
     */
    long changes() {
        long seen = (long) CHANGES.getVolatile(this);
        while ((seen & 1) != 0) {
            if (CHANGES.compareAndSet(this, seen, seen + 1)) {
                seen++;
            } else {
                seen = (long) CHANGES.getVolatile(this);
            }
        }
        VarHandle.fullFence();
        return seen;
    }

    private void drain(long[] words, int page, int slot, int shift) {
        Spill into = ownSpill();
        // allocate before the bracket: nothing in it may fail or take long
        long[] target = page(into.pages, page, SLOTS * SPILL_WORDS);
        BEGUN.getAndAdd(into, 1L);
        try {
            long taken = (long) WORD.getAndSet(words, slot, 0L);
            if (taken != 0) { // nothing if another thread has drained it meanwhile
                addToSpill(target, slot, countOf(taken, shift), taken & ((1L << shift) - 1));
            }
        } finally {
            ENDED.getAndAdd(into, 1L);
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

    private Spill ownSpill() {
        Spill found = (Spill) SPILL.getAcquire(this);
        if (found != null) {
            return found;
        }
        Spill fresh = new Spill(pages);
        return SPILL.compareAndSet(this, null, fresh) ? fresh : (Spill) SPILL.getAcquire(this);
    }

    private long[][] ownBase() {
        long[][] found = (long[][]) BASE.getAcquire(this);
        if (found != UNTOUCHED) {
            return found;
        }
        long[][] fresh = new long[pages][];
        return BASE.compareAndSet(this, UNTOUCHED, fresh) ? fresh : (long[][]) BASE.getAcquire(this);
    }

    private static long[] page(long[][] pages, int page, int words) {
        long[] found = (long[]) PAGE.getAcquire(pages, page);
        if (found != null) {
            return found;
        }
        long[] fresh = new long[words];
        return PAGE.compareAndSet(pages, page, null, fresh) ? fresh : (long[]) PAGE.getAcquire(pages, page);
    }

    private void spread() {
        long[][][] fresh = new long[MAX_STRIPES][][];
        fresh[0] = ownBase();
        for (int i = 1; i < fresh.length; i++) {
            fresh[i] = new long[pages][];
        }
        STRIPES.compareAndSet(this, null, fresh); // if another thread was faster, its stripes are as good
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

    /** Tells each page's shift, so that a reader can take words apart. */
    interface Shifts {
        int of(int page);
    }

    /**
     * Receives one page that holds anything: for each bucket its count and the sum of its residuals, which is {@code high *
     * 2^64 + low} with low unsigned. All buckets without a bit in {@code present} are empty.
     */
    interface Visitor {
        void page(int page, long present, long[] countLowHigh);
    }

    /** What a copy is gathered in, to be used again by one thread at a time; three words per bucket, as in the spill. */
    static final class Scratch {
        private final long[] @Nullable [] pages = new long[MAX_PAGES][];
        private final long[] present = new long[MAX_PAGES]; // one bit per bucket that anything was added to
        private long touched; // one bit per page

        /** The words of a page of which some are about to be present. */
        private long[] touch(int page, long buckets) {
            long[] words = pages[page];
            if (words == null) {
                words = new long[SLOTS * SPILL_WORDS];
                pages[page] = words;
            }
            touched |= 1L << page;
            present[page] |= buckets;
            return words;
        }

        private static void add(long[] words, int slot, long count, long low, long high) {
            int at = slot * SPILL_WORDS;
            words[at] += count;
            long before = words[at + 1];
            words[at + 1] = before + low;
            words[at + 2] += high + (Long.compareUnsigned(before + low, before) < 0 ? 1 : 0);
        }

        private void clear() {
            for (long left = touched; left != 0; left &= left - 1) {
                int page = Long.numberOfTrailingZeros(left);
                long[] words = touch(page, 0);
                for (long some = present[page]; some != 0; some &= some - 1) {
                    int at = Long.numberOfTrailingZeros(some) * SPILL_WORDS;
                    words[at] = 0;
                    words[at + 1] = 0;
                    words[at + 2] = 0;
                }
                present[page] = 0;
            }
            touched = 0;
        }
    }

    /** Hands all pages, in rising order, to the visitor. Allocates only pages that the scratch does not have yet. */
    void copy(Shifts shifts, Scratch scratch, Visitor visitor) {
        Spill bracket;
        long begun;
        do {
            scratch.clear();
            bracket = (Spill) SPILL.getVolatile(this);
            begun = awaitNoDrain(bracket);
            collect(shifts, scratch);
        } while (drainedSince(bracket, begun));
        for (long left = scratch.touched; left != 0; left &= left - 1) {
            int page = Long.numberOfTrailingZeros(left);
            visitor.page(page, scratch.present[page], scratch.touch(page, 0));
        }
        scratch.clear();
    }

    /** Counts the records of some pages; never less than an earlier call did. Allocates nothing. */
    long count(Shifts shifts, int firstPage, int endPage) {
        Spill bracket;
        long begun;
        long total;
        do {
            bracket = (Spill) SPILL.getVolatile(this);
            begun = awaitNoDrain(bracket);
            total = bracket == null ? 0 : countSpilled(bracket, firstPage, endPage);
            long[][][] striped = (long[][][]) STRIPES.getAcquire(this);
            for (int i = 0; i < (striped == null ? 1 : striped.length); i++) {
                total += count(
                        striped == null ? (long[][]) BASE.getAcquire(this) : striped[i], shifts, firstPage, endPage);
            }
        } while (drainedSince(bracket, begun));
        return total;
    }

    private static long count(long[][] stripe, Shifts shifts, int firstPage, int endPage) {
        long total = 0;
        for (int page = firstPage; page < endPage; page++) {
            long[] words = (long[]) PAGE.getAcquire(stripe, page);
            if (words != null) {
                int shift = shifts.of(page);
                for (int slot = 0; slot < SLOTS; slot++) {
                    total += countOf((long) WORD.getAcquire(words, slot), shift);
                }
            }
        }
        return total;
    }

    private static long countSpilled(Spill from, int firstPage, int endPage) {
        long total = 0;
        for (int page = firstPage; page < endPage; page++) {
            long[] words = (long[]) PAGE.getAcquire(from.pages, page);
            for (int slot = 0; words != null && slot < SLOTS; slot++) {
                total += (long) WORD.getAcquire(words, slot * SPILL_WORDS);
            }
        }
        return total;
    }

    private static long awaitNoDrain(@Nullable Spill bracket) {
        while (bracket != null) {
            long ended = (long) ENDED.getVolatile(bracket); // before begun: equal means that none was under way
            long begun = (long) BEGUN.getVolatile(bracket);
            if (begun == ended) {
                return begun;
            }
            Thread.yield();
        }
        return 0;
    }

    private boolean drainedSince(@Nullable Spill bracket, long begun) {
        VarHandle.acquireFence();
        return SPILL.getAcquire(this) != bracket || (bracket != null && (long) BEGUN.getAcquire(bracket) != begun);
    }

    private void collect(Shifts shifts, Scratch into) {
        long[][][] striped = (long[][][]) STRIPES.getAcquire(this);
        for (int i = 0; i < (striped == null ? 1 : striped.length); i++) {
            collect(striped == null ? (long[][]) BASE.getAcquire(this) : striped[i], shifts, into);
        }
        Spill from = (Spill) SPILL.getAcquire(this);
        for (int page = 0; from != null && page < pages; page++) {
            long[] words = (long[]) PAGE.getAcquire(from.pages, page);
            if (words != null) {
                long[] sums = into.touch(page, -1L); // there are few of them
                for (int slot = 0; slot < SLOTS; slot++) {
                    int at = slot * SPILL_WORDS;
                    Scratch.add(
                            sums, slot, (long) WORD.getAcquire(words, at), (long) WORD.getAcquire(words, at + 1), (long)
                                    WORD.getAcquire(words, at + 2));
                }
            }
        }
    }

    private void collect(long[][] from, Shifts shifts, Scratch into) {
        for (int page = 0; page < pages; page++) {
            long[] words = (long[]) PAGE.getAcquire(from, page);
            if (words != null) {
                long[] sums = into.touch(page, 0);
                int shift = shifts.of(page);
                long present = 0;
                for (int slot = 0; slot < SLOTS; slot++) {
                    long word = (long) WORD.getAcquire(words, slot);
                    if (word != 0) {
                        present |= 1L << slot;
                        Scratch.add(sums, slot, countOf(word, shift), word & ((1L << shift) - 1), 0);
                    }
                }
                into.touch(page, present);
            }
        }
    }
}
