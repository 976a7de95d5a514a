// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.log;

import static dev.hyperion.core.log.LogEntries.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RepetitionsTest {
    private final List<LogEntry> told = new ArrayList<>();
    private final Repetitions repetitions = new Repetitions(Duration.ofSeconds(1), 3, told::add);

    private static LogEntry refused(long millis) {
        return entry(millis, LogLevel.ERROR, "connection refused", "connection refused");
    }

    @Test
    void theFirstIsToldAtOnceAndTheRestAsOneEntryWithTheirNumber() {
        for (int i = 0; i < 500; i++) {
            repetitions.take(refused(i));
        }
        assertThat(told).hasSize(1);

        repetitions.tick(LogEntries.START.plusMillis(999));
        assertThat(told).hasSize(1);

        repetitions.tick(LogEntries.START.plusMillis(1_000));
        assertThat(told).extracting(LogEntry::occurrences).containsExactly(1L, 499L);
        assertThat(told.get(1).at()).isEqualTo(LogEntries.START.plusMillis(499));
        assertThat(told.get(1).message()).isEqualTo("connection refused");
    }

    @Test
    void whatHappenedOnceIsToldOnce() {
        repetitions.take(refused(0));
        repetitions.tick(LogEntries.START.plusSeconds(5));

        assertThat(told).hasSize(1);
    }

    @Test
    void theNextOneAfterTheWindowTellsTheCountAndThenItself() {
        repetitions.take(refused(0));
        repetitions.take(refused(10));
        repetitions.take(refused(2_000));

        assertThat(told)
                .extracting(each -> each.at().toEpochMilli() - LogEntries.START.toEpochMilli())
                .containsExactly(0L, 10L, 2_000L);
        assertThat(told).extracting(LogEntry::occurrences).containsExactly(1L, 1L, 1L);
    }

    @Test
    void aFewOfOneTemplateWithDifferentMessagesAreKept() {
        for (int i = 0; i < 10; i++) {
            repetitions.take(entry(i, LogLevel.INFO, "order {} came", "order " + i + " came"));
        }
        repetitions.flush();

        assertThat(told)
                .extracting(LogEntry::message)
                .containsExactly("order 0 came", "order 1 came", "order 2 came", "order 9 came");
        assertThat(told).extracting(LogEntry::occurrences).containsExactly(1L, 1L, 1L, 7L);
    }

    @Test
    void anotherLevelLoggerOrTemplateIsNoRepetition() {
        repetitions.take(entry(0, LogLevel.ERROR, "a", "a"));
        repetitions.take(entry(0, LogLevel.WARN, "a", "a"));
        repetitions.take(entry(0, LogLevel.ERROR, "b", "b"));
        repetitions.take(new LogEntry(LogEntries.START, LogLevel.ERROR, "other", "a", java.util.Map.of()));

        assertThat(told).hasSize(4);
    }

    @Test
    void aClockThatIsSetBackBeginsANewWindow() {
        repetitions.take(refused(0));
        repetitions.take(refused(-5_000));

        assertThat(told).hasSize(2);
    }

    @Test
    void aWindowOfZeroKeepsEachOnItsOwn() {
        Repetitions none = new Repetitions(Duration.ZERO, 1, told::add);
        none.take(refused(0));
        none.take(refused(0));

        assertThat(told).hasSize(2);
    }

    @Test
    void twoTemplatesThatTakeTheirPlaceFromEachOtherLoseNothing() {
        String one = "Aa";
        String other = "BB"; // of the same hash
        for (int i = 0; i < 100; i++) {
            repetitions.take(entry(i, LogLevel.INFO, one, one));
            repetitions.take(entry(i, LogLevel.INFO, other, other));
        }
        repetitions.flush();

        assertThat(told.stream().mapToLong(LogEntry::occurrences).sum()).isEqualTo(200);
    }

    @Test
    void noOccurrenceIsToldTwiceOrNotAtAllHoweverManyThreadsRepeatItWhileWindowsEnd() throws Exception {
        AtomicLong occurrences = new AtomicLong();
        AtomicLong entries = new AtomicLong();
        Repetitions shared = new Repetitions(Duration.ofMillis(5), 2, entry -> {
            occurrences.addAndGet(entry.occurrences());
            entries.incrementAndGet();
        });
        int threads = 6;
        int each = 100_000;
        ExecutorService pool = Executors.newFixedThreadPool(threads + 1);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                all.add(pool.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        // time goes on by a window every 500 entries, and differs a little between threads
                        shared.take(entry(i / 100, LogLevel.INFO, "Aa", i % 7 == 0 ? "x" + i : "Aa"));
                        if (i % 50 == 0) {
                            shared.take(entry(i / 100, LogLevel.INFO, "BB", "BB"));
                        }
                        if (i % 300 == 0) {
                            shared.tick(LogEntries.START.plusMillis(i / 100));
                        }
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            pool.shutdownNow();
        }
        shared.flush();

        assertThat(occurrences.get()).isEqualTo((long) threads * (each + each / 50));
        assertThat(entries.get()).isLessThan(occurrences.get() / 2);
    }
}
