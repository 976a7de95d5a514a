// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.timeline;

import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slots of all series at all resolutions, in memory, and in files where there is a folder.
 *
 * <p>Whatever goes wrong with files is logged, counted and otherwise without effect: what is in memory is complete, and the
 * next batch tries again. Files are written on the executor, so a slow disk delays no tick.
 *
 * <p>Thread-safety: thread-safe, blocking; readers and ticks never wait for a disk.
 */
public final class TimelineStore implements AutoCloseable {
    /*
     * A slot's number is its time divided by its length, so it means the same in every process and after every restart. A
     * slot is closed once: when the next tick cannot fall into it any more, or when a tick falls into another one. Should a
     * later tick fall into it again, after a restart or because the clock was set back, then that makes another part of the
     * same slot, and readers put the parts together. So nothing is ever overwritten, and as parts carry the length of time
     * they cover, rates stay right.
     *
     * A closed slot is added to the open one of the next coarser resolution, so that histograms are merged as rarely as can
     * be. What is killed has lost its open slots. The finest is one tick long. The coarser are made again from the finer
     * batches that they had not covered yet: each batch says up to which one of the next finer resolution it reaches. All
     * series close a slot in the same moment, so one number per batch is enough.
     */
    private static final Logger LOG = LoggerFactory.getLogger(TimelineStore.class);
    private static final int WAITING = 256;
    private static final Duration QUIET = Duration.ofMinutes(10);
    /** Restarts and clocks set back make parts of slots that take places of whole ones. */
    private static final int SPARE = 16;

    private final List<Level> levels;
    private final Predicate<String> kept;
    private final Executor executor;
    private final HyperionClock clock;
    private final Runnable failed;
    private long sequence;

    private final LinkedBlockingQueue<Write> waiting = new LinkedBlockingQueue<>(WAITING);
    private final AtomicBoolean writing = new AtomicBoolean();
    private final Object disk = new Object(); // held while files are touched
    private @Nullable FileChannel lock;
    private volatile boolean onDisk;
    private volatile @Nullable Instant told;

    private record Write(SegmentFiles files, Batch batch) {}

    /**
     * A slot with the instant at which it ends.
     *
     * @param end exclusive
     * @param slot what it held
     */
    public record Closed(Instant end, Slot slot) {}

    /** One resolution: its open slot and its rings. */
    private static final class Level {
        private final Resolution resolution;
        private final long every;
        private final Map<String, SlotRing> rings = new LinkedHashMap<>();
        private final Map<String, Slot> open = new LinkedHashMap<>();
        private long openSlot;
        private long covers;
        private @Nullable SegmentFiles files;

        Level(Resolution resolution) {
            this.resolution = resolution;
            this.every = resolution.every().toMillis();
        }

        void add(long slot, String series, byte[] bytes) {
            rings.computeIfAbsent(series, s -> new SlotRing(resolution.slots() + SPARE))
                    .add(slot, bytes);
        }

        long endOfOpen() {
            return (openSlot + 1) * every;
        }
    }

    /**
     * Opens the store and restores what the folder has.
     *
     * @param settings resolutions and folder
     * @param kept which of the series found are still wanted
     * @param executor writes segments
     * @param clock for how often failures are logged
     * @param failed called once for every failure of a file
     */
    public TimelineStore(
            TimelineSettings settings,
            Predicate<String> kept,
            Executor executor,
            HyperionClock clock,
            Runnable failed) {
        this.levels = settings.resolutions().stream().map(Level::new).toList();
        this.kept = kept;
        this.executor = executor;
        this.clock = clock;
        this.failed = failed;
        settings.folder().ifPresent(this::open);
    }

    private synchronized void open(Path folder) {
        synchronized (disk) {
            try {
                Files.createDirectories(folder);
                if (!locked(folder)) {
                    LOG.info(
                            "timeline folder {} is in use by another instance; the timeline is kept in memory only",
                            folder);
                    return;
                }
                forgetOtherResolutions(folder);
                restore(folder);
                onDisk = true;
            } catch (IOException e) {
                LOG.warn(
                        "timeline folder {} cannot be used; the timeline is kept in memory only: {}",
                        folder,
                        e.toString());
                levels.forEach(level -> level.files = null);
                failed.run();
            }
        }
    }

    private boolean locked(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            @Nullable FileLock held = channel.tryLock();
            if (held != null) {
                lock = channel;
                return true;
            }
        } catch (OverlappingFileLockException e) {
            // another store of this very process has it
        }
        channel.close();
        return false;
    }

    /** Nobody would ever read or retire the segments of a resolution that is no longer configured. */
    private void forgetOtherResolutions(Path folder) throws IOException {
        List<Path> strangers;
        try (Stream<Path> all = Files.list(folder)) {
            strangers = all.filter(file -> file.getFileName().toString().matches("[0-9]+ms-[0-9]+\\.segment"))
                    .filter(file -> levels.stream()
                            .noneMatch(level -> file.getFileName().toString().startsWith(level.every + "ms-")))
                    .toList();
        }
        for (Path stranger : strangers) {
            LOG.info("timeline segment {} is of a resolution that is no longer kept, and deleted", stranger);
            Files.deleteIfExists(stranger);
        }
    }

    private void restore(Path folder) throws IOException {
        List<List<Batch>> found = new ArrayList<>();
        for (Level level : levels) {
            SegmentFiles files = new SegmentFiles(folder, level.every, level.resolution.slots());
            SegmentFiles.Loaded loaded = files.load();
            level.files = files;
            found.add(loaded.batches());
            for (int i = 0; i < loaded.damages(); i++) {
                failed.run();
            }
            for (Batch batch : loaded.batches()) {
                sequence = Math.max(sequence, batch.sequence());
                level.covers = Math.max(level.covers, batch.covers());
                batch.values().forEach((series, bytes) -> {
                    if (kept.test(series)) {
                        level.add(batch.slot(), series, bytes);
                    }
                });
            }
        }
        for (int i = levels.size() - 1; i > 0; i--) { // what a level closes now comes after what it had closed before
            complete(levels.get(i), levels.get(i - 1), found.get(i - 1));
        }
    }

    /** Brings a level up to what the finer one has. */
    private void complete(Level level, Level finer, List<Batch> batches) {
        long covered = level.covers;
        for (Batch batch : batches) {
            if (batch.sequence() > covered) {
                Map<String, Slot> slots = new LinkedHashMap<>();
                batch.values().forEach((series, bytes) -> {
                    if (kept.test(series)) {
                        read(bytes).ifPresent(slot -> slots.put(series, slot));
                    }
                });
                cover(level, finer, batch, slots);
            }
        }
    }

    /**
     * Takes what happened in a stretch of time around an instant; stretches follow each other.
     *
     * @param middle of the stretch: its slot is that in which most of the stretch lies, also if ticks are a little late
     * @param tick how long stretches are; slots into which the next one cannot fall are closed at once
     * @param parts by series
     */
    public synchronized void take(Instant middle, Duration tick, Map<String, Slot> parts) {
        Level finest = levels.get(0);
        long at = middle.toEpochMilli();
        collect(finest, at, parts);
        if (at + tick.toMillis() >= finest.endOfOpen()) {
            close(finest);
        }
    }

    /** Adds to the slot of an instant, closing the one that is open if that is another. */
    private void collect(Level level, long at, Map<String, Slot> parts) {
        long slot = Math.floorDiv(at, level.every);
        if (level.openSlot != slot) {
            close(level);
        }
        level.openSlot = slot;
        parts.forEach((series, part) -> level.open.merge(series, part, Slot::plus));
    }

    /** Keeps the open slot, hands it to the files, and adds it to the coarser one, which may be closed by that as well. */
    private void close(Level level) {
        if (level.open.isEmpty()) {
            return;
        }
        Map<String, byte[]> values = new LinkedHashMap<>();
        level.open.forEach((series, slot) -> {
            byte[] bytes = SlotBytes.write(slot);
            values.put(series, bytes);
            level.add(level.openSlot, series, bytes);
        });
        Batch batch = new Batch(++sequence, level.covers, level.openSlot, values);
        SegmentFiles files = level.files;
        if (files != null) {
            hand(new Write(files, batch));
        }
        Map<String, Slot> slots = Map.copyOf(level.open);
        level.open.clear();
        int coarser = levels.indexOf(level) + 1;
        if (coarser < levels.size()) {
            cover(levels.get(coarser), level, batch, slots);
        }
    }

    private void cover(Level coarser, Level level, Batch batch, Map<String, Slot> slots) {
        collect(coarser, batch.slot() * level.every, slots);
        coarser.covers = batch.sequence();
        if ((batch.slot() + 1) * level.every >= coarser.endOfOpen()) {
            close(coarser);
        }
    }

    private void hand(Write write) {
        if (!waiting.offer(write)) {
            failed("the disk is behind by " + WAITING + " batches");
        }
        if (onDisk && writing.compareAndSet(false, true)) {
            try {
                executor.execute(this::writeAll);
            } catch (RejectedExecutionException e) {
                writing.set(false); // too much to do, or closing: it waits for the next one
            }
        }
    }

    private void writeAll() {
        do {
            synchronized (disk) {
                uninterrupted(this::drain);
            }
            writing.set(false);
        } while (!waiting.isEmpty() && writing.compareAndSet(false, true));
    }

    private void drain() {
        for (Write next = waiting.poll(); next != null; next = waiting.poll()) {
            try {
                next.files().append(next.batch());
            } catch (IOException e) {
                failed(e.toString());
            }
        }
    }

    /** An interrupt that is meant for somebody else would close the files. */
    private static void uninterrupted(Runnable work) {
        boolean interrupted = Thread.interrupted();
        work.run();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void failed(String why) {
        failed.run();
        Instant before = told;
        Instant now = clock.now();
        if (before == null || Duration.between(before, now).abs().compareTo(QUIET) >= 0) {
            told = now;
            LOG.warn("timeline cannot be written and goes on in memory; the next batch tries again: {}", why);
        }
    }

    private Optional<Slot> read(byte[] bytes) {
        try {
            return Optional.of(SlotBytes.read(bytes));
        } catch (HyperionException e) {
            failed(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /**
     * Whether anything was ever taken or restored for a series.
     *
     * @param series its name
     * @return false also if all of it was too long ago
     */
    public synchronized boolean knows(String series) {
        return levels.stream().anyMatch(level -> level.rings.containsKey(series) || level.open.containsKey(series));
    }

    /**
     * The finest resolution that reaches back far enough, or the coarsest there is.
     *
     * @param span how far back
     * @return one of those that the store was opened with
     */
    public Resolution finestFor(Duration span) {
        return levels.stream()
                .map(level -> level.resolution)
                .filter(resolution -> resolution.kept().compareTo(span) >= 0)
                .findFirst()
                .orElse(levels.get(levels.size() - 1).resolution);
    }

    /**
     * Reads the closed slots of a series.
     *
     * @param series its name
     * @param resolution one of those that the store was opened with
     * @param from slots end after it
     * @param to slots begin before it: the clock may have been ahead once
     * @param step how long the slots told are, a multiple of the resolution: those within one are put together
     * @return in the order of time; where nothing was taken, there is none
     */
    public List<Closed> read(String series, Resolution resolution, Instant from, Instant to, Duration step) {
        List<SlotRing.Part> parts = List.of();
        long every = resolution.every().toMillis();
        synchronized (this) {
            for (Level level : levels) {
                SlotRing ring = level.rings.get(series);
                if (level.resolution.equals(resolution) && ring != null) {
                    parts = ring.between(
                            Math.floorDiv(from.toEpochMilli(), every), Math.floorDiv(to.toEpochMilli() - 1, every));
                }
            }
        }
        TreeMap<Long, Slot> steps = new TreeMap<>();
        for (SlotRing.Part part : parts) {
            long number = Math.floorDiv(part.slot() * every, step.toMillis());
            read(part.bytes()).ifPresent(slot -> steps.merge(number, slot, Slot::plus));
        }
        List<Closed> closed = new ArrayList<>(steps.size());
        steps.forEach(
                (number, slot) -> closed.add(new Closed(Instant.ofEpochMilli((number + 1) * step.toMillis()), slot)));
        return closed;
    }

    /** How many bytes the slots in memory take, without what the virtual machine adds to each array. */
    synchronized long heldBytes() {
        return levels.stream()
                .flatMap(level -> level.rings.values().stream())
                .mapToLong(SlotRing::heldBytes)
                .sum();
    }

    /** Closes the finest open slot, writes what waits, and gives the folder up. */
    @Override
    public void close() {
        synchronized (this) {
            close(levels.get(0)); // the coarser ones are made again from it
        }
        synchronized (disk) {
            uninterrupted(() -> {
                drain();
                onDisk = false;
                levels.forEach(level -> closed(level.files));
                closed(lock);
                lock = null;
            });
        }
    }

    private void closed(@Nullable AutoCloseable file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (Exception e) { // an IOException; the interface says more than files do
            failed(e.toString());
        }
    }
}
