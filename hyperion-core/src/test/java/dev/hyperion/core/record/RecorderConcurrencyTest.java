// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RecorderConcurrencyTest {
    private static final int THREADS = 8;
    private static final int PER_THREAD = 200_000;

    @Test
    void nothingIsLostAndTheSumIsExactWhileManyThreadsRecordDurations() throws Exception {
        LatencyRecorder recorder = new LatencyRecorder();

        List<HistogramCopy> seen = whileReading(recorder::copy, thread -> {
            for (int i = 0; i < PER_THREAD; i++) {
                recorder.record((thread + 1) * 1_000L + i % 1_000_003);
            }
        });

        long sum = 0;
        for (int thread = 0; thread < THREADS; thread++) {
            for (int i = 0; i < PER_THREAD; i++) {
                sum += (thread + 1) * 1_000L + i % 1_000_003;
            }
        }
        assertThat(recorder.copy().count()).isEqualTo((long) THREADS * PER_THREAD);
        assertThat(recorder.copy().sum()).isEqualTo(sum);
        assertMonotone(seen);
    }

    /** One value throughout: every snapshot's sum must then be exactly count times that value, or it tore a record. */
    @Test
    void eachSnapshotTakenDuringWritesAgreesWithItself() throws Exception {
        LatencyRecorder recorder = new LatencyRecorder();
        long value = 3_599_999_999_999L; // the page with the fewest count bits, so that drains happen too

        List<HistogramCopy> seen = whileReading(recorder::copy, thread -> {
            for (int i = 0; i < PER_THREAD; i++) {
                recorder.record(value);
            }
        });

        assertThat(seen).allSatisfy(copy -> assertThat((long) copy.sum()).isEqualTo(sumOf(copy.count(), value)));
        assertMonotone(seen);
        assertThat(recorder.copy().count()).isEqualTo((long) THREADS * PER_THREAD);
    }

    private static long sumOf(long count, long value) {
        return (long) (double) (count * value);
    }

    @Test
    void valueSnapshotsAgreeWhileBucketsAreDrainedAllTheTime() throws Exception {
        ValueRecorder recorder = new ValueRecorder();
        double value = 1 + 0x1p-7 + 0x1p-20;

        List<HistogramCopy> seen = whileReading(recorder::copy, thread -> {
            for (int i = 0; i < PER_THREAD; i++) {
                recorder.record(value);
            }
        });

        assertThat(seen).allSatisfy(copy -> assertThat(copy.sum()).isEqualTo(copy.count() * value));
        assertMonotone(seen);
        assertThat(recorder.copy().count()).isEqualTo((long) THREADS * PER_THREAD);
    }

    /** Ended before the question, so it is in what was copied after the last answer, if that is the answer again. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noRecordHidesBehindAnAnswerThatNothingChanged(boolean owned) throws Exception {
        LatencyRecorder recorder = owned ? owned() : new LatencyRecorder();
        AtomicLong ended = new AtomicLong(recorder.recorded());
        long[] changes = {-1};
        long[] copied = {0};

        List<HistogramCopy> seen = whileReading(
                () -> {
                    long atLeast = ended.get();
                    long now = recorder.changes();
                    if (now == changes[0]) {
                        assertThat(copied[0]).isGreaterThanOrEqualTo(atLeast);
                    }
                    changes[0] = now;
                    copied[0] = recorder.recorded();
                    return HistogramCopy.empty(HistogramCopy.Scale.NANOS);
                },
                thread -> {
                    for (int i = 0; i < PER_THREAD / 20; i++) {
                        recorder.record(i % 100 == 0 ? 1L << 43 : i); // beyond the last page takes another way
                        ended.incrementAndGet();
                        Thread.yield(); // so that there are moments without a record
                    }
                });

        assertThat(seen).isNotEmpty();
        assertThat(recorder.changes()).isEqualTo(recorder.changes());
        assertThat(copied[0]).isEqualTo(ended.get());
    }

    @Test
    void eachRecordChangesTheAnswerOnceItHasBeenAsked() {
        LatencyRecorder times = new LatencyRecorder();
        ValueRecorder values = new ValueRecorder();
        for (int exponent = 0; exponent < 63; exponent++) { // every page, and what is beyond them
            long timesBefore = times.changes();
            long valuesBefore = values.changes();
            assertThat(times.changes()).isEqualTo(timesBefore);
            assertThat(values.changes()).isEqualTo(valuesBefore);

            times.record(1L << exponent);
            values.record(Math.scalb(1.0, 16 * (exponent - 31)));

            assertThat(times.changes()).isGreaterThan(timesBefore);
            assertThat(values.changes()).isGreaterThan(valuesBefore);
        }
    }

    /** Readers come once a second: what they see less than a million records between is not worth more memory. */
    @Test
    void oneThreadOwnsALaneOnlyWhenItRecordsAMillionTimesBetweenReaders() {
        LatencyRecorder busy = new LatencyRecorder();
        for (int visit = 0; visit < 20; visit++) {
            busy.changes();
            for (int i = 0; i < 600_000; i++) {
                busy.record(1_000_000 + i);
            }
        }
        assertThat(busy.isOwned()).isFalse();

        LatencyRecorder busier = new LatencyRecorder();
        long records = recordWithVisits(busier, 4, busier::isOwned);
        assertThat(busier.isOwned()).isTrue();
        assertThat(busier.recorded()).isEqualTo(records);
    }

    @Test
    void aRecorderWithOwnersTellsChangesOnlyWhenSomethingWasRecorded() {
        LatencyRecorder recorder = owned();
        long before = recorder.changes();
        assertThat(recorder.changes()).isEqualTo(before);

        recorder.record(1_000_000); // in the lane of this thread
        long after = recorder.changes();
        assertThat(after).isGreaterThan(before);

        recorder.record(1); // far from it
        assertThat(recorder.changes()).isGreaterThan(after);
        assertThat(recorder.changes()).isEqualTo(recorder.changes());
    }

    @Test
    void lanesOfThreadsThatHaveEndedGoToOthersWithAllThatIsInThem() throws Exception {
        LatencyRecorder recorder = owned();
        long before = recorder.recorded();
        int generations = 200;
        int each = 5_000;
        for (int g = 0; g < generations; g++) {
            Thread[] threads = new Thread[4];
            for (int t = 0; t < threads.length; t++) {
                threads[t] = new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        recorder.record(1_000_000 + i);
                    }
                });
                threads[t].start();
            }
            for (Thread thread : threads) {
                thread.join(10_000);
            }
        }

        assertThat(recorder.recorded() - before).isEqualTo((long) generations * 4 * each);
        assertThat(recorder.copy().count()).isEqualTo(recorder.recorded());
    }

    /** Buckets of values are drained every 256 records, faster than a reader gets through all of them. */
    @Test
    void readersGetTheirCopiesWhileBucketsAreDrainedWithoutAPause() throws Exception {
        ValueRecorder recorder = new ValueRecorder();
        double value = 1 + 0x1p-7 + 0x1p-20;
        AtomicBoolean enough = new AtomicBoolean();
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            for (int t = 0; t < THREADS; t++) {
                pool.execute(() -> {
                    while (!enough.get()) {
                        recorder.record(value);
                    }
                });
            }
            long last = 0;
            while (last < 100_000_000) {
                HistogramCopy copy = recorder.copy();
                assertThat(copy.sum()).isEqualTo(copy.count() * value);
                assertThat(copy.count()).isGreaterThanOrEqualTo(last);
                last = recorder.recorded();
                assertThat(last).isGreaterThanOrEqualTo(copy.count());
                assertThat(recorder.changes()).isPositive();
            }
        } finally {
            enough.set(true);
            pool.shutdown();
        }
        assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(recorder.copy().count()).isEqualTo(recorder.recorded());
    }

    /** The turn to count itself must not come more often for round numbers, or one thread looks like a thousand times as many. */
    @ParameterizedTest
    @ValueSource(longs = {1, 1_000, 1_000_000, 1_048_576})
    void roundNumbersAreNoMoreRecordsThanOthers(long unit) {
        LatencyRecorder times = new LatencyRecorder();
        ValueRecorder values = new ValueRecorder();
        for (int visit = 0; visit < 5; visit++) {
            times.changes();
            values.changes();
            for (int i = 0; i < 300_000; i++) {
                times.record((1 + i % 1_000) * unit);
                values.record((1 + i % 1_000) * unit);
            }
        }
        assertThat(times.isOwned()).isFalse();
        assertThat(values.isOwned()).isFalse();
    }

    /** Who owns a lane is decided by the thread itself: a subclass may tell any id, another's as well. */
    @Test
    void threadsThatTellTheSameIdLoseNothing() throws Exception {
        LatencyRecorder recorder = owned();
        long before = recorder.recorded();
        Thread[] threads = new Thread[THREADS];
        for (int t = 0; t < threads.length; t++) {
            threads[t] = new Thread() {
                @Override
                public void run() {
                    for (int i = 0; i < PER_THREAD; i++) {
                        recorder.record(1_000_000);
                    }
                }

                @Override
                @SuppressWarnings("deprecation") // threadId() replaces it only from Java 19 on
                public long getId() {
                    return 7;
                }
            };
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join(50_000);
        }

        assertThat(recorder.recorded() - before).isEqualTo((long) THREADS * PER_THREAD);
    }

    /** One of which this thread owns a lane. */
    private static LatencyRecorder owned() {
        LatencyRecorder recorder = new LatencyRecorder();
        recordWithVisits(recorder, 4, recorder::isOwned);
        assertThat(recorder.isOwned()).isTrue();
        return recorder;
    }

    @Test
    void threadsThatRecordAtTheSameTimeOwnLanes() throws Exception {
        assumeThat(Runtime.getRuntime().availableProcessors()).isGreaterThan(1);
        LatencyRecorder shared = new LatencyRecorder();
        AtomicLong recorded = new AtomicLong();
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                writers.add(pool.submit(() -> recorded.addAndGet(recordWithVisits(shared, 500, shared::isOwned))));
            }
            for (Future<?> each : writers) {
                each.get(120, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(shared.isOwned()).isTrue();
        assertThat(shared.recorded()).isEqualTo(recorded.get());
    }

    /** Asks for changes as the ticks of windows do: seldom, in the number of records. Tells how many there were. */
    private static long recordWithVisits(LatencyRecorder recorder, int most, BooleanSupplier enough) {
        long records = 0;
        for (int visits = 0; visits < most; visits++) {
            recorder.changes();
            for (int i = 0; i < 2_000_000; i++) {
                if (i % 1_000 == 0 && enough.getAsBoolean()) {
                    return records + i;
                }
                recorder.record(1_000_000 + i);
            }
            records += 2_000_000;
        }
        return records;
    }

    private static void assertMonotone(List<HistogramCopy> seen) {
        for (int i = 1; i < seen.size(); i++) {
            assertThat(seen.get(i).minus(seen.get(i - 1)).count()).isNotNegative();
            assertThat(seen.get(i).sum()).isGreaterThanOrEqualTo(seen.get(i - 1).sum());
        }
    }

    private interface Writer {
        void write(int thread);
    }

    private static List<HistogramCopy> whileReading(Supplier<HistogramCopy> reader, Writer writer) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS + 1);
        try {
            CountDownLatch go = new CountDownLatch(1);
            AtomicBoolean done = new AtomicBoolean();
            List<Future<?>> writers = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int thread = t;
                writers.add(pool.submit(() -> {
                    go.await();
                    writer.write(thread);
                    return null;
                }));
            }
            Future<List<HistogramCopy>> copies = pool.submit(() -> {
                List<HistogramCopy> seen = new ArrayList<>();
                boolean last;
                do {
                    last = done.get(); // before the read: the last one is to see everything
                    seen.add(reader.get());
                } while (!last);
                return seen;
            });
            go.countDown();
            for (Future<?> each : writers) {
                each.get(50, TimeUnit.SECONDS);
            }
            done.set(true);
            return copies.get(10, TimeUnit.SECONDS);
        } finally {
            pool.shutdownNow();
        }
    }
}
