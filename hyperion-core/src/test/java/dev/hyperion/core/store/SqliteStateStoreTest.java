// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.HyperionException;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.StreamId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
        return open(folder.resolve("state.db"));
    }

    private static StateStore open(Path file) {
        Properties properties = new Properties();
        properties.setProperty("journal_mode", "WAL");
        properties.setProperty("synchronous", "FULL");
        return JdbcStateStore.open("jdbc:sqlite:" + file, properties, "org.xerial:sqlite-jdbc");
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
    void whatAKilledWriterWasToldIsKeptIsThereAndWhole() throws IOException {
        for (int life = 0; life < 3; life++) {
            Process writer = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            EndlessWriter.class.getName(),
                            folder.resolve("state.db").toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            long kept = 0;
            try (BufferedReader told = writer.inputReader(StandardCharsets.UTF_8)) {
                for (int i = 0; i < 20; i++) {
                    kept = Long.parseLong(told.readLine());
                }
                writer.destroyForcibly().onExit().join();
            }
            try (StateStore store = open()) {
                List<JournalEvent> events = all(store, 1);
                assertThat(events).hasSizeGreaterThanOrEqualTo((int) kept);
                for (int i = 0; i < events.size(); i++) {
                    assertThat(events.get(i).seq()).isEqualTo(i + 1L);
                }
                assertThat(events.size() % 2).as("a batch is kept whole").isZero();
            }
        }
    }

    /** A JVM that appends pairs of events and tells each pair that it was promised is kept, until it is killed. */
    static final class EndlessWriter {
        private EndlessWriter() {}

        public static void main(String[] args) {
            try (StateStore store = open(Path.of(args[0]))) {
                long epoch = store.nextEpoch("operator");
                long last = all(store, 1).size();
                while (true) {
                    last = store.append(STREAM, last, epoch, events(last + 1, 2));
                    System.out.println(last);
                }
            }
        }
    }

    @Test
    void aDatabaseWithoutADriverNamesTheArtifact() {
        assertThatThrownBy(() -> JdbcStateStore.open("jdbc:nothing:x", new Properties(), "org.example:driver"))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("add org.example:driver to the class path");
    }
}
