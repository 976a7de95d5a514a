// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ConflictException;
import dev.hyperion.FencedException;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.Snapshot;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.StreamId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link StateStore} keeps to. Extend it and make a store. */
public abstract class StateStoreContract {
    private static final StreamId STREAM = new StreamId("contract/one");
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    /** For subclasses. */
    protected StateStoreContract() {}

    /**
     * Makes an empty store.
     *
     * @return a store that nobody else uses; the contract closes it
     */
    protected abstract StateStore store();

    private static List<JournalEvent> events(long from, int count) {
        List<JournalEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(new JournalEvent(
                    from + i,
                    0,
                    "contract",
                    1,
                    NOW,
                    "tck",
                    JournalEvent.GENESIS,
                    "{\"n\":\"\u00e9" + (from + i) + "\"}"));
        }
        return events;
    }

    private static List<JournalEvent> read(StateStore store, long from) {
        try (Stream<JournalEvent> events = store.read(STREAM, from)) {
            return events.toList();
        }
    }

    /** Entries come back equal and in order. */
    @Test
    public void whatWasAppendedIsReadBackEqualAndInOrder() {
        try (StateStore store = store()) {
            assertThat(store.append(STREAM, 0, 0, events(1, 3))).isEqualTo(3);
            assertThat(store.append(STREAM, 3, 0, events(4, 2))).isEqualTo(5);
            assertThat(read(store, 1)).isEqualTo(events(1, 5));
            assertThat(read(store, 4)).isEqualTo(events(4, 2));
            assertThat(read(store, 6)).isEmpty();
        }
    }

    /** A writer who has missed an entry is told and changes nothing. */
    @Test
    public void anAppendAfterAnotherEntryThanTheLastConflictsAndChangesNothing() {
        try (StateStore store = store()) {
            store.append(STREAM, 0, 0, events(1, 2));
            assertThatThrownBy(() -> store.append(STREAM, 0, 0, events(1, 1))).isInstanceOf(ConflictException.class);
            assertThatThrownBy(() -> store.append(STREAM, 5, 0, events(6, 1))).isInstanceOf(ConflictException.class);
            assertThat(read(store, 1)).hasSize(2);
        }
    }

    /** Of several writers that append after the same entry, one wins. */
    @Test
    public void ofWritersAtTheSamePlaceExactlyOneWins() throws InterruptedException {
        try (StateStore store = store()) {
            AtomicInteger won = new AtomicInteger();
            CountDownLatch start = new CountDownLatch(1);
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Thread writer = new Thread(() -> {
                    try {
                        start.await();
                        store.append(STREAM, 0, 0, events(1, 1));
                        won.incrementAndGet();
                    } catch (ConflictException e) {
                        // as it should be for all but one
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
                writer.start();
                writers.add(writer);
            }
            start.countDown();
            for (Thread writer : writers) {
                writer.join();
            }
            assertThat(won.get()).isEqualTo(1);
            assertThat(read(store, 1)).hasSize(1);
        }
    }

    /** Epochs rise, whatever the lock. */
    @Test
    public void epochsRiseStrictlyWhateverTheLock() {
        try (StateStore store = store()) {
            long first = store.nextEpoch("a");
            long second = store.nextEpoch("b");
            long third = store.nextEpoch("a");
            assertThat(first).isPositive();
            assertThat(second).isGreaterThan(first);
            assertThat(third).isGreaterThan(second);
        }
    }

    /** A leader that was replaced cannot write any more. */
    @Test
    public void anEpochThatIsNotTheNewestIsFenced() {
        try (StateStore store = store()) {
            long old = store.nextEpoch("operator");
            long newest = store.nextEpoch("operator");
            assertThatThrownBy(() -> store.append(STREAM, 0, old, events(1, 1))).isInstanceOf(FencedException.class);
            assertThatThrownBy(() -> store.save(STREAM, new Snapshot(1, NOW, "{}"), old))
                    .isInstanceOf(FencedException.class);
            assertThat(store.append(STREAM, 0, newest, events(1, 1))).isEqualTo(1);
            assertThat(store.append(STREAM, 1, 0, events(2, 1)))
                    .as("0 needs no leadership")
                    .isEqualTo(2);
        }
    }

    /** The newest snapshot stays. */
    @Test
    public void anOlderSnapshotNeverReplacesANewerOne() {
        try (StateStore store = store()) {
            assertThat(store.latest(STREAM)).isEmpty();
            store.save(STREAM, new Snapshot(7, NOW, "{\"a\":7}"), 0);
            store.save(STREAM, new Snapshot(6, NOW, "{\"a\":6}"), 0);
            assertThat(store.latest(STREAM)).contains(new Snapshot(7, NOW, "{\"a\":7}"));
        }
    }

    /** What a snapshot contains may be forgotten; what came after it may not, and the journal goes on where it was. */
    @Test
    public void onlyWhatASnapshotContainsIsForgottenAndTheJournalGoesOn() {
        try (StateStore store = store()) {
            store.append(STREAM, 0, 0, events(1, 5));
            store.forget(STREAM, 5);
            assertThat(read(store, 1)).as("nothing is kept elsewhere").isEqualTo(events(1, 5));

            store.save(STREAM, new Snapshot(3, NOW, "{}"), 0);
            store.forget(STREAM, 100);

            assertThat(read(store, 4)).isEqualTo(events(4, 2));
            assertThat(store.append(STREAM, 5, 0, events(6, 1))).isEqualTo(6);
            assertThat(read(store, 4)).isEqualTo(events(4, 3));
            assertThat(store.latest(STREAM)).contains(new Snapshot(3, NOW, "{}"));
        }
    }

    /** A part of a journal is read by its first and its last entry, as far as they are there. */
    @Test
    public void aPartOfAJournalIsReadFromItsFirstToItsLastEntry() {
        try (StateStore store = store()) {
            store.append(STREAM, 0, 0, events(1, 5));
            for (int[] part : new int[][] {{2, 4, 3}, {5, 5, 1}, {4, 9, 2}, {6, 9, 0}, {3, 2, 0}}) {
                try (Stream<JournalEvent> events = store.read(STREAM, part[0], part[1])) {
                    assertThat(events.toList())
                            .as("from %d to %d", part[0], part[1])
                            .isEqualTo(events(part[0], part[2]));
                }
            }
        }
    }

    /** Journals are listed by the start of their names. */
    @Test
    public void journalsAreListedByTheStartOfTheirNames() {
        try (StateStore store = store()) {
            store.append(STREAM, 0, 0, events(1, 1));
            store.append(new StreamId("other/one"), 0, 0, events(1, 1));
            assertThat(store.streams("contract/")).containsExactly(STREAM);
            assertThat(store.streams("")).hasSize(2);
        }
    }
}
