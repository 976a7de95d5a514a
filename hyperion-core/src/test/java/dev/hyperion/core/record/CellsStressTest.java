// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Races writers and a reader over thousands of fresh recorders whose count fields hold three records, so that tables, pages,
 * lanes and drains come about under contention again and again. The same harness must find fault with recorders that
 * are each wrong in one way.
 */
@Timeout(120)
class CellsStressTest {
    private static final int WRITERS = 2;
    private static final int PER_WRITER = 5_000;
    private static final long VALUE = 5;
    private static final int BATCH = 16;

    /** What is raced: every record adds {@link #VALUE}. */
    private interface Subject {
        void add(int i);

        /** Returns a count and a sum that belong together. */
        CountAndSum read();
    }

    private record CountAndSum(long count, long sum) {}

    /** Two pages and a count field of four bits: half of it is more than there are writers. */
    private static final class Narrow extends Cells {
        @Override
        int pages() {
            return 2;
        }

        @Override
        int laneFrom() {
            return 0;
        }

        @Override
        int firstBucket() {
            return 0;
        }

        @Override
        int laneEnd() {
            return 2;
        }

        void add(int page) {
            int bucket = page * SLOTS + 7;
            long added = (1L << Real.SHIFT) + VALUE;
            if (!addInLane(bucket, 0, added)) {
                addOutOfLane(bucket, added);
            }
        }

        @Override
        int shift(int page) {
            return Real.SHIFT;
        }
    }

    /** The recorder itself. */
    private static class Real implements Subject {
        private static final int SHIFT = 60;
        final Narrow cells = new Narrow();
        private final CellsCopy copy = new CellsCopy();

        @Override
        public void add(int i) {
            cells.add(i & 1);
        }

        @Override
        public CountAndSum read() {
            Sums sums = new Sums();
            cells.copyTo(copy);
            copy.forEach(sums);
            return new CountAndSum(sums.count, sums.sum);
        }
    }

    /** The recorder once threads may own lanes, so that each race is one for owning them as well. */
    private static final class Owned extends Real {
        private final long before;

        Owned() {
            while (cells.count(0, 2) <= EarlyRecords.MOST) {
                cells.add(0);
            }
            cells.letOwn();
            before = cells.count(0, 2);
        }

        @Override
        public CountAndSum read() {
            CountAndSum all = super.read();
            return new CountAndSum(all.count() - before, all.sum() - before * VALUE);
        }
    }

    private static final class Sums implements CellsCopy.Visitor {
        private long count;
        private long sum;

        @Override
        public void page(int page, long[] words, int from, int shift) {
            count += words[from + 7] >>> shift;
            sum += words[from + 7] & ((1L << shift) - 1);
        }

        @Override
        public void spilled(int page, long[] words, int from) {
            count += words[from + 7 * Spill.WORDS];
            sum += words[from + 7 * Spill.WORDS + 1];
        }

        @Override
        public void one(int bucket, long amount) {
            count++;
            sum += amount;
        }
    }

    /** The counting alone, which must agree with what writers did and never go back. */
    private static final class RealCount implements Subject {
        private final Narrow cells = new Narrow();

        @Override
        public void add(int i) {
            cells.add(i & 1);
        }

        @Override
        public CountAndSum read() {
            long count = cells.count(0, 2);
            return new CountAndSum(count, count * VALUE);
        }
    }

    private enum Wrong implements Supplier<Subject> {
        /** Reads, adds and writes without a compare-and-set. */
        LOST_UPDATES {
            @Override
            public Subject get() {
                return new Subject() {
                    private volatile long word;

                    @Override
                    @SuppressWarnings("NonAtomicOperationOnVolatileField") // the fault
                    public void add(int i) {
                        word += (1L << 32) + VALUE;
                    }

                    @Override
                    public CountAndSum read() {
                        long seen = word;
                        return new CountAndSum(seen >>> 32, seen & 0xffff_ffffL);
                    }
                };
            }
        },
        /** Count and sum are two atomics, which a reader can see one without the other. */
        TWO_WORDS {
            @Override
            public Subject get() {
                return new Subject() {
                    private final AtomicLong count = new AtomicLong();
                    private final AtomicLong sum = new AtomicLong();

                    @Override
                    public void add(int i) {
                        count.incrementAndGet();
                        sum.addAndGet(VALUE);
                    }

                    @Override
                    public CountAndSum read() {
                        return new CountAndSum(count.get(), sum.get());
                    }
                };
            }
        },
        /** Drains without telling readers. */
        DRAINS_UNSEEN {
            @Override
            public Subject get() {
                return new Draining(false, true);
            }
        },
        /** Readers wait for drains that are under way, and do not look whether one has come since. */
        DRAINS_NOT_LOOKED_FOR_AGAIN {
            @Override
            public Subject get() {
                return new Draining(true, false);
            }
        }
    }

    /** One word that is drained after three records into two others, with the parts of the protocol to choose from. */
    private static final class Draining implements Subject {
        private static final VarHandle WORD;

        static {
            try {
                WORD = MethodHandles.lookup().findVarHandle(Draining.class, "word", long.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final boolean waiting;
        private final boolean checking;
        private final AtomicLong begun = new AtomicLong();
        private final AtomicLong ended = new AtomicLong();
        private final AtomicLong count = new AtomicLong();
        private final AtomicLong sum = new AtomicLong();
        private volatile long word;

        Draining(boolean waiting, boolean checking) {
            this.waiting = waiting;
            this.checking = waiting && checking;
        }

        @Override
        public void add(int i) {
            while (true) {
                long seen = word;
                if (seen >>> 32 == 3) {
                    begun.incrementAndGet();
                    if (WORD.compareAndSet(this, seen, 0L)) {
                        count.addAndGet(seen >>> 32);
                        sum.addAndGet(seen & 0xffff_ffffL);
                    }
                    ended.incrementAndGet();
                } else if (WORD.compareAndSet(this, seen, seen + (1L << 32) + VALUE)) {
                    return;
                }
            }
        }

        @Override
        public CountAndSum read() {
            while (true) {
                long after = ended.get();
                long before = begun.get();
                if (waiting && before != after) {
                    Thread.onSpinWait();
                    continue;
                }
                long seen = word;
                CountAndSum read = new CountAndSum((seen >>> 32) + count.get(), (seen & 0xffff_ffffL) + sum.get());
                if (!checking || begun.get() == before) {
                    return read;
                }
            }
        }
    }

    @Test
    void copiesHoldEachRecordOnceAndWholeWhileEverythingIsCreatedAndDrained() throws Exception {
        assertThat(race(Real::new, 6)).isEmpty();
    }

    @Test
    void copiesHoldEachRecordOnceAndWholeWhileLanesAreClaimedAndDrainedByTheirOwners() throws Exception {
        assertThat(race(Owned::new, 6)).isEmpty();
    }

    @Test
    void countsHoldEachRecordOnceAndNeverGoBack() throws Exception {
        assertThat(race(RealCount::new, 3)).isEmpty();
    }

    /** Shows that the harness blames a fault and not the way it is looked for. */
    @Test
    void theHarnessFindsNoFaultWithTheWholeDrainProtocol() throws Exception {
        assertThat(race(() -> new Draining(true, true), 2)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Wrong.class)
    void aRecorderThatIsWrongInOneWayIsFoundOut(Wrong wrong) throws Exception {
        assertThat(race(wrong, 30)).as("the fault of %s", wrong).isPresent();
    }

    /** Races fresh subjects for some seconds and tells the first fault. */
    private static Optional<String> race(Supplier<? extends Subject> subjects, int seconds) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(WRITERS);
        AtomicReference<String> fault = new AtomicReference<>();
        try {
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            while (fault.get() == null && System.nanoTime() < until) {
                raceBatch(pool, subjects, fault);
            }
            return Optional.ofNullable(fault.get());
        } finally {
            pool.shutdownNow();
        }
    }

    private static void raceBatch(
            ExecutorService pool, Supplier<? extends Subject> subjects, AtomicReference<String> fault)
            throws Exception {
        Subject[] batch = new Subject[BATCH];
        AtomicInteger[] arrived = new AtomicInteger[BATCH];
        AtomicInteger[] done = new AtomicInteger[BATCH];
        for (int i = 0; i < BATCH; i++) {
            batch[i] = subjects.get();
            arrived[i] = new AtomicInteger();
            done[i] = new AtomicInteger();
        }
        Future<?>[] writers = new Future<?>[WRITERS];
        for (int w = 0; w < WRITERS; w++) {
            writers[w] = pool.submit(() -> {
                for (int i = 0; i < BATCH; i++) {
                    meet(arrived[i]);
                    for (int n = 0; n < PER_WRITER; n++) {
                        batch[i].add(n);
                    }
                    done[i].incrementAndGet();
                }
            });
        }
        for (int i = 0; i < BATCH; i++) {
            meet(arrived[i]);
            long last = 0;
            boolean all;
            do {
                all = done[i].get() == WRITERS; // before the read: what ended before must be in it
                CountAndSum read = batch[i].read();
                if (read.sum() != read.count() * VALUE) {
                    fault.compareAndSet(null, "count and sum disagree: " + read);
                }
                if (read.count() < last) {
                    fault.compareAndSet(null, "went back from " + last + " to " + read);
                }
                last = read.count();
            } while (!all);
            if (last != (long) WRITERS * PER_WRITER) {
                fault.compareAndSet(null, last + " records of " + WRITERS * PER_WRITER);
            }
        }
        for (Future<?> each : writers) {
            each.get(60, TimeUnit.SECONDS);
        }
    }

    /** Lets all begin within nanoseconds of each other where there are processors enough. */
    private static void meet(AtomicInteger arrived) {
        arrived.incrementAndGet();
        for (int spins = 0; arrived.get() <= WRITERS; spins++) {
            if (spins > 10_000) {
                Thread.yield();
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
