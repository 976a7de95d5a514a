// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.store;

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

/** Keeps journals for as long as the process lives. Thread-safety: thread-safe. */
final class MemoryStateStore implements StateStore {
    private final Map<String, List<JournalEvent>> streams = new TreeMap<>();
    private final Map<StreamId, Snapshot> snapshots = new HashMap<>();
    private long newestEpoch;

    @Override
    public synchronized long append(StreamId stream, long expectedSeq, long epoch, List<JournalEvent> events) {
        Appends.check(stream, expectedSeq, events);
        requireNewest(stream, epoch);
        List<JournalEvent> journal = streams.computeIfAbsent(stream.value(), s -> new ArrayList<>());
        long last = last(journal);
        if (last != expectedSeq) {
            throw new ConflictException("journal " + stream, Long.toString(expectedSeq), Long.toString(last));
        }
        journal.addAll(events);
        return last(journal);
    }

    private static long last(List<JournalEvent> journal) {
        return journal.isEmpty() ? 0 : journal.get(journal.size() - 1).seq();
    }

    private void requireNewest(StreamId stream, long epoch) {
        if (epoch != 0 && epoch < newestEpoch) {
            throw new FencedException("store (" + stream + ")", epoch, newestEpoch);
        }
    }

    @Override
    public synchronized Stream<JournalEvent> read(StreamId stream, long fromSeq) {
        List<JournalEvent> journal = streams.getOrDefault(stream.value(), List.of());
        long first = journal.isEmpty() ? 1 : journal.get(0).seq();
        int from = (int) Math.min(journal.size(), Math.max(0, fromSeq - first));
        return List.copyOf(journal.subList(from, journal.size())).stream();
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
        requireNewest(stream, epoch);
        snapshots.merge(stream, snapshot, (old, now) -> now.seq() >= old.seq() ? now : old);
    }

    @Override
    public synchronized void forget(StreamId stream, long beforeSeq) {
        List<JournalEvent> journal = streams.getOrDefault(stream.value(), List.of());
        long contained = latest(stream).map(Snapshot::seq).orElse(0L);
        long least = Math.min(Math.min(beforeSeq, contained), last(journal));
        if (!journal.isEmpty()) {
            journal.removeIf(event -> event.seq() < least);
        }
    }

    @Override
    public synchronized long nextEpoch(String lock) {
        return ++newestEpoch;
    }

    @Override
    public void close() {}
}
