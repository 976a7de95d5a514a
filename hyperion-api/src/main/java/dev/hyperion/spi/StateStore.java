// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps journals. What {@link #append} has accepted survives {@code kill -9}, unless the store says that it is in memory.
 *
 * <p>It keeps the newest epoch it has handed out and refuses to write for a lower one. Calls carry no deadline: a store
 * bounds its own waiting and throws a retryable {@link dev.hyperion.PluginException}.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface StateStore extends AutoCloseable {
    /**
     * Appends entries, all or none; durable on return.
     *
     * @param stream which journal
     * @param expectedSeq the last entry that the caller has seen; 0 for none
     * @param epoch the caller's epoch; 0 for a writer who needs no leadership
     * @param events entries numbered from {@code expectedSeq + 1}, at least one
     * @return the number of the last entry
     * @throws dev.hyperion.ConflictException if the journal has another last entry
     * @throws dev.hyperion.FencedException if a higher epoch was handed out and the caller's is not 0
     */
    long append(StreamId stream, long expectedSeq, long epoch, List<JournalEvent> events);

    /**
     * Reads a journal in order. The stream must be closed.
     *
     * @param stream which journal
     * @param fromSeq the first entry to read, 1 or more
     * @return the entries there are now
     */
    Stream<JournalEvent> read(StreamId stream, long fromSeq);

    /**
     * Reads a part of a journal in order. The stream must be closed.
     *
     * @param stream which journal
     * @param fromSeq the first entry to read, 1 or more
     * @param toSeq the last entry to read
     * @return those of them that there are now
     */
    default Stream<JournalEvent> read(StreamId stream, long fromSeq, long toSeq) {
        return read(stream, fromSeq).takeWhile(event -> event.seq() <= toSeq);
    }

    /**
     * Which journals there are.
     *
     * @param prefix how their names start; empty for all
     * @return in the order of their names
     */
    List<StreamId> streams(String prefix);

    /**
     * The newest snapshot of a journal.
     *
     * @param stream which journal
     * @return empty if there is none
     */
    Optional<Snapshot> latest(StreamId stream);

    /**
     * Keeps a snapshot; durable on return. An older one than that which is kept is ignored.
     *
     * @param stream which journal
     * @param snapshot the snapshot
     * @param epoch the caller's epoch; 0 for a writer who needs no leadership
     * @throws dev.hyperion.FencedException if a higher epoch was handed out and the caller's is not 0
     */
    void save(StreamId stream, Snapshot snapshot, long epoch);

    /**
     * Drops the entries of a journal that its newest snapshot contains, but for the last of them, so that a journal which
     * only its newest state matters to does not grow for ever. Journals that are an audit never ask for it.
     *
     * @param stream which journal
     * @param beforeSeq the first entry to keep; entries after the newest snapshot are kept in any case
     */
    default void forget(StreamId stream, long beforeSeq) {
        // a store that cannot keeps them all
    }

    /**
     * Hands out a new epoch, higher than every one before, whatever the lock.
     *
     * @param lock for which lock it is, for the record
     * @return 1 or more; durable on return
     */
    long nextEpoch(String lock);

    @Override
    void close();
}
