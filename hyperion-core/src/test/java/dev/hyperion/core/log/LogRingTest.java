// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.log;

import static dev.hyperion.core.log.LogEntries.info;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.monitoring.LogEntry;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.monitoring.LogPage;
import dev.hyperion.monitoring.LogQuery;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogRingTest {
    private static final LogEntry TEN = info("0123456789");

    /** Of so many entries as {@link #TEN}. */
    private static LogRing ringOf(int entries) {
        return new LogRing(entries * LogRing.bytes(TEN));
    }

    private static LogEntry numbered(int i) {
        return info("entry %4d".formatted(i));
    }

    private static List<String> messages(LogPage page) {
        return page.entries().stream().map(LogEntry::message).toList();
    }

    @Test
    void anEmptyRingHasNothingAndLostNothing() {
        LogPage page = ringOf(3).read(LogQuery.after(0, 10, LogLevel.TRACE));

        assertThat(page).isEqualTo(new LogPage(List.of(), 0, 0, 0, 0));
    }

    @Test
    void theNewestAreToldOldestFirst() {
        LogRing ring = ringOf(100);
        for (int i = 1; i <= 10; i++) {
            ring.add(numbered(i));
        }

        LogPage page = ring.read(new LogQuery(3, LogLevel.TRACE));

        assertThat(messages(page)).containsExactly("entry    8", "entry    9", "entry   10");
        assertThat(page.entries()).extracting(LogEntry::sequence).containsExactly(8L, 9L, 10L);
    }

    @Test
    void theOldestMakeRoomAndAreCounted() {
        LogRing ring = ringOf(4);
        for (int i = 1; i <= 10; i++) {
            ring.add(numbered(i));
        }

        assertThat(messages(ring.read(new LogQuery(100, LogLevel.TRACE))))
                .containsExactly("entry    7", "entry    8", "entry    9", "entry   10");
        assertThat(ring.counts()).isEqualTo(new LogRing.Counts(10, 4, 6, 0, 4 * LogRing.bytes(TEN)));
    }

    @Test
    void aLargeEntryPushesOutAsManyAsItNeeds() {
        LogRing ring = ringOf(4);
        for (int i = 1; i <= 4; i++) {
            ring.add(numbered(i));
        }
        ring.add(info("x".repeat(10 + (int) LogRing.bytes(TEN) / 2)));

        assertThat(ring.counts().kept()).isEqualTo(3); // the large one for two, and two others
        assertThat(ring.counts().bytes()).isLessThanOrEqualTo(4 * LogRing.bytes(TEN));
    }

    @Test
    void anEntryThatIsLargerThanTheRingIsLostAndCounted() {
        LogRing ring = ringOf(2);
        ring.add(info("x".repeat(10_000)));

        assertThat(ring.counts()).isEqualTo(new LogRing.Counts(1, 0, 1, 0, 0));
        ring.add(TEN);
        assertThat(ring.counts().kept()).isEqualTo(1);
    }

    @Test
    void whatWasDroppedBeforeTheRingIsLostToo() {
        LogRing ring = ringOf(2);
        ring.add(TEN);
        ring.dropped(5);

        assertThat(ring.counts().written()).isEqualTo(6);
        assertThat(ring.counts().lost()).isEqualTo(5);
        assertThat(ring.counts().kept()).isEqualTo(1);
    }

    @Test
    void whoPagesMissesNothingAndSeesNothingTwice() {
        LogRing ring = ringOf(100);
        for (int i = 1; i <= 10; i++) {
            ring.add(numbered(i));
        }

        LogPage first = ring.read(LogQuery.after(0, 4, LogLevel.TRACE));
        LogPage second = ring.read(LogQuery.after(first.next(), 4, LogLevel.TRACE));
        LogPage third = ring.read(LogQuery.after(second.next(), 4, LogLevel.TRACE));
        LogPage fourth = ring.read(LogQuery.after(third.next(), 4, LogLevel.TRACE));

        assertThat(messages(first)).startsWith("entry    1").hasSize(4);
        assertThat(messages(second)).startsWith("entry    5").hasSize(4);
        assertThat(messages(third)).containsExactly("entry    9", "entry   10");
        assertThat(fourth.entries()).isEmpty();
        assertThat(fourth.next()).isEqualTo(10);
    }

    @Test
    void whoComesLateIsToldExactlyHowManyWereMissed() {
        LogRing ring = ringOf(4);
        for (int i = 1; i <= 10; i++) {
            ring.add(numbered(i));
        }

        LogPage page = ring.read(LogQuery.after(2, 100, LogLevel.TRACE));

        assertThat(page.missed()).isEqualTo(4); // 3, 4, 5 and 6
        assertThat(page.entries()).extracting(LogEntry::sequence).containsExactly(7L, 8L, 9L, 10L);
    }

    @Test
    void aLevelThatIsNotWantedIsPassedOver() {
        LogRing ring = ringOf(100);
        ring.add(LogEntries.entry(0, LogLevel.DEBUG, "a", "a"));
        ring.add(LogEntries.entry(0, LogLevel.ERROR, "b", "b"));
        ring.add(LogEntries.entry(0, LogLevel.DEBUG, "c", "c"));

        LogPage page = ring.read(LogQuery.after(0, 10, LogLevel.WARN));

        assertThat(messages(page)).containsExactly("b");
        assertThat(page.next()).isEqualTo(3);
        assertThat(page.missed()).isZero();
    }

    @Test
    void aNumberOfBeforeARestartGetsEverything() {
        LogRing ring = ringOf(4);
        ring.add(TEN);

        LogPage page = ring.read(LogQuery.after(5_000, 10, LogLevel.TRACE));

        assertThat(page.entries()).hasSize(1);
        assertThat(page.next()).isEqualTo(1);
    }

    /** The estimate is an upper bound for the worst script and for fields: measured on the heap, not taken on trust. */
    @Test
    void whatIsKeptTakesNoMoreMemoryThanTheLimit() {
        int limit = 8 << 20;
        LogRing ring = new LogRing(limit);
        long before = used();
        for (int i = 0; i < 60_000; i++) {
            ring.add(new LogEntry(
                    LogEntries.START.plusMillis(i),
                    LogLevel.INFO,
                    "shop",
                    "注文 %d を受け付けました".formatted(i),
                    Map.of("order", Integer.toString(i), "client", "10.0.0." + i)));
        }
        long taken = used() - before;

        assertThat(ring.counts().bytes()).isBetween(limit - 10_000L, (long) limit);
        assertThat(ring.counts().kept()).isGreaterThan(8_000);
        assertThat(taken).isLessThan(limit + (limit >> 4)); // what else the JVM did meanwhile
    }

    private static long used() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void aRingWithoutRoomIsRefused() {
        assertThatThrownBy(() -> new LogRing(0)).hasMessageContaining("log bytes are 0; expected 1 or more");
    }
}
