// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.monitoring.LogPage;
import dev.hyperion.monitoring.LogQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many threads write, others page through what is there, as fast as they can. Each entry carries its writer, its number and a
 * checksum; so it is seen whether it is whole, whether it came twice, in which order, and whether what a reader got and what it
 * was told to have missed make up all that was written. The check itself is tested with rings that are each wrong in one way.
 */
@Timeout(120)
class LogRingConcurrencyTest {
    private static final int WRITERS = 6;
    private static final int READERS = 2;
    private static final int EACH = 60_000;
    private static final int RUNS_TO_CATCH = 20;

    /** What the check needs of a ring. */
    private interface Ring {
        void add(LogEntry entry);

        LogPage read(LogQuery query);

        LogRing.Counts counts();
    }

    private static Ring right(LogRing ring) {
        return new Ring() {
            @Override
            public void add(LogEntry entry) {
                ring.add(entry);
            }

            @Override
            public LogPage read(LogQuery query) {
                return ring.read(query);
            }

            @Override
            public LogRing.Counts counts() {
                return ring.counts();
            }
        };
    }

    private static LogEntry entry(int writer, int number) {
        String message = writer + " " + number;
        return new LogEntry(
                LogEntries.START.plusNanos(number),
                LogLevel.INFO,
                "writer-" + writer,
                message,
                Map.of("checksum", Integer.toString((message + writer).hashCode())));
    }

    private static void check(Ring ring, int each) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS + READERS + 1);
        try {
            CyclicBarrier start = new CyclicBarrier(WRITERS + READERS + 1);
            AtomicBoolean written = new AtomicBoolean();
            List<Future<?>> writers = new ArrayList<>();
            for (int w = 0; w < WRITERS; w++) {
                int writer = w;
                writers.add(threads.submit(begun(start, () -> {
                    for (int i = 0; i < each; i++) {
                        ring.add(entry(writer, i));
                    }
                })));
            }
            List<Future<?>> others = new ArrayList<>();
            for (int r = 0; r < READERS; r++) {
                others.add(threads.submit(begun(start, () -> page(ring, written, (long) WRITERS * each))));
            }
            others.add(threads.submit(begun(start, () -> count(ring, written))));
            for (Future<?> writer : writers) {
                writer.get();
            }
            written.set(true);
            for (Future<?> other : others) {
                other.get();
            }
        } finally {
            threads.shutdownNow();
            assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static Callable<Boolean> begun(CyclicBarrier start, Runnable work) {
        return () -> {
            start.await();
            work.run();
            return true;
        };
    }

    /** Reads everything once; got and missed must make up what was written. */
    private static void page(Ring ring, AtomicBoolean written, long expected) {
        int[] lastOf = new int[WRITERS];
        java.util.Arrays.fill(lastOf, -1);
        long after = 0;
        long got = 0;
        long missed = 0;
        boolean last = false;
        while (true) {
            boolean done = written.get();
            LogPage page = ring.read(LogQuery.after(after, 50, LogLevel.TRACE));
            long before = after;
            for (LogEntry entry : page.entries()) {
                assertThat(entry.sequence()).as("numbers rise").isGreaterThan(before);
                before = entry.sequence();
                whole(entry, lastOf);
                got++;
            }
            missed += page.missed();
            assertThat(page.next()).as("a reader never goes back").isGreaterThanOrEqualTo(before);
            assertThat(got + missed).as("got and missed, up to %d", page.next()).isEqualTo(page.next());
            after = page.next();
            if (done && page.entries().isEmpty() && page.missed() == 0) {
                if (last) {
                    break;
                }
                last = true;
            }
        }
        assertThat(got + missed).as("got %d and missed %d of all", got, missed).isEqualTo(expected);
    }

    private static void whole(LogEntry entry, int[] lastOf) {
        String[] parts = entry.message().split(" ");
        int writer = Integer.parseInt(parts[0]);
        int number = Integer.parseInt(parts[1]);
        assertThat(entry.logger()).as("the logger of %s", entry).isEqualTo("writer-" + writer);
        assertThat(entry.at()).as("the time of %s", entry).isEqualTo(LogEntries.START.plusNanos(number));
        assertThat(entry.fields())
                .as("the fields of %s", entry)
                .containsEntry("checksum", Integer.toString((entry.message() + writer).hashCode()));
        assertThat(number).as("entries of one writer in their order, once").isGreaterThan(lastOf[writer]);
        lastOf[writer] = number;
    }

    private static void count(Ring ring, AtomicBoolean written) {
        LogRing.Counts before = ring.counts();
        boolean done;
        do {
            done = written.get();
            LogRing.Counts counts = ring.counts();
            assertThat(counts.written()).as("written == kept + lost").isEqualTo(counts.kept() + counts.lost());
            assertThat(counts.written()).as("written never falls").isGreaterThanOrEqualTo(before.written());
            assertThat(counts.lost()).as("lost never falls").isGreaterThanOrEqualTo(before.lost());
            LogPage all = ring.read(new LogQuery(Integer.MAX_VALUE, LogLevel.TRACE));
            assertThat(all.written()).isGreaterThanOrEqualTo(all.entries().size() + counts.lost());
            before = counts;
        } while (!done);
        LogRing.Counts end = ring.counts();
        assertThat(ring.read(new LogQuery(Integer.MAX_VALUE, LogLevel.TRACE)).entries())
                .as("what is kept in the end can be read")
                .hasSize((int) end.kept());
    }

    @Test
    void entriesAreWholeOnceAndInOrderAndWhatIsMissedIsToldExactly() throws Exception {
        LogRing small = new LogRing(200 * LogRing.bytes(entry(0, 10_000)));
        check(right(small), EACH);
        assertThat(small.counts().written()).isEqualTo((long) WRITERS * EACH);
        assertThat(small.counts().bytes()).isLessThanOrEqualTo(200 * LogRing.bytes(entry(0, 10_000)));
    }

    @Test
    void aRingOfAFewEntriesInWhichReadersAreOvertakenAllTheTimeIsRightToo() throws Exception {
        check(right(new LogRing(3 * LogRing.bytes(entry(0, 10_000)))), EACH);
    }

    @Test
    void aRingInWhichEverythingFitsLosesNothing() throws Exception {
        LogRing large = new LogRing(1L << 30);
        check(right(large), 10_000);
        assertThat(large.counts().lost()).isZero();
        assertThat(large.counts().kept()).isEqualTo(WRITERS * 10_000L);
    }

    /** Threads that take turns on a busy machine may not meet in one run; in many they do. */
    private static void caught(Supplier<Ring> wrong) throws Exception {
        for (int run = 0; run < RUNS_TO_CATCH; run++) {
            try {
                check(wrong.get(), EACH);
            } catch (ExecutionException e) {
                assertThat(e).hasRootCauseInstanceOf(AssertionError.class);
                return;
            }
        }
        fail("not caught in %d runs", RUNS_TO_CATCH);
    }

    /** A ring of slots, right but for what subclasses get wrong; one lock keeps the rest simple. */
    private static class Slots implements Ring {
        static final int SIZE = 200;
        final AtomicReferenceArray<LogEntry> slots = new AtomicReferenceArray<>(SIZE);
        final AtomicLong written = new AtomicLong();

        @Override
        public synchronized void add(LogEntry entry) {
            put(written.get(), entry);
            written.incrementAndGet();
        }

        /** Widens the gap in which the others see what a wrong ring does. */
        static void pause(long sequence) {
            if (sequence % 50 == 0) {
                LockSupport.parkNanos(200_000);
            }
        }

        void put(long sequence, LogEntry entry) {
            slots.set((int) (sequence % SIZE), entry);
        }

        @Override
        public synchronized LogPage read(LogQuery query) {
            return readFrom(query, 0);
        }

        LogPage readFrom(LogQuery query, long wrong) {
            long end = written.get();
            long first = Math.max(0, end - SIZE);
            long after = Math.max(query.after().orElse(0), first);
            long missed = query.after().isPresent() ? after - query.after().getAsLong() : 0;
            List<LogEntry> entries = new ArrayList<>();
            beforeEntriesAreRead();
            for (long i = after; i < end && entries.size() < query.limit(); i++) {
                LogEntry entry = slots.get((int) (i % SIZE));
                if (entry != null) {
                    entries.add(new LogEntry(
                            entry.at(),
                            entry.level(),
                            entry.logger(),
                            entry.message(),
                            entry.fields(),
                            "",
                            "",
                            i + 1,
                            1));
                }
            }
            long next = query.after().isPresent() ? Math.min(end, after + query.limit()) : end;
            return new LogPage(entries, next, Math.max(0, missed - wrong), end, first);
        }

        void beforeEntriesAreRead() {}

        @Override
        public synchronized LogRing.Counts counts() {
            long end = written.get();
            long lost = Math.max(0, end - SIZE);
            return new LogRing.Counts(end, end - lost, lost, 0, 0);
        }
    }

    @Test
    void theRingThatTheWrongOnesAreMadeOfIsRight() throws Exception {
        check(new Slots(), EACH);
    }

    @Test
    void aRingWhoseWritersOverwriteEachOtherIsCaught() throws Exception {
        caught(() -> new Slots() {
            @Override
            public void add(LogEntry entry) {
                long sequence = written.get();
                put(sequence, entry);
                pause(sequence);
                written.set(sequence + 1);
            }
        });
    }

    @Test
    void aRingThatCountsAnEntryBeforeItCanBeReadIsCaught() throws Exception {
        caught(() -> new Slots() {
            @Override
            public void add(LogEntry entry) {
                long sequence = written.getAndIncrement();
                pause(sequence);
                put(sequence, entry);
            }
        });
    }

    @Test
    void aRingWhoseReaderDoesNotNoticeThatItWasOvertakenIsCaught() throws Exception {
        caught(() -> new Slots() {
            @Override
            public LogPage read(LogQuery query) {
                return readFrom(query, 0);
            }

            @Override
            void beforeEntriesAreRead() {
                LockSupport.parkNanos(200_000);
            }
        });
    }

    @Test
    void aRingThatForgetsOneLostEntryInAWhileIsCaught() throws Exception {
        caught(() -> new Slots() {
            @Override
            public synchronized LogPage read(LogQuery query) {
                return readFrom(query, 1);
            }
        });
    }

    @Test
    void aRingThatTellsAnEntryTwiceIsCaught() throws Exception {
        caught(() -> new Slots() {
            @Override
            public synchronized LogPage read(LogQuery query) {
                long after = query.after().orElse(0);
                boolean close = after > 0 && written.get() - after < SIZE / 2;
                return super.read(close ? LogQuery.after(after - 1, query.limit(), query.level()) : query);
            }
        });
    }

    @Test
    void aRingWhoseEntriesAreFilledInAfterwardsIsCaught() throws Exception {
        caught(() -> new Slots() {
            @Override
            public void add(LogEntry entry) {
                long sequence;
                synchronized (this) {
                    LogEntry half = new LogEntry(
                            entry.at(), entry.level(), entry.logger(), entry.message(), Map.of("checksum", ""));
                    sequence = written.getAndIncrement();
                    put(sequence, half);
                }
                pause(sequence);
                put(sequence, entry);
            }
        });
    }

    @Test
    void aRingWhoseCountsAreOfDifferentMomentsIsCaught() throws Exception {
        caught(() -> new Slots() {
            @Override
            public LogRing.Counts counts() {
                long lost = Math.max(0, written.get() - SIZE);
                Thread.yield();
                long kept = Math.min(written.get(), SIZE);
                return new LogRing.Counts(written.get(), kept, lost, 0, 0);
            }
        });
    }
}
