// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A concurrent array of histogram buckets, each holding how many values fell into it and the exact sum of their amounts:
 * of the values, or of their distances from the bucket's lower edge.
 *
 * <p>Writers are lock-free: a stalled thread stops no other. Readers wait while a bucket is being drained, some ten
 * nanoseconds once in hundreds of records of one bucket, or in millions, as they are wide. A copy contains each record whole or
 * not at all, and contains every record that happened before the copy began; it may miss records that overlap it.
 *
 * <p>Thread-safety: thread-safe.
 */
abstract class Cells {
    /*
     * Layout. A bucket is one 64-bit word: the count in its upper bits, the sum of amounts in its lower bits. A record is
     * therefore ONE addition, and count, sum and quantiles of any copy agree by construction: there is no second word
     * that a reader could see without the first. The amount of a record is its value, or what is left of it when the lower
     * edge of the bucket is taken off. With r bits per amount and c count bits, r + 2c <= 64 guarantees that the sum cannot
     * overflow before the count does. 64 buckets are an octave, called a page.
     *
     * Where a record goes. A locked addition takes some ten cycles, as long as two loads that wait for each other: what
     * makes a record cheap is that it finds its word by ONE reference.
     *
     * - The first records are kept one by one, a word each. A timer that is hardly used stays that small.
     * - Then the lane is made: one array of the LANE_PAGES octaves around the median of the early records. It never moves,
     *   so the index of a bucket in it is a subtraction. The lane reaches further down than up, for the first records of a
     *   process are slow ones.
     * - What falls outside of the lane goes to pages of one octave each, made when first touched. They are the slow way,
     *   correct and some times dearer.
     *
     * Nothing of this is ever freed or moved, so a writer may hold what it read for as long as it likes.
     *
     * Owned lanes. All threads begin in one lane, by atomic additions. One record in some hundreds (COUNTED_BITS) counts itself, and
     * so it shows whether they come from one thread or from several. Now and then (WATCH) that is judged. If it was several since
     * the last time, one of them waits for a microsecond whether the next one comes already. If that is so for many (CONTENDED),
     * or nearly all were of one thread (ALONE), then from there on threads may own lanes, at less than half the price: the
     * only thread that writes to a lane needs no atomic addition, it reads, adds and writes. A thread finds by its id where
     * its lane is. If a thread that lives has that place, it shares a lane with all whose ids say the same, by atomic
     * additions again. Until somebody had to share it, that is the first lane. Threads ask for a lane within some hundred records, and
     * that of a thread that has ended goes to the next one that asks. Readers add all lanes up. A pool of threads that
     * records a hundred thousand times a second is no reason for more lanes, and one thread alone never waits.
     *
     * Full buckets. Each writer whose addition finds the count field half full (the word negative) drains it before it
     * returns: takes the word, leaving zero, and adds count and sum to the three-word spill of that bucket (count, low and
     * high half of the sum). So the field can overflow only if 2^(c-1) threads were all stopped right between
     * their addition and their drain, with no other thread passing: 1,024 threads for durations of an hour, half a million
     * for those of milliseconds, 256 for other values; an owner is one thread. The same path takes values beyond the last
     * page, which are too large for the sum.
     *
     * Memory order. What the guarantees rest on:
     *
     * 1. Whole records. Words change by getAndAdd and getAndSet, early ones once by compareAndSet, and owned ones by a read and a
     *    release write of their owner. Each of these is one access of 64 bits, and a reader reads each word once: what it
     *    reads is some number of whole records.
     *
     * 2. Nothing earlier is missed. Early words, lanes, pages and the spill are published by compareAndSet and read with
     *    acquire: who sees the reference sees the contents, and who sees a lane sees where it begins. A record that ended
     *    before a reader began, so that the one happened before the other, is in a word that the reader reaches, and reads at
     *    least that new. (An owner's write may be some nanoseconds on its way to those that nothing orders after it.) The first
     *    lane stays one of the lanes: a writer that did not see the others writes where readers add up all the same, and a
     *    reader that did not see them misses only records that overlap it.
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
     *    Where words are drained faster than all of them are read, a reader reads bucket by bucket, each in a time without
     *    drains: some records that overlap the copy are in it then and others before them are not, as in any copy.
     *
     * 4. A drain takes whatever is in the word at one moment, and moves just that: a record of another writer is in what
     *    was taken or in what was left, and of two drains at once the second one finds nothing or what came between.
     *
     * 5. A lane has one owner at a time. The only way to become it is a compareAndSet of the place's entry, of nobody or of a
     *    thread that was seen to have ended, and all that such a thread did happened before that was seen (JLS 17.4.4). If the
     *    thread cannot be seen any more because its reference was cleared, it can never run again; JVMs clear references only
     *    after all threads have met, which orders them just as well.
     *
     * 6. A reader that asks for "changes" and gets the same number as before has missed no record that ended since. The
     *    reader rounds the number up to a multiple of TOLD. A writer first writes its record and then, by volatile accesses,
     *    changes the number if it is such a multiple; a reader first rounds up, then fences, and only then reads records. So
     *    either that reader sees the record, or the writer sees the round number and changes it. Any other number has told
     *    that reader already, and is changed by few: those that count themselves. The others only read it, in the cache line
     *    that they have just read the lane from. This needs a fence between an addition and the look at the number, as
     *    atomic additions are and an owner's write is not. So as soon as lanes are owned, readers count all records instead, and
     *    change the number on behalf of the writers if there are more.
     */
    static final int SLOTS = 64;
    static final int LANE_PAGES = 10;
    /** How far below the median a lane begins: a process is up to a hundred times slower in its first seconds. */
    private static final int PAGES_BELOW = 5;
    /** One record in two to the power of so many counts itself. Compilers leave out of the usual way what is that rare. */
    private static final int COUNTED_BITS = 8;

    private static final long FIBONACCI = 0x9E3779B97F4A7C15L; // two to the 64th by the golden ratio

    /** How often readers try to read everything between two drains, before they do it bucket by bucket. */
    private static final int TRIES = 3;

    private static final long DRAINED = -1; // in the place of a count

    /**
     * One in so many of them, a power of two, waits for the next record if several threads have counted since the last did.
     * That record counts itself for certain.
     */
    private static final long WATCH = 64;

    /** Readers round up to a multiple of it, and of WATCH; so many that count themselves are judged together at most. */
    private static final long TOLD = 64 * WATCH;

    /**
     * So many of the 64 that could wait since, or of fewer if a reader came by, must have seen the next record. Readers come once
     * a second: a pool that records each microsecond has sixty that wait, one that records each ten has six.
     */
    private static final int CONTENDED = 8;

    private static final int WATCHED_PAUSES = 64; // one or two microseconds, five while this is interpreted
    private static final int WORDS_PER_LINE = 8;
    private static final int SLOT_BITS = 6;

    /**
     * So many of the 64 without another thread make the one there is worth a lane of its own. Readers come once a second: it
     * has recorded a million times since.
     */
    private static final int ALONE = 60;

    private static final int ONE_ALONE = 1 << 8; // counted in the same number as those that saw the next record

    /** How many threads may own a lane, and how many lanes the others share: twice as many as can write at once, at most 8. */
    private static final int LANES = lanesFor(Runtime.getRuntime().availableProcessors());

    // two arrays without words, so that a record that finds one of them takes the way for what is out of bounds
    private static final long[] UNPLACED = new long[0];
    private static final long[] OWNED = new long[0];
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle PAGE = MethodHandles.arrayElementVarHandle(long[][].class);
    private static final VarHandle LANE;
    private static final VarHandle EARLIEST;
    private static final VarHandle OWNER = MethodHandles.arrayElementVarHandle(Owner[].class);
    private static final VarHandle OWNERS;
    private static final VarHandle SHARED;
    private static final VarHandle FAR;
    private static final VarHandle SPILL;
    private static final VarHandle CHANGES;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            LANE = lookup.findVarHandle(Cells.class, "lane", long[].class);
            EARLIEST = lookup.findVarHandle(Cells.class, "early", EarlyRecords.class);
            OWNERS = lookup.findVarHandle(Cells.class, "owners", Owner[].class);
            SHARED = lookup.findVarHandle(Cells.class, "shared", long[][].class);
            FAR = lookup.findVarHandle(Cells.class, "far", long[][].class);
            SPILL = lookup.findVarHandle(Cells.class, "spill", Spill.class);
            CHANGES = lookup.findVarHandle(Cells.class, "changes", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A thread and the lane that only it writes to. Thread ids will not do, for a thread can tell what it likes. */
    private static final class Owner extends WeakReference<Thread> {
        static final Owner NOBODY = new Owner(null, UNPLACED);

        private final long[] words;

        Owner(@Nullable Thread thread, long[] words) {
            super(thread);
            this.words = words;
        }

        /** What an owner did before it ended is visible to who has seen that it has. */
        boolean hasEnded() {
            Thread thread = get();
            return thread == null || !thread.isAlive();
        }
    }

    /** The first bucket of all lanes. Written before the first lane is published, and never changed after that. */
    private int laneStart;

    /** Where in a lane a {@link #firstBucket} would be: below its beginning, or before there is one anywhere. */
    private int laneOrigin;

    @SuppressWarnings("unused") // through LANE
    private volatile long[] lane = UNPLACED;

    @SuppressWarnings("unused") // through EARLIEST
    private volatile @Nullable EarlyRecords early;

    @SuppressWarnings("unused") // through OWNERS
    private volatile Owner @Nullable [] owners;

    @SuppressWarnings("unused") // through SHARED
    private volatile long @Nullable [][] shared;

    @SuppressWarnings("unused") // through FAR
    private volatile long @Nullable [] @Nullable [] far;

    @SuppressWarnings("unused") // through SPILL
    private volatile @Nullable Spill spill;

    @SuppressWarnings("unused") // through CHANGES
    private volatile long changes; // a multiple of TOLD if no record ended since a reader last asked

    private int lastCounted; // racy, for watching only: the id of a thread
    private boolean several; // racy as well: whether another one has counted since one last could wait

    /** Of those that are judged together, how many saw the next record come; above that, how many were ALONE. Racy as well. */
    private int met;

    /** How many records there were when a reader last asked for changes, since lanes are owned. */
    private volatile long seen;

    private static int lanesFor(int processors) {
        return processors == 1 ? 1 : Math.min(8, 2 * Integer.highestOneBit(processors * 2 - 1));
    }

    /** How many octaves there are. */
    abstract int pages();

    /** The first octave that may be in lanes. */
    abstract int laneFrom();

    /** The first octave after that which may not. */
    abstract int laneEnd();

    /** The lowest bit of the count field in the words of an octave. */
    abstract int shift(int page);

    /** The bucket of which distances are told to {@link #addInLane}. */
    abstract int firstBucket();

    /**
     * Adds one value if its bucket is in the lane. The bucket is told by its distance from {@link #firstBucket}, in two parts:
     * whoever computes it need not wait for one before the other is put together with where the lane is.
     *
     * @param above so many buckets above it
     * @param below and so many below
     * @param added one in the count field, and the amount
     * @return false if nothing was added, as for every distance of which there is no bucket
     */
    final boolean addInLane(int above, int below, long added) {
        long[] words = (long[]) LANE.getAcquire(this);
        int at = above + (laneOrigin - below); // before there is a lane out of the bounds of UNPLACED, whatever it is
        if (at < 0 || at >= words.length) {
            return words == OWNED && addOwned(at, added);
        }
        long before = (long) WORD.getAndAdd(words, at, added);
        if (before < 0) {
            drain(words, at, laneStart + at);
            tellChange(0);
        } else {
            tellChange(before);
        }
        return true;
    }

    @SuppressWarnings("deprecation") // threadId() replaces getId() only from Java 19 on
    private boolean addOwned(int at, long added) {
        Thread thread = Thread.currentThread();
        int which = (int) thread.getId() & (LANES - 1);
        Owner owner = (Owner) OWNER.getAcquire((Owner[]) OWNERS.getAcquire(this), which);
        if (owner.refersTo(thread)) {
            long[] words = owner.words;
            if (at < 0 || at >= words.length) {
                return false;
            }
            long sum = (long) WORD.get(words, at) + added;
            WORD.setRelease(words, at, sum);
            if (sum < 0) {
                drain(words, at, laneStart + at);
            }
            return true;
        }
        return addShared(which, at, added);
    }

    private boolean addShared(int which, int at, long added) {
        long[] words = (long[]) PAGE.getAcquire((long[][]) SHARED.getAcquire(this), which);
        if (at < 0 || at >= words.length) {
            return false;
        }
        long before = (long) WORD.getAndAdd(words, at, added);
        if (before < 0) {
            drain(words, at, laneStart + at);
        } else if (isCounted(before)) {
            claim(which);
        }
        return true;
    }

    /** Gives this thread a lane of its own; if it cannot, those with such an id get one that they share. */
    private void claim(int which) {
        Owner[] all = (Owner[]) OWNERS.getAcquire(this);
        Owner found = (Owner) OWNER.getAcquire(all, which);
        if (found == Owner.NOBODY || found.hasEnded()) {
            long[] words = found == Owner.NOBODY ? new long[laneLength()] : found.words;
            OWNER.compareAndSet(all, which, found, new Owner(Thread.currentThread(), words));
        } else {
            long[][] lanes = (long[][]) SHARED.getAcquire(this);
            if (which > 0 && PAGE.getAcquire(lanes, which) == lanes[0]) {
                PAGE.compareAndSet(lanes, which, lanes[0], new long[laneLength()]);
            }
        }
    }

    private int laneLength() {
        return Math.min(LANE_PAGES, laneEnd() - laneFrom()) << SLOT_BITS;
    }

    /**
     * Adds one value that {@link #addInLane} has refused, to the bucket of which the number is 64 times the octave plus the
     * bucket within the octave. A method of its own, and small: compilers make the usual way part of the application's code
     * only as long as it is short.
     */
    final void addOutOfLane(int bucket, long added) {
        if (LANE.getAcquire(this) == UNPLACED) {
            addFirst(bucket, added);
        } else {
            addFar(bucket, added);
        }
    }

    private void addFirst(int bucket, long added) {
        EarlyRecords first = ownEarly();
        if (first.add(bucket, added & ((1L << shift(bucket >>> SLOT_BITS)) - 1))) {
            tellChange(added);
            return;
        }
        place(first.medianOctave());
        if (!addInLane(bucket, firstBucket(), added)) {
            addFar(bucket, added);
        }
    }

    private EarlyRecords ownEarly() {
        EarlyRecords found = (EarlyRecords) EARLIEST.getAcquire(this);
        if (found != null) {
            return found;
        }
        EarlyRecords fresh = new EarlyRecords();
        return EARLIEST.compareAndSet(this, null, fresh) ? fresh : (EarlyRecords) EARLIEST.getAcquire(this);
    }

    private void addFar(int bucket, long added) {
        long[] words = page(ownFar(), bucket >>> SLOT_BITS, SLOTS);
        int slot = bucket & (SLOTS - 1);
        long before = (long) WORD.getAndAdd(words, slot, added);
        if (before < 0) {
            drain(words, slot, bucket);
        }
        tellChange(before);
    }

    /** Makes the lane once the early records are full; they never change again, so all threads put it in the same place. */
    private void place(int medianOctave) {
        int length = laneLength();
        int first = Math.max(laneFrom(), Math.min(medianOctave - PAGES_BELOW, laneEnd() - (length >>> SLOT_BITS)));
        laneStart = first << SLOT_BITS;
        laneOrigin = firstBucket() - laneStart;
        long[] fresh = new long[length];
        LANE.compareAndSet(this, UNPLACED, fresh); // another thread may have been faster
    }

    /** Lets threads own lanes, beginning with this one. Whoever sees OWNED sees owners and what is shared. */
    @SuppressWarnings("deprecation") // as in addOwned
    final void letOwn() {
        long[] first = (long[]) LANE.getAcquire(this);
        if (first.length == 0) {
            return; // there is none yet, or it is done
        }
        long[][] lanes = new long[LANES][];
        Arrays.fill(lanes, first);
        Owner[] all = new Owner[LANES];
        Arrays.fill(all, Owner.NOBODY);
        SHARED.compareAndSet(this, null, lanes);
        if (OWNERS.compareAndSet(this, null, all)) {
            LANE.setVolatile(this, OWNED);
            claim((int) Thread.currentThread().getId() & (LANES - 1));
        }
    }

    /** Adds one value whose amount does not fit into a word; as rare as drains are, and seen by readers as one. */
    void addBeyond(int page, int slot, long amount) {
        Spill into = ownSpill();
        long[] target = into.ownPage(page);
        into.begin();
        try {
            Spill.add(target, slot, 1, amount);
        } finally {
            into.end();
        }
        tellChange(amount);
    }

    /** Counts a record if the number asks for it, or if its turn has come. */
    private void tellChange(long word) {
        long now = (long) CHANGES.getVolatile(this);
        if ((now & (WATCH - 1)) == 0 || isCounted(word)) {
            count(now);
        }
    }

    /**
     * Whether it is the turn of a record that was added to a word: its hash (Knuth, The Art of Computer Programming 3, 6.4) is
     * as good as a random number, and at hand.
     */
    private static boolean isCounted(long word) {
        return (word * FIBONACCI) >>> (Long.SIZE - COUNTED_BITS) == 0;
    }

    private void count(long now) {
        long next = now + 1;
        CHANGES.compareAndSet(this, now, next); // if not, another reader or writer has changed it as well
        if (!isOwned() && isWorthLanes(next)) {
            letOwn();
        }
    }

    /** Whether threads were found to contend, or one to record so much that an addition of its own is worth a lane. */
    @SuppressWarnings("deprecation") // as in addOwned
    private boolean isWorthLanes(long now) {
        int thread = (int) Thread.currentThread().getId();
        if (lastCounted != thread) {
            lastCounted = thread;
            several = true;
        }
        if (now % WATCH != 0) {
            return false;
        }
        if (now % TOLD == WATCH) {
            met = 0;
        }
        if (!several) {
            met += ONE_ALONE;
        } else if (LANES > 1 && nextComesSoon()) {
            met++;
        }
        several = false;
        return met % ONE_ALONE >= CONTENDED || met / ONE_ALONE >= ALONE;
    }

    /** Whether threads own lanes. */
    final boolean isOwned() {
        return LANE.getAcquire(this) == OWNED;
    }

    private boolean nextComesSoon() {
        long now = changes;
        for (int i = 0; i < WATCHED_PAUSES && changes == now; i++) {
            Thread.onSpinWait();
        }
        return changes != now;
    }

    /**
     * Tells whether anything was added, at the price of one read, or of all of them as soon as lanes are owned: the same
     * number as an earlier call's only if whoever read the records after that call has seen all that ended before this one.
     * Allocates nothing.
     */
    long changes() {
        if (isOwned()) {
            tellWhatOwnersDid();
        }
        long told = (long) CHANGES.getVolatile(this);
        while (told % TOLD != 0) {
            long next = (told / TOLD + 1) * TOLD;
            told = CHANGES.compareAndSet(this, told, next) ? next : (long) CHANGES.getVolatile(this);
        }
        VarHandle.fullFence();
        return told;
    }

    /** On behalf of those who do not. Who sees the new count sees the new number as well. */
    private void tellWhatOwnersDid() {
        long total = tryCount(0, pages());
        if (total != seen || total == DRAINED) {
            CHANGES.getAndAdd(this, 1L);
            seen = total;
        }
    }

    private void drain(long[] words, int at, int bucket) {
        Spill into = ownSpill();
        long[] target =
                into.ownPage(bucket >>> SLOT_BITS); // before the move begins: nothing in it may fail or take long
        into.begin();
        try {
            long taken = (long) WORD.getAndSet(words, at, 0L);
            if (taken != 0) { // nothing if another thread has drained it meanwhile
                int shift = shift(bucket >>> SLOT_BITS);
                Spill.add(target, bucket & (SLOTS - 1), taken >>> shift, taken & ((1L << shift) - 1));
            }
        } finally {
            into.end();
        }
    }

    private Spill ownSpill() {
        Spill found = (Spill) SPILL.getAcquire(this);
        if (found != null) {
            return found;
        }
        Spill fresh = new Spill(pages());
        return SPILL.compareAndSet(this, null, fresh) ? fresh : (Spill) SPILL.getAcquire(this);
    }

    private long[][] ownFar() {
        long[][] found = (long[][]) FAR.getAcquire(this);
        if (found != null) {
            return found;
        }
        long[][] fresh = new long[pages()][];
        return FAR.compareAndSet(this, null, fresh) ? fresh : (long[][]) FAR.getAcquire(this);
    }

    private static long[] page(long[][] pages, int page, int words) {
        long[] found = (long[]) PAGE.getAcquire(pages, page);
        if (found != null) {
            return found;
        }
        long[] fresh = new long[words];
        return PAGE.compareAndSet(pages, page, null, fresh) ? fresh : (long[]) PAGE.getAcquire(pages, page);
    }

    /** Copies everything in the place of what the copy held. Allocates nothing but what the copy grows by, and seldom more. */
    void copyTo(CellsCopy copy) {
        for (int i = 0; i < TRIES; i++) {
            copy.clear();
            Spill bracket = (Spill) SPILL.getVolatile(this);
            long begun = awaitNoDrain(bracket);
            collect(copy);
            if (!drainedSince(bracket, begun)) {
                return;
            }
        }
        copy.clear();
        collectEarly(copy);
        long[] buckets = new long[SLOTS * Spill.WORDS];
        for (int page = 0; page < pages(); page++) {
            if (readBucketByBucket(page, buckets) > 0) {
                copy.addSpilled(page, buckets);
            }
        }
    }

    /** Reads the buckets of an octave, early records aside, as the spill holds them. Returns how many records there were. */
    private long readBucketByBucket(int page, long[] into) {
        Arrays.fill(into, 0);
        long total = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            int at = slot * Spill.WORDS;
            Spill bracket;
            long begun;
            do {
                Arrays.fill(into, at, at + Spill.WORDS, 0);
                bracket = (Spill) SPILL.getVolatile(this);
                begun = awaitNoDrain(bracket);
                readBucket(bracket, page, slot, into);
            } while (drainedSince(bracket, begun));
            total += into[at];
        }
        return total;
    }

    private void readBucket(@Nullable Spill bracket, int page, int slot, long[] into) {
        int shift = shift(page);
        int bucket = page << SLOT_BITS | slot;
        int lanes = lanes();
        for (int i = 0; i < lanes; i++) {
            long[] words = lane(i);
            int at = bucket - laneStart;
            if (at >= 0 && at < words.length) {
                put((long) WORD.getAcquire(words, at), shift, into, slot);
            }
        }
        long[][] outside = (long[][]) FAR.getAcquire(this);
        long[] words = outside == null ? null : (long[]) PAGE.getAcquire(outside, page);
        if (words != null) {
            put((long) WORD.getAcquire(words, slot), shift, into, slot);
        }
        long[] spilled = bracket == null ? null : bracket.page(page);
        if (spilled != null) {
            int at = slot * Spill.WORDS;
            put((long) WORD.getAcquire(spilled, at), (long) WORD.getAcquire(spilled, at + 1), into, at);
            into[at + 2] += (long) WORD.getAcquire(spilled, at + 2);
        }
    }

    private static void put(long word, int shift, long[] into, int slot) {
        put(word >>> shift, word & ((1L << shift) - 1), into, slot * Spill.WORDS);
    }

    private static void put(long count, long amount, long[] into, int at) {
        into[at] += count;
        into[at + 1] += amount;
        into[at + 2] += Long.compareUnsigned(into[at + 1], amount) < 0 ? 1 : 0;
    }

    /**
     * Reads a word of each cache line of the lanes, and waits for none of them: {@link #copyTo} finds them near then. Does so only
     * if something may have been added since the reader was told of changes.
     *
     * @param known what {@link #changes} told the reader
     * @return without meaning; whoever uses it keeps compilers from leaving the reads out
     */
    long touch(long known) {
        if ((long) CHANGES.getAcquire(this) == known && !isOwned()) {
            return 0;
        }
        EarlyRecords first = (EarlyRecords) EARLIEST.getAcquire(this);
        long any = first == null ? 0 : first.touch();
        int lanes = lanes();
        for (int which = 0; which < lanes; which++) {
            long[] words = lane(which);
            for (int i = 0; i < words.length; i += WORDS_PER_LINE) {
                any += words[i];
            }
        }
        return any;
    }

    /** Reads from each of the objects that {@link #touch} goes through, and waits for none of them. */
    long approach() {
        EarlyRecords first = (EarlyRecords) EARLIEST.getAcquire(this);
        long any = first == null ? 0 : first.approach();
        return any + lane(0).length;
    }

    /** Whether any word was ever drained, or any value beyond the last page added. */
    final boolean isSpilled() {
        return SPILL.getAcquire(this) != null;
    }

    /** Counts the records of some pages; never less than an earlier call did. */
    long count(int firstPage, int endPage) {
        for (int i = 0; i < TRIES; i++) {
            long total = tryCount(firstPage, endPage);
            if (total != DRAINED) {
                return total;
            }
        }
        long total = countEarly(firstPage, endPage);
        long[] buckets = new long[SLOTS * Spill.WORDS];
        for (int page = firstPage; page < endPage; page++) {
            total += readBucketByBucket(page, buckets);
        }
        return total;
    }

    /** The same unless a drain comes in between. Allocates nothing. */
    private long tryCount(int firstPage, int endPage) {
        Spill bracket = (Spill) SPILL.getVolatile(this);
        long begun = awaitNoDrain(bracket);
        long total = bracket == null ? 0 : bracket.count(firstPage, endPage);
        total += countEarly(firstPage, endPage) + countFar(firstPage, endPage);
        int lanes = lanes();
        for (int i = 0; i < lanes; i++) {
            total += countLane(lane(i), firstPage, endPage);
        }
        return drainedSince(bracket, begun) ? DRAINED : total;
    }

    private int lanes() {
        return isOwned() ? 2 * LANES : 1;
    }

    /** One of the lanes; one without words in the place of a lane that is not there, or has another place as well. */
    private long[] lane(int which) {
        long[] words = (long[]) LANE.getAcquire(this);
        if (words != OWNED) {
            return words;
        }
        if (which >= LANES) {
            return ((Owner) OWNER.getAcquire((Owner[]) OWNERS.getAcquire(this), which - LANES)).words;
        }
        long[][] lanes = (long[][]) SHARED.getAcquire(this);
        words = (long[]) PAGE.getAcquire(lanes, which);
        return which > 0 && words == lanes[0] ? UNPLACED : words;
    }

    private void collectEarly(CellsCopy into) {
        EarlyRecords first = (EarlyRecords) EARLIEST.getAcquire(this);
        if (first != null) {
            first.addTo(into);
        }
    }

    private long countEarly(int firstPage, int endPage) {
        EarlyRecords first = (EarlyRecords) EARLIEST.getAcquire(this);
        return first == null ? 0 : first.count(firstPage, endPage);
    }

    private long countFar(int firstPage, int endPage) {
        long[][] from = (long[][]) FAR.getAcquire(this);
        long total = 0;
        for (int page = firstPage; from != null && page < endPage; page++) {
            long[] words = (long[]) PAGE.getAcquire(from, page);
            total += words == null ? 0 : countPage(words, 0, shift(page));
        }
        return total;
    }

    private long countLane(long[] words, int firstPage, int endPage) {
        long total = 0;
        for (int at = 0; at < words.length; at += SLOTS) {
            int page = (laneStart + at) >>> SLOT_BITS;
            total += page >= firstPage && page < endPage ? countPage(words, at, shift(page)) : 0;
        }
        return total;
    }

    private static long countPage(long[] words, int from, int shift) {
        long total = 0;
        for (int slot = 0; slot < SLOTS; slot++) {
            total += (((long) WORD.getAcquire(words, from + slot)) >>> shift);
        }
        return total;
    }

    private static long awaitNoDrain(@Nullable Spill bracket) {
        return bracket == null ? 0 : bracket.awaitNone();
    }

    private boolean drainedSince(@Nullable Spill bracket, long begun) {
        VarHandle.acquireFence();
        return SPILL.getAcquire(this) != bracket || (bracket != null && bracket.hasBegunSince(begun));
    }

    private void collect(CellsCopy into) {
        collectEarly(into);
        int lanes = lanes();
        for (int i = 0; i < lanes; i++) {
            long[] words = lane(i);
            for (int at = 0; at < words.length; at += SLOTS) {
                int page = (laneStart + at) >>> SLOT_BITS;
                into.addPage(page, shift(page), words, at);
            }
        }
        long[][] outside = (long[][]) FAR.getAcquire(this);
        for (int page = 0; outside != null && page < pages(); page++) {
            long[] words = (long[]) PAGE.getAcquire(outside, page);
            if (words != null) {
                into.addPage(page, shift(page), words, 0);
            }
        }
        Spill from = (Spill) SPILL.getAcquire(this);
        for (int page = 0; from != null && page < pages(); page++) {
            long[] words = from.page(page);
            if (words != null) {
                into.addSpilled(page, words);
            }
        }
    }
}
