// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import dev.hyperion.ConflictException;
import dev.hyperion.FencedException;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.Snapshot;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.StreamId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A store whose disk is in memory. It stands for the disk, so it lives on when the engine that uses it is killed.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class SimulatedStore implements StateStore {
    private final Faults faults = new Faults("store");
    private final Map<String, List<JournalEvent>> streams = new TreeMap<>();
    private final Map<StreamId, Snapshot> snapshots = new HashMap<>();
    private long newestEpoch;
    private long appends;
    private long crashAt = Long.MAX_VALUE;
    private boolean crashAfter;

    /** An empty store. */
    public SimulatedStore() {}

    /**
     * What is to go wrong.
     *
     * @return faults of {@code append read}
     */
    public Faults faults() {
        return faults;
    }

    /**
     * Kills the writer at one of its next appends.
     *
     * @param nth which one, counted from 1
     * @param after whether what it writes is on disk by then
     */
    public synchronized void crashAt(long nth, boolean after) {
        crashAt = appends + nth;
        crashAfter = after;
    }

    /**
     * How many appends were asked for.
     *
     * @return those that crashed too
     */
    public synchronized long appends() {
        return appends;
    }

    @Override
    public long append(StreamId stream, long expectedSeq, long epoch, List<JournalEvent> events) {
        return faults.around("append", () -> write(stream, expectedSeq, epoch, events));
    }

    private synchronized long write(StreamId stream, long expectedSeq, long epoch, List<JournalEvent> events) {
        boolean crash = ++appends == crashAt;
        if (crash && !crashAfter) {
            throw new SimulatedCrash(
                    "before append " + appends + " of " + events.get(0).type());
        }
        check(stream, epoch);
        List<JournalEvent> journal = streams.computeIfAbsent(stream.value(), s -> new ArrayList<>());
        if (last(journal) != expectedSeq) {
            throw new ConflictException("journal " + stream, Long.toString(expectedSeq), Long.toString(last(journal)));
        }
        long seq = expectedSeq;
        for (JournalEvent event : events) {
            if (event.seq() != ++seq) {
                throw new IllegalArgumentException(
                        "journal " + stream + " goes on with " + seq + ", not " + event.seq());
            }
        }
        journal.addAll(events);
        if (crash) {
            throw new SimulatedCrash(
                    "after append " + appends + " of " + events.get(0).type());
        }
        return seq;
    }

    private static long last(List<JournalEvent> journal) {
        return journal.isEmpty() ? 0 : journal.get(journal.size() - 1).seq();
    }

    private void check(StreamId stream, long epoch) {
        if (epoch != 0 && epoch < newestEpoch) {
            throw new FencedException("store (" + stream + ")", epoch, newestEpoch);
        }
    }

    @Override
    public Stream<JournalEvent> read(StreamId stream, long fromSeq) {
        return faults.around("read", () -> copy(stream).stream().filter(event -> event.seq() >= fromSeq));
    }

    private synchronized List<JournalEvent> copy(StreamId stream) {
        return List.copyOf(streams.getOrDefault(stream.value(), List.of()));
    }

    @Override
    public synchronized List<StreamId> streams(String prefix) {
        return streams.keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .map(StreamId::new)
                .toList();
    }

    @Override
    public synchronized Optional<Snapshot> latest(StreamId stream) {
        return Optional.ofNullable(snapshots.get(stream));
    }

    @Override
    public synchronized void save(StreamId stream, Snapshot snapshot, long epoch) {
        check(stream, epoch);
        snapshots.merge(stream, snapshot, (old, now) -> now.seq() >= old.seq() ? now : old);
    }

    @Override
    public synchronized void forget(StreamId stream, long beforeSeq) {
        List<JournalEvent> journal = streams.getOrDefault(stream.value(), new ArrayList<>());
        long contained = latest(stream).map(Snapshot::seq).orElse(0L);
        long least = Math.min(Math.min(beforeSeq, contained), last(journal));
        journal.removeIf(event -> event.seq() < least);
    }

    @Override
    public synchronized long nextEpoch(String lock) {
        return ++newestEpoch;
    }

    @Override
    public void close() {}
}
