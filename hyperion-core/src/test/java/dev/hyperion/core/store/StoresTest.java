// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.ConflictException;
import dev.hyperion.FencedException;
import dev.hyperion.HyperionException;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.Snapshot;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.StreamId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoresTest {
    private static final StreamId STREAM = new StreamId("deploy/shop");
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    private Path folder;

    private StateStore open(String kind) {
        if (kind.equals("memory")) {
            return new MemoryStateStore();
        }
        Properties properties = new Properties();
        properties.setProperty("journal_mode", "WAL");
        properties.setProperty("synchronous", "FULL");
        return JdbcStateStore.open("jdbc:sqlite:" + folder.resolve("state.db"), properties, "org.xerial:sqlite-jdbc");
    }

    private static List<JournalEvent> events(long from, int count) {
        List<JournalEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(
                    new JournalEvent(from + i, 1, "t", 1, NOW, "ann", JournalEvent.GENESIS, "{\"n\":\"ü" + i + "\"}"));
        }
        return events;
    }

    private static List<JournalEvent> all(StateStore store, long from) {
        try (Stream<JournalEvent> events = store.read(STREAM, from)) {
            return events.toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "sqlite"})
    void whatWasAppendedIsReadInOrder(String kind) {
        try (StateStore store = open(kind)) {
            assertThat(store.append(STREAM, 0, 0, events(1, 3))).isEqualTo(3);
            assertThat(store.append(STREAM, 3, 0, events(4, 1))).isEqualTo(4);
            assertThat(all(store, 1))
                    .isEqualTo(Stream.concat(events(1, 3).stream(), events(4, 1).stream())
                            .toList());
            assertThat(all(store, 4)).hasSize(1);
            assertThat(store.streams("deploy/")).containsExactly(STREAM);
            assertThat(store.streams("autoscale/")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "sqlite"})
    void anAppendAfterAnotherEntryThanTheLastChangesNothing(String kind) {
        try (StateStore store = open(kind)) {
            store.append(STREAM, 0, 0, events(1, 2));
            assertThatThrownBy(() -> store.append(STREAM, 1, 0, events(2, 1)))
                    .isInstanceOf(ConflictException.class)
                    .hasMessageContaining("is at generation 2, not 1");
            assertThat(all(store, 1)).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "sqlite"})
    void anOldEpochIsFenced(String kind) {
        try (StateStore store = open(kind)) {
            long old = store.nextEpoch("operator");
            long now = store.nextEpoch("operator");
            assertThat(now).isGreaterThan(old);
            assertThatThrownBy(() -> store.append(STREAM, 0, old, events(1, 1))).isInstanceOf(FencedException.class);
            assertThatThrownBy(() -> store.save(STREAM, new Snapshot(1, NOW, "{}"), old))
                    .isInstanceOf(FencedException.class);
            assertThat(store.append(STREAM, 0, now, events(1, 1))).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "sqlite"})
    void anOlderSnapshotDoesNotReplaceANewerOne(String kind) {
        try (StateStore store = open(kind)) {
            assertThat(store.latest(STREAM)).isEmpty();
            store.save(STREAM, new Snapshot(5, NOW, "{\"new\":1}"), 0);
            store.save(STREAM, new Snapshot(3, NOW, "{\"old\":1}"), 0);
            assertThat(store.latest(STREAM)).contains(new Snapshot(5, NOW, "{\"new\":1}"));
        }
    }

    @Test
    void sqliteRemembersOverARestart() {
        long epoch;
        try (StateStore store = open("sqlite")) {
            epoch = store.nextEpoch("operator");
            store.append(STREAM, 0, epoch, events(1, 2));
        }
        try (StateStore store = open("sqlite")) {
            assertThat(all(store, 1)).hasSize(2);
            assertThat(store.nextEpoch("operator")).isGreaterThan(epoch);
        }
    }

    @Test
    void aDatabaseWithoutADriverNamesTheArtifact() {
        assertThatThrownBy(() -> JdbcStateStore.open("jdbc:nothing:x", new Properties(), "org.example:driver"))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("add org.example:driver to the class path");
    }
}
