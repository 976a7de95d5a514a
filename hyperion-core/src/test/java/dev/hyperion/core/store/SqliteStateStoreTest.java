// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.HyperionException;
import dev.hyperion.spi.JournalEvent;
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

class SqliteStateStoreTest {
    private static final StreamId STREAM = new StreamId("deploy/shop");
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    private Path folder;

    private StateStore open() {
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

    @Test
    void sqliteRemembersOverARestart() {
        long epoch;
        try (StateStore store = open()) {
            epoch = store.nextEpoch("operator");
            store.append(STREAM, 0, epoch, events(1, 2));
        }
        try (StateStore store = open()) {
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
