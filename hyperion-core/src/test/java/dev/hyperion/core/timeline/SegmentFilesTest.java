// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentFilesTest {
    private static final long EVERY = 1_000;
    private static final int CAPACITY = 80;

    @TempDir
    private Path temporary;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectories(temporary.resolve("timeline"));
    }

    private SegmentFiles files() {
        return new SegmentFiles(folder, EVERY, CAPACITY);
    }

    private static Batch batch(long number) {
        Map<String, byte[]> values = new LinkedHashMap<>();
        values.put("error", SlotBytes.write(new Slot.Counted(number, Duration.ofSeconds(1))));
        values.put("memory.usage", SlotBytes.write(Slot.Level.of(number * 0.5)));
        return new Batch(number, 0, number, values);
    }

    private void write(long from, long to) throws IOException {
        try (SegmentFiles files = files()) {
            files.load();
            for (long i = from; i <= to; i++) {
                files.append(batch(i));
            }
        }
    }

    private SegmentFiles.Loaded load() throws IOException {
        try (SegmentFiles files = files()) {
            return files.load();
        }
    }

    private static List<Long> numbers(SegmentFiles.Loaded loaded) {
        return loaded.batches().stream().map(Batch::sequence).toList();
    }

    private static void assertWhole(Batch read) {
        Batch written = batch(read.sequence());
        assertThat(read.slot()).isEqualTo(written.slot());
        assertThat(read.values().keySet()).isEqualTo(written.values().keySet());
        written.values()
                .forEach((name, bytes) ->
                        assertThat(read.values().get(name)).as(name).isEqualTo(bytes));
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(".segment"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void whatWasAppendedIsThereAgainInItsOrder() throws IOException {
        write(1, 5);
        write(6, 9);

        SegmentFiles.Loaded loaded = load();

        assertThat(numbers(loaded)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        assertThat(loaded.damages()).isZero();
        loaded.batches().forEach(SegmentFilesTest::assertWhole);
    }

    @Test
    void aFileCutOffAtAnyByteKeepsAllWholeBatchesAndGoesOnBehindThem() throws IOException {
        write(1, 3);
        Path segment = segments().get(0);
        byte[] whole = Files.readAllBytes(segment);
        TreeSet<Integer> kept = new TreeSet<>();
        for (int length = 0; length <= whole.length; length++) {
            try (Stream<Path> all = Files.list(folder)) {
                for (Path file : all.toList()) {
                    Files.delete(file);
                }
            }
            Files.write(segment, Arrays.copyOf(whole, length));
            SegmentFiles.Loaded cut = load();
            kept.add(cut.batches().size());
            for (int i = 0; i < cut.batches().size(); i++) {
                assertThat(cut.batches().get(i).sequence()).isEqualTo(i + 1L);
                assertWhole(cut.batches().get(i));
            }

            write(7, 8);

            SegmentFiles.Loaded after = load();
            List<Long> expected = new ArrayList<>(numbers(cut));
            expected.addAll(List.of(7L, 8L));
            assertThat(numbers(after)).as("cut at byte " + length).isEqualTo(expected);
            after.batches().forEach(SegmentFilesTest::assertWhole);
        }
        assertThat(kept).as("batches kept, over all cuts").containsExactly(0, 1, 2, 3);
    }

    @Test
    void aFlippedBitCostsTheFramesItIsInAndNothingElse() throws IOException {
        write(1, 6);
        Path segment = segments().get(0);
        byte[] whole = Files.readAllBytes(segment);
        int told = 0;
        for (int bit = SegmentScan.HEADER * 8; bit < whole.length * 8; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            SegmentScan scan = new SegmentScan(flipped, EVERY);
            told += scan.damages().size();
            boolean inNames = scan.series().size() < 2;

            assertThat(scan.batches()).as("bit " + bit).hasSizeGreaterThanOrEqualTo(inNames ? 6 : 5);
            for (Batch read : scan.batches()) {
                // what is there is right: a damaged name costs its series in this segment
                batch(read.sequence()).values().forEach((name, bytes) -> {
                    if (read.values().containsKey(name)) {
                        assertThat(read.values().get(name)).isEqualTo(bytes);
                    } else {
                        assertThat(inNames).isTrue();
                    }
                });
            }
        }
        assertThat(told).as("damages told").isGreaterThan(1_000);
    }

    @Test
    void aDamagedFrameInTheMiddleIsToldWithItsOffset() throws IOException {
        write(1, 3);
        byte[] bytes = Files.readAllBytes(segments().get(0));
        SegmentScan before = new SegmentScan(bytes, EVERY);
        byte[] two = Files.readAllBytes(segments().get(0));
        int middle = two.length / 2;
        two[middle] ^= 1;

        SegmentScan scan = new SegmentScan(two, EVERY);

        assertThat(before.damages()).isEmpty();
        assertThat(scan.damages()).singleElement().satisfies(damage -> {
            assertThat(damage.offset()).isLessThanOrEqualTo(middle);
            assertThat(damage.offset() + damage.bytes()).isGreaterThan(middle);
        });
    }

    @Test
    void aSegmentOfAnotherVersionIsLeftAloneAndNotAppendedTo() throws IOException {
        write(1, 3);
        Path old = segments().get(0);
        byte[] bytes = Files.readAllBytes(old);
        bytes[4] = 9; // the version
        Files.write(old, bytes);

        write(4, 5);

        assertThat(Files.readAllBytes(old)).isEqualTo(bytes);
        assertThat(numbers(load())).containsExactly(4L, 5L);
        assertThat(load().damages()).isEqualTo(1);
    }

    @Test
    void retentionDeletesWholeSegmentsAndKeepsWhatIsToBeKept() throws IOException {
        write(1, 1_000);

        List<Long> kept = numbers(load());
        assertThat(kept).hasSizeBetween(CAPACITY, CAPACITY + 2 * CAPACITY / 8);
        assertThat(kept.get(kept.size() - 1)).isEqualTo(1_000);
        assertThat(segments()).hasSizeLessThanOrEqualTo(10);
    }

    @Test
    void aFolderThatIsRestartedAllTheTimeStaysBounded() throws IOException {
        for (long i = 1; i <= 300; i++) {
            write(i, i);
        }

        assertThat(segments()).hasSizeLessThanOrEqualTo(10);
        assertThat(numbers(load())).hasSizeBetween(CAPACITY, CAPACITY + 2 * CAPACITY / 8);
    }

    @Test
    void whatACrashLeftUnfinishedIsTakenAway() throws IOException {
        write(1, 2);
        Path unfinished = Files.write(folder.resolve("1000ms-0000000002.segment.unfinished"), new byte[5]);
        Path foreign = Files.writeString(folder.resolve("1000ms-notes.txt"), "somebody's");

        assertThat(numbers(load())).containsExactly(1L, 2L);
        assertThat(unfinished).doesNotExist();
        assertThat(foreign).exists();
    }

    @Test
    void noiseBehindAHeaderHoldsNoBatches() throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            byte[] noise = new byte[random.nextInt(4_000)];
            random.nextBytes(noise);
            byte[] header = SegmentScan.header(EVERY);
            System.arraycopy(header, 0, noise, 0, Math.min(header.length, noise.length));

            assertThat(new SegmentScan(noise, EVERY).batches()).isEmpty();
        }
    }
}
