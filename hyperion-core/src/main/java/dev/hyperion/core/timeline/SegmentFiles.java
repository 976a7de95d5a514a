// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.timeline;

import dev.hyperion.core.record.WireWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of one resolution: the newest is appended to, and the oldest is deleted once the others hold all that is to
 * be kept.
 *
 * <p>What was appended is with the operating system, so it outlives this process however that ends. Segments
 * that cover ten minutes or more are forced to the disk when they are full and on closing; a power cut may take what the
 * system had not written yet.
 *
 * <p>Thread-safety: confined; {@link TimelineStore} locks.
 */
final class SegmentFiles implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentFiles.class);
    private static final String SUFFIX = ".segment";
    private static final String UNFINISHED = ".unfinished";
    private static final int SEGMENTS = 8;
    /** A segment that covers less is deleted again before a power cut is likely to meet it. */
    private static final Duration WORTH_FORCING = Duration.ofMinutes(10);

    private static final long LARGEST_FILE = 256L << 20;

    private final Path folder;
    private final long everyMillis;
    private final int capacity;
    private final ArrayDeque<Known> known = new ArrayDeque<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private @Nullable FileChannel newest;
    private long length;
    private int nextId = 1;

    /** A segment that is there. */
    private static final class Known {
        private final Path file;
        private final long number;
        private int batches;

        Known(Path file, long number, int batches) {
            this.file = file;
            this.number = number;
            this.batches = batches;
        }
    }

    /** What was found. */
    record Loaded(List<Batch> batches, int damages) {}

    /**
     * Names the files; touches nothing.
     *
     * @param capacity how many batches are kept at least
     */
    SegmentFiles(Path folder, long everyMillis, int capacity) {
        this.folder = folder;
        this.everyMillis = everyMillis;
        this.capacity = capacity;
    }

    private String prefix() {
        return everyMillis + "ms-";
    }

    /** Reads all segments, cuts off a torn tail, and goes on after what is there. */
    Loaded load() throws IOException {
        List<Batch> batches = new ArrayList<>();
        int damages = 0;
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().startsWith(prefix()))
                    .sorted(Comparator.comparingLong(SegmentFiles::number))
                    .toList();
        }
        for (Path file : files) {
            if (file.getFileName().toString().endsWith(UNFINISHED)) {
                Files.deleteIfExists(file);
                continue;
            }
            if (number(file) < 0) {
                continue; // not ours
            }
            SegmentScan scan = new SegmentScan(read(file), everyMillis);
            for (SegmentScan.Damage damage : scan.damages()) {
                damages++;
                LOG.warn(
                        "timeline segment {} is damaged at byte {}: {} bytes are skipped",
                        file,
                        damage.offset(),
                        damage.bytes());
            }
            batches.addAll(scan.batches());
            known.addLast(new Known(file, number(file), scan.batches().size()));
            if (file.equals(files.get(files.size() - 1)) && scan.readable()) {
                goOn(file, scan);
            }
        }
        return new Loaded(batches, damages);
    }

    /** Nothing if it cannot be read, which is then told as damage: the others can be. */
    private static byte[] read(Path file) {
        try {
            return Files.size(file) > LARGEST_FILE ? new byte[0] : Files.readAllBytes(file);
        } catch (IOException e) {
            LOG.warn("timeline segment {} cannot be read: {}", file, e.toString());
            return new byte[0];
        }
    }

    private void goOn(Path file, SegmentScan scan) throws IOException {
        long size = Files.size(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        newest = channel;
        length = scan.end();
        if (size > length) {
            LOG.warn(
                    "timeline segment {} has a torn tail at byte {}: {} bytes are cut off",
                    file,
                    length,
                    size - length);
            channel.truncate(length);
        }
        scan.series().forEach((id, name) -> {
            ids.put(name, id);
            nextId = Math.max(nextId, id + 1);
        });
    }

    /** The number in a file's name; below zero if it is no segment of ours. */
    private static long number(Path file) {
        String name = file.getFileName().toString();
        int from = name.indexOf('-') + 1;
        try {
            return name.endsWith(SUFFIX) ? Long.parseLong(name.substring(from, name.length() - SUFFIX.length())) : -1;
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Appends a batch; after a failure the next one overwrites what was left of it. */
    void append(Batch batch) throws IOException {
        FileChannel channel = newest;
        if (channel == null || known.getLast().batches >= batchesPerSegment()) {
            channel = roll();
        } else if (!channel.isOpen()) { // the thread that wrote last was interrupted
            channel = FileChannel.open(known.getLast().file, StandardOpenOption.WRITE);
            newest = channel;
        }
        WireWriter out = new WireWriter(256);
        List<String> fresh = new ArrayList<>();
        for (String name : batch.values().keySet()) {
            if (ids.putIfAbsent(name, nextId) == null) {
                SegmentScan.writeSeries(nextId++, name, out);
                fresh.add(name);
            }
        }
        SegmentScan.writeBatch(batch, ids, out);
        try {
            write(channel, out.toBytes(), length);
        } catch (IOException e) {
            ids.keySet().removeAll(fresh); // their names are not in the file
            throw e;
        }
        length += out.size();
        known.getLast().batches++;
    }

    private static void write(FileChannel channel, byte[] bytes, long at) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        long position = at;
        while (rest.hasRemaining()) {
            position += channel.write(rest, position);
        }
    }

    private FileChannel roll() throws IOException {
        close();
        long number = known.isEmpty() ? 1 : known.getLast().number + 1;
        Files.createDirectories(folder);
        Path file = folder.resolve(prefix() + String.format("%010d", number) + SUFFIX);
        Path unfinished = folder.resolve(file.getFileName() + UNFINISHED);
        try (FileChannel header = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            write(header, SegmentScan.header(everyMillis), 0);
            force(header);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        newest = channel;
        length = SegmentScan.HEADER;
        known.addLast(new Known(file, number, 0));
        retire();
        return channel;
    }

    private void retire() throws IOException {
        int kept = known.stream().mapToInt(each -> each.batches).sum();
        while (kept - known.getFirst().batches >= capacity) {
            Files.deleteIfExists(known.getFirst().file);
            kept -= known.getFirst().batches;
            known.removeFirst();
        }
    }

    /** Forces the newest segment to the disk and lets go of it. */
    @Override
    public void close() throws IOException {
        FileChannel channel = newest;
        newest = null;
        ids.clear();
        if (channel != null) {
            try (channel) {
                force(channel);
            }
        }
    }

    private void force(FileChannel channel) throws IOException {
        if (everyMillis * batchesPerSegment() >= WORTH_FORCING.toMillis()) {
            channel.force(true);
        }
    }

    private int batchesPerSegment() {
        return Math.max(1, capacity / SEGMENTS);
    }
}
