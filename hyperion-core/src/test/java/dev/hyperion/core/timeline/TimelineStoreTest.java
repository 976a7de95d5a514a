// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hyperion.HyperionException;
import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.record.LatencyRecorder;
import dev.hyperion.monitoring.Distribution;
import dev.hyperion.tck.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimelineStoreTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Resolution FINE = new Resolution(SECOND, Duration.ofSeconds(60));
    private static final Resolution MIDDLE = new Resolution(Duration.ofSeconds(10), Duration.ofMinutes(10));
    private static final Resolution COARSE = new Resolution(Duration.ofMinutes(1), Duration.ofHours(2));
    private static final List<Resolution> RESOLUTIONS = List.of(FINE, MIDDLE, COARSE);

    @TempDir
    private Path folder;

    private final VirtualTime time = new VirtualTime();
    private final AtomicInteger failures = new AtomicInteger();

    private TimelineStore open(Optional<Path> where) {
        return open(where, Runnable::run);
    }

    private TimelineStore open(Optional<Path> where, Executor executor) {
        return new TimelineStore(
                new TimelineSettings(RESOLUTIONS, where), series -> true, executor, time, failures::incrementAndGet);
    }

    /** A second passes in which the counter gained so much. */
    private void second(TimelineStore store, double gained) {
        time.advance(SECOND);
        store.take(time.now().minusMillis(500), SECOND, Map.of("n", new Slot.Counted(gained, SECOND)));
    }

    private List<TimelineStore.Closed> read(TimelineStore store, Resolution resolution) {
        return store.read("n", resolution, time.now().minus(resolution.kept()), time.now(), resolution.every());
    }

    private static List<Double> counts(List<TimelineStore.Closed> closed) {
        return closed.stream().map(each -> ((Slot.Counted) each.slot()).count()).toList();
    }

    @Test
    void aSlotIsThereAsSoonAsItsLastTickHasBeen() {
        TimelineStore store = open(Optional.empty());

        for (int i = 1; i <= 20; i++) {
            second(store, i);
        }

        assertThat(counts(read(store, FINE))).hasSize(20).endsWith(19.0, 20.0);
        assertThat(counts(read(store, MIDDLE))).containsExactly(55.0, 155.0);
        assertThat(read(store, MIDDLE).get(1).end()).isEqualTo(time.now());
    }

    @Test
    void ticksThatComeALittleLateOrEarlyMissNoSlot() {
        TimelineStore store = open(Optional.empty());
        Random random = new Random(5);
        Instant start = time.now();

        for (int i = 1; i <= 50; i++) {
            Instant at = start.plusSeconds(i).plusMillis(random.nextInt(600) - 300);
            store.take(at.minusMillis(500), SECOND, Map.of("n", new Slot.Counted(1, SECOND)));
        }
        time.advance(Duration.ofSeconds(51));

        assertThat(counts(read(store, FINE))).hasSize(50).containsOnly(1.0);
    }

    @Test
    void stepsMergeHistogramsSoThatAPercentileIsThatOfAllTheirRecords() {
        TimelineStore store = open(Optional.empty());
        for (int i = 0; i < 60; i++) {
            LatencyRecorder recorder = new LatencyRecorder();
            for (int record = 0; record < 100; record++) {
                recorder.record(i == 59 && record < 90 ? 2_000_000_000L : 10_000_000L); // 1.5 % of all are slow
            }
            time.advance(SECOND);
            store.take(time.now().minusMillis(500), SECOND, Map.of("n", new Slot.Recorded(recorder.copy(), SECOND)));
        }

        List<TimelineStore.Closed> minute =
                store.read("n", FINE, time.now().minusSeconds(60), time.now(), Duration.ofMinutes(1));

        assertThat(minute).singleElement().satisfies(closed -> {
            HistogramCopy all = ((Slot.Recorded) closed.slot()).copy();
            assertThat(all.count()).isEqualTo(6_000);
            assertThat(all.quantile(0.99)).isCloseTo(2e9, within(2e7)); // the mean of the p99 would be 0.04 s
            assertThat(all.quantile(0.98)).isCloseTo(1e7, within(1e5));
        });
        assertThat(((Slot.Recorded) store.read("n", COARSE, Instant.EPOCH, time.now(), COARSE.every())
                                .get(0)
                                .slot())
                        .copy()
                        .quantile(0.99))
                .isCloseTo(2e9, within(2e7));
    }

    @Test
    void allThatWasClosedIsThereAfterARestartAndTheCoarserSlotsAreCompleted() {
        TimelineStore store = open(Optional.of(folder));
        for (int i = 1; i <= 137; i++) {
            second(store, i);
        }
        List<List<TimelineStore.Closed>> before =
                RESOLUTIONS.stream().map(each -> read(store, each)).toList();
        store.close();

        TimelineStore again = open(Optional.of(folder));

        assertThat(RESOLUTIONS.stream().map(each -> read(again, each)).toList()).isEqualTo(before);
        for (int i = 138; i <= 180; i++) {
            second(again, i);
        }
        assertThat(counts(read(again, COARSE))).containsExactly(sum(1, 60), sum(61, 120), sum(121, 180));
        assertThat(counts(read(again, MIDDLE))).hasSize(18).contains(sum(131, 140));
        again.close();
        assertThat(failures).hasValue(0);
    }

    private static double sum(int from, int to) {
        return (from + to) * (to - from + 1) / 2.0;
    }

    @Test
    void aStoreThatIsRestartedAtEverySecondLosesAndDoublesNothing() {
        for (int i = 1; i <= 130; i++) {
            TimelineStore store = open(Optional.of(folder));
            second(store, i);
            store.close();
        }

        TimelineStore store = open(Optional.of(folder));

        assertThat(counts(read(store, COARSE))).containsExactly(sum(1, 60), sum(61, 120));
        assertThat(counts(read(store, MIDDLE)))
                .isEqualTo(Stream.iterate(1, n -> n + 10)
                        .limit(13)
                        .map(n -> sum(n, n + 9))
                        .toList());
        store.close();
    }

    @Test
    void anOutageLeavesAGapAndNoFurtherHarm() {
        TimelineStore store = open(Optional.of(folder));
        for (int i = 1; i <= 35; i++) {
            second(store, 1);
        }
        store.close();
        time.advance(Duration.ofMinutes(5));
        TimelineStore again = open(Optional.of(folder));
        for (int i = 1; i <= 20; i++) {
            second(again, 2);
        }

        List<TimelineStore.Closed> middle = read(again, MIDDLE);
        assertThat(counts(middle)).startsWith(10.0, 10.0, 10.0, 5.0).endsWith(20.0);
        assertThat(middle.stream()
                        .mapToDouble(each -> ((Slot.Counted) each.slot()).count())
                        .sum())
                .isBetween(65.0, 75.0);
        again.close();
    }

    @Test
    void aClockSetBackMakesPartsOfTheSameSlotsWhoseRateIsStillRight() {
        TimelineStore store = open(Optional.of(folder));
        for (int i = 0; i < 30; i++) {
            second(store, 4);
        }
        time.jump(Duration.ofSeconds(-20));
        for (int i = 0; i < 20; i++) {
            second(store, 2);
        }
        store.close();
        TimelineStore again = open(Optional.of(folder));

        List<TimelineStore.Closed> fine = read(again, FINE);

        assertThat(fine).hasSize(30);
        assertThat(counts(fine).subList(0, 10)).containsOnly(4.0);
        assertThat(fine.subList(10, 30))
                .allSatisfy(each -> assertThat(each.slot())
                        .isEqualTo(new Slot.Counted(6, Duration.ofSeconds(2)))); // three a second
        assertThat(counts(read(again, MIDDLE))).containsExactly(40.0, 60.0, 60.0);
        again.close();
    }

    @Test
    void aClockThatWasAheadForAWhileHidesNothingAndPushesNothingOut() {
        TimelineStore store = open(Optional.empty());
        for (int i = 0; i < 10; i++) {
            second(store, 1);
        }
        time.jump(Duration.ofDays(3_650));
        for (int i = 0; i < 30; i++) {
            second(store, 100);
        }
        time.jump(Duration.ofDays(-3_650).minusSeconds(30));
        for (int i = 0; i < 40; i++) {
            second(store, 1);
        }

        List<Double> counts = counts(read(store, FINE));

        assertThat(counts).doesNotContain(100.0).hasSizeGreaterThan(39);
    }

    @Test
    void anUncleanEndLosesTheFinestOpenSlotAtMost() {
        Duration tick = Duration.ofMillis(100);
        TimelineStore store = open(Optional.of(folder));
        for (int i = 0; i < 125; i++) {
            time.advance(tick);
            store.take(time.now().minusMillis(50), tick, Map.of("n", new Slot.Counted(1, tick)));
        }
        // no close: as if killed. Its lock is gone with a real process; here a copy of the files stands for that
        Path copy = copied(folder);

        TimelineStore again = open(Optional.of(copy));

        assertThat(counts(read(again, FINE))).hasSize(12).containsOnly(10.0);
        again.close();
        store.close();
    }

    private static Path copied(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            Path copy = Files.createTempDirectory(folder, "copy");
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
            return copy;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSecondStoreOnTheSameFolderKeepsItsCourseInMemoryOnly() throws IOException {
        TimelineStore first = open(Optional.of(folder));
        second(first, 1);

        TimelineStore second = open(Optional.of(folder));
        second(second, 2);
        second(first, 3);

        assertThat(failures).hasValue(0);
        assertThat(counts(read(second, FINE))).containsExactly(2.0);
        second.close();
        first.close();
        assertThat(counts(read(open(Optional.of(folder)), FINE))).containsExactly(1.0, 3.0);
    }

    @Test
    void aFolderThatCannotBeMadeLeavesTheCourseInMemory() throws IOException {
        Path file = Files.writeString(folder.resolve("in the way"), "");

        TimelineStore store = open(Optional.of(file));
        second(store, 1);

        assertThat(failures).hasValue(1);
        assertThat(counts(read(store, FINE))).containsExactly(1.0);
        store.close();
    }

    @Test
    void aFolderThatVanishesIsCountedAndComesBack() throws IOException {
        Path where = folder.resolve("timeline");
        TimelineStore store = open(Optional.of(where));
        for (int i = 0; i < 5; i++) {
            second(store, 1);
        }
        for (Path file : files(where)) {
            Files.delete(file);
        }
        Files.delete(where);
        Files.writeString(where, "in the way");
        for (int i = 0; i < 60; i++) {
            second(store, 1);
        }
        int meanwhile = failures.get();
        Files.delete(where);
        for (int i = 0; i < 5; i++) {
            second(store, 1);
        }

        assertThat(meanwhile).isGreaterThan(10); // the segment that was open took some, into nothing
        assertThat(counts(read(store, FINE))).hasSizeGreaterThanOrEqualTo(60).containsOnly(1.0);
        assertThat(files(where)).isNotEmpty();
        store.close();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }

    @Test
    void aDiskThatHangsDelaysNoTickAndIsCaughtUpWith() {
        Deque<Runnable> hanging = new ArrayDeque<>();
        TimelineStore store = open(Optional.of(folder), hanging::add);
        for (int i = 0; i < 55; i++) {
            second(store, 1);
        }
        assertThat(counts(read(store, FINE))).hasSize(55);
        assertThat(hanging).hasSize(1);

        hanging.remove().run();

        Path copy = copied(folder);
        TimelineStore again = open(Optional.of(copy));
        assertThat(counts(read(again, FINE))).hasSize(55);
        again.close();
        store.close();
    }

    @Test
    void aThreadThatIsInterruptedWritesAllTheSame() {
        TimelineStore store = open(Optional.of(folder));
        for (int i = 0; i < 61; i++) {
            second(store, 1); // until the coarsest has a segment, which is forced to the disk
        }
        Thread.currentThread().interrupt();
        second(store, 2);
        store.close();

        assertThat(Thread.interrupted()).as("the interrupt is still there").isTrue();
        assertThat(failures).hasValue(0);
        assertThat(counts(read(open(Optional.of(folder)), FINE))).endsWith(1.0, 1.0, 2.0);
    }

    @Test
    void whatADiskNeverTakesIsDroppedAndCountedAndNotPiledUp() {
        TimelineStore store = open(Optional.of(folder), task -> {});
        for (int i = 0; i < 400; i++) {
            second(store, 1);
        }

        assertThat(failures.get()).isBetween(100, 250); // 446 batches, of which 256 may wait
        store.close();
    }

    @Test
    void theRingsOfAnAddressAreBounded() {
        TimelineStore store = open(Optional.empty());
        for (int i = 0; i < 500; i++) {
            second(store, 1);
        }
        long after = store.heldBytes();
        for (int i = 0; i < 20_000; i++) {
            second(store, 1);
        }

        assertThat(store.heldBytes()).isLessThan(after * 3);
        assertThat(read(store, FINE)).hasSizeBetween(60, 80);
    }

    @Test
    void segmentsOfAResolutionThatIsNoLongerKeptAreDeleted() throws IOException {
        TimelineStore store = open(Optional.of(folder));
        for (int i = 0; i < 70; i++) {
            second(store, 1);
        }
        store.close();

        TimelineStore other = new TimelineStore(
                new TimelineSettings(List.of(FINE), Optional.of(folder)), s -> true, Runnable::run, time, () -> {});
        other.close();

        assertThat(files(folder).stream().map(file -> file.getFileName().toString()))
                .allMatch(name -> name.equals("lock") || name.startsWith("1000ms-"));
    }

    @Test
    void everyKindOfSlotComesBackAsItWas() {
        LatencyRecorder recorder = new LatencyRecorder();
        recorder.record(1_000_000);
        List<Slot> slots = List.of(
                Slot.Level.of(-3.25),
                new Slot.Level(3, 7.5, -1, 6, 2.5),
                new Slot.Counted(12, Duration.ofMillis(999)),
                new Slot.Counted(0.25, Duration.ZERO),
                new Slot.Timed(3, 0.75, SECOND),
                new Slot.Told(
                        Distribution.of(
                                new double[] {0.1, 0.2},
                                new double[] {0.2, Double.POSITIVE_INFINITY},
                                new long[] {3, 4},
                                1.5),
                        SECOND));
        for (Slot slot : slots) {
            assertThat(SlotBytes.read(SlotBytes.write(slot))).isEqualTo(slot);
        }
        assertThat(SlotBytes.read(SlotBytes.write(new Slot.Recorded(recorder.copy(), SECOND))))
                .isInstanceOfSatisfying(Slot.Recorded.class, recorded -> {
                    assertThat(recorded.length()).isEqualTo(SECOND);
                    assertThat(recorded.copy().sum()).isEqualTo(1_000_000);
                });
    }

    @Test
    void bytesThatAreNoSlotAreRefused() {
        Random random = new Random(8);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] = (byte) random.nextInt(7);
            }
            try {
                assertThat(SlotBytes.read(bytes)).isNotNull();
            } catch (HyperionException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(10_000);
    }

    @Test
    void resolutionsThatDoNotFitTogetherAreRefused() {
        record Case(String why, List<Resolution> resolutions) {}
        List<Case> cases = new ArrayList<>(List.of(
                new Case("expected 1 to 5", List.of()),
                new Case("a multiple of it", List.of(MIDDLE, FINE)),
                new Case("a multiple of it", List.of(MIDDLE, MIDDLE)),
                new Case(
                        "a multiple of it",
                        List.of(MIDDLE, new Resolution(Duration.ofSeconds(15), Duration.ofHours(1)))),
                new Case(
                        "keep that at least as long",
                        List.of(FINE, new Resolution(Duration.ofMinutes(5), Duration.ofHours(1))))));
        for (Case each : cases) {
            assertThatThrownBy(() -> new TimelineSettings(each.resolutions, Optional.empty()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(each.why);
        }
        assertThatThrownBy(() -> new Resolution(SECOND, Duration.ofDays(30)))
                .hasMessageContaining("2592000; expected 1 to 20000");
        assertThatThrownBy(() -> new Resolution(Duration.ofMillis(50), SECOND)).hasMessageContaining("too short");
    }
}
