// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.core.registry.HyperionMeterRegistry;
import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.monitoring.LogPage;
import dev.hyperion.monitoring.LogQuery;
import io.micrometer.core.instrument.MockClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LogBookTest {
    private final HyperionMeterRegistry meters = new HyperionMeterRegistry(new MockClock());
    private final LogBook book = new LogBook(new LogSettings(1 << 20, 100, 200, Duration.ofSeconds(1), 5), meters);

    private List<LogEntry> kept() {
        return book.read(new LogQuery(1_000_000, LogLevel.TRACE)).entries();
    }

    private double counted(String level) {
        return meters.get("log.entries").tag("level", level).counter().count();
    }

    @Test
    void aMessageThatIsTooLongIsCutAndMarked() {
        book.log(LogEntries.info("x".repeat(1_100)));

        assertThat(kept().get(0).message()).isEqualTo("x".repeat(100) + "… [1000 more characters]");
    }

    @Test
    void aStackThatIsTooLongIsCutAndMarked() {
        book.log(new LogEntry(
                LogEntries.START, LogLevel.ERROR, "shop", "failed", Map.of(), "failed", "y".repeat(201), 0, 1));

        assertThat(kept().get(0).stack()).isEqualTo("y".repeat(200) + "… [1 more characters]");
    }

    @Test
    void aCutNeverLeavesHalfACharacter() {
        book.log(LogEntries.info("x".repeat(99) + "😀".repeat(10)));

        assertThat(kept().get(0).message()).isEqualTo("x".repeat(99) + "… [20 more characters]");
    }

    @Test
    void fieldsAreBoundedInNumberAndLength() {
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i < 50; i++) {
            fields.put("name%02d".formatted(i), "v".repeat(1_000));
        }
        book.log(new LogEntry(LogEntries.START, LogLevel.INFO, "shop", "many", fields));

        assertThat(kept().get(0).fields())
                .hasSize(33)
                .containsEntry("more_fields", "18")
                .containsEntry("name00", "v".repeat(100) + "… [900 more characters]");
    }

    @Test
    void everyOccurrenceIsCountedByItsLevelEvenIfItIsNotKept() {
        for (int i = 0; i < 1_000; i++) {
            book.log(LogEntries.entry(0, LogLevel.ERROR, "no answer", "no answer"));
        }
        book.log(LogEntries.entry(0, LogLevel.WARN, "slow", "slow"));
        book.tick(LogEntries.START.plusSeconds(1));

        assertThat(counted("error")).isEqualTo(1_000);
        assertThat(counted("warn")).isEqualTo(1);
        assertThat(counted("info")).isZero();
        assertThat(kept().stream()
                        .filter(entry -> entry.level() == LogLevel.ERROR)
                        .mapToLong(LogEntry::occurrences)
                        .sum())
                .isEqualTo(1_000);
        assertThat(kept()).hasSize(3);
    }

    @Test
    void whatIsLostIsAGauge() {
        for (int i = 0; i < 20_000; i++) {
            book.log(LogEntries.info("entry " + i));
        }
        book.dropped(7);
        LogPage page = book.read(new LogQuery(1_000_000, LogLevel.TRACE));

        assertThat(page.lost()).isGreaterThan(7);
        assertThat(page.written()).isEqualTo(20_007);
        assertThat(page.entries()).hasSize((int) (page.written() - page.lost()));
        assertThat(meters.get("log.entries.lost").gauge().value()).isEqualTo(page.lost());
    }

    /** 10,000 entries in a second of the entries' own time, from several threads, while somebody reads: none is unaccounted for. */
    @Test
    void tenThousandEntriesOfASecondAreAllAccountedFor() throws Exception {
        int threads = 4;
        CountDownLatch done = new CountDownLatch(threads);
        for (int t = 0; t < threads; t++) {
            int thread = t;
            Thread writer = new Thread(() -> {
                for (int i = 0; i < 2_500; i++) {
                    String message = i % 2 == 0 ? "request failed" : "order " + i + " of " + thread;
                    book.log(LogEntries.entry(i * 2L / 5, LogLevel.INFO, message, message));
                }
                done.countDown();
            });
            writer.start();
        }
        long after = 0;
        long missed = 0;
        long occurrences = 0;
        boolean end = false;
        while (true) {
            LogPage page = book.read(LogQuery.after(after, 500, LogLevel.TRACE));
            missed += page.missed();
            after = page.next();
            occurrences +=
                    page.entries().stream().mapToLong(LogEntry::occurrences).sum();
            if (end && page.entries().isEmpty()) {
                break;
            }
            if (!end && done.await(1, TimeUnit.MILLISECONDS)) {
                book.close();
                end = true;
            }
        }

        assertThat(missed).isZero();
        assertThat(occurrences).isEqualTo(10_000);
        assertThat(counted("info")).isEqualTo(10_000);
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new LogSettings(1, 100, 100, Duration.ofSeconds(1), 5))
                .hasMessage("log bytes is 1; expected 262144 or more");
        assertThatThrownBy(() -> new LogSettings(1 << 20, 10, 100, Duration.ofSeconds(1), 5))
                .hasMessage("log longest message is 10; expected 100 to 16384");
        assertThatThrownBy(() -> new LogSettings(1 << 20, 100, 100, Duration.ofSeconds(1), 0))
                .hasMessage("log alike is 0; expected 1 or more");
    }
}
