// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.journal;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one application, and the state that follows from it. An entry counts once it is durable.
 *
 * <p>Thread-safety: confined to the lock of its controller.
 */
public final class ApplicationJournal {
    /** What the names of these journals start with. */
    public static final String PREFIX = "deploy/";

    private static final int SCHEMA = 1;

    private final StateStore store;
    private final HyperionClock clock;
    private final StreamId stream;
    private ApplicationState state = new ApplicationState();
    private @Nullable JournalEvent last;

    /**
     * Opens the journal and reads it.
     *
     * @param application whose
     * @param store where it is kept
     * @param clock the clock of its entries
     */
    public ApplicationJournal(ApplicationId application, StateStore store, HyperionClock clock) {
        this.stream = new StreamId(PREFIX + application);
        this.store = store;
        this.clock = clock;
        reload();
    }

    /** Reads it anew, after somebody else may have written. */
    public void reload() {
        ApplicationState fresh = new ApplicationState();
        List<JournalEvent> newest = new ArrayList<>();
        try (Stream<JournalEvent> entries = store.read(stream, 1)) {
            entries.forEach(entry -> {
                fresh.take(entry);
                newest.clear();
                newest.add(entry);
            });
        }
        state = fresh;
        last = newest.isEmpty() ? null : newest.get(0);
    }

    /**
     * What is known.
     *
     * @return the state after the last entry
     */
    public ApplicationState state() {
        return state;
    }

    /**
     * Appends one entry; it is durable on return.
     *
     * @param epoch the leader's epoch
     * @param type what happened
     * @param who the person or system behind it
     * @param data the entry's data
     * @throws dev.hyperion.ConflictException if somebody else has written; read it anew
     * @throws dev.hyperion.FencedException if another leader acts
     */
    public void append(long epoch, String type, String who, Fields data) {
        JournalEvent before = last;
        JournalEvent entry = new JournalEvent(
                before == null ? 1 : before.seq() + 1,
                epoch,
                type,
                SCHEMA,
                clock.now(),
                who,
                before == null ? JournalEvent.GENESIS : before.hash(),
                data.toString());
        store.append(stream, entry.seq() - 1, epoch, List.of(entry));
        last = entry;
        state.take(entry);
    }

    /**
     * Checks that no entry was changed or left out: each carries the hash of the one before.
     *
     * @param application whose journal
     * @param store where it is kept
     * @return how many entries it has
     * @throws HyperionException naming the first entry that does not follow the one before
     */
    public static long verify(ApplicationId application, StateStore store) {
        StreamId stream = new StreamId(PREFIX + application);
        long count = 0;
        Optional<JournalEvent> before = Optional.empty();
        List<JournalEvent> all;
        try (Stream<JournalEvent> entries = store.read(stream, 1)) {
            all = entries.toList();
        }
        for (JournalEvent entry : all) {
            boolean follows = before.map(entry::follows)
                    .orElse(entry.seq() == 1 && entry.prevHash().equals(JournalEvent.GENESIS));
            if (!follows) {
                throw new HyperionException("journal " + stream + ": entry " + entry.seq()
                        + " does not follow the one before it; it, or an earlier one, was changed");
            }
            before = Optional.of(entry);
            count++;
        }
        return count;
    }
}
