// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.store;

import dev.hyperion.ConflictException;
import dev.hyperion.FencedException;
import dev.hyperion.HyperionException;
import dev.hyperion.PluginException;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.Snapshot;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.StreamId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Keeps journals in a database through JDBC, one connection for all. An append is one transaction: epoch and last entry are
 * looked at and the entries written, or nothing is.
 *
 * <p>Thread-safety: thread-safe, one call at a time.
 */
final class JdbcStateStore implements StateStore {
    private static final List<String> TABLES = List.of(
            "CREATE TABLE IF NOT EXISTS hyperion_journal (stream VARCHAR(200) NOT NULL, seq BIGINT NOT NULL,"
                    + " epoch BIGINT NOT NULL, type VARCHAR(100) NOT NULL, schema_version INT NOT NULL,"
                    + " at_millis BIGINT NOT NULL, who VARCHAR(200) NOT NULL, prev_hash CHAR(64) NOT NULL,"
                    + " data TEXT NOT NULL, PRIMARY KEY (stream, seq))",
            "CREATE TABLE IF NOT EXISTS hyperion_snapshot (stream VARCHAR(200) NOT NULL PRIMARY KEY,"
                    + " seq BIGINT NOT NULL, at_millis BIGINT NOT NULL, data TEXT NOT NULL)",
            "CREATE TABLE IF NOT EXISTS hyperion_epoch (one INT NOT NULL PRIMARY KEY, newest BIGINT NOT NULL)");

    private final String url;
    private final Connection connection;

    private JdbcStateStore(String url, Connection connection) {
        this.url = url;
        this.connection = connection;
    }

    /** Opens the database and creates its tables where they are missing. */
    static JdbcStateStore open(String url, Properties properties, String driver) {
        Connection connection;
        try {
            connection = DriverManager.getConnection(url, properties);
        } catch (SQLException e) {
            boolean none = "08001".equals(e.getSQLState())
                    && String.valueOf(e.getMessage()).contains("No suitable driver");
            throw new HyperionException(
                    none
                            ? "store " + url + ": no JDBC driver takes it; add " + driver + " to the class path"
                            : "store " + url + " cannot be opened: " + e.getMessage());
        }
        JdbcStateStore store = new JdbcStateStore(url, connection);
        try {
            try (Statement statement = connection.createStatement()) {
                for (String table : TABLES) {
                    statement.execute(table);
                }
                statement.execute("INSERT INTO hyperion_epoch (one, newest) SELECT 1, 0"
                        + " WHERE NOT EXISTS (SELECT 1 FROM hyperion_epoch)");
            }
            return store;
        } catch (SQLException e) {
            store.close();
            throw new HyperionException("store " + url + " cannot be used: " + e.getMessage());
        }
    }

    /** What is done in one transaction. */
    private interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    private synchronized <T> T transaction(Work<T> work) {
        try {
            // a transaction is open for as long as it works and not longer: others use the same database
            connection.setAutoCommit(false);
            T result = work.in(connection);
            connection.commit();
            return result;
        } catch (SQLException e) {
            rollBack();
            throw new PluginException("store " + url + " failed: " + e.getMessage() + "; nothing was written", true, e);
        } catch (RuntimeException e) {
            rollBack();
            throw e;
        } finally {
            release();
        }
    }

    private void release() {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            throw new PluginException("store " + url + " cannot end a transaction: " + e.getMessage(), true, e);
        }
    }

    private void rollBack() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new PluginException("store " + url + " cannot take back a transaction: " + e.getMessage(), true, e);
        }
    }

    @Override
    public long append(StreamId stream, long expectedSeq, long epoch, List<JournalEvent> events) {
        Appends.check(stream, expectedSeq, events);
        return transaction(db -> {
            requireNewest(db, stream, epoch);
            long last =
                    number(db, "SELECT COALESCE(MAX(seq), 0) FROM hyperion_journal WHERE stream = ?", stream.value());
            if (last != expectedSeq) {
                throw new ConflictException("journal " + stream, Long.toString(expectedSeq), Long.toString(last));
            }
            try (PreparedStatement insert = db.prepareStatement(
                    "INSERT INTO hyperion_journal (stream, seq, epoch, type, schema_version, at_millis, who, prev_hash,"
                            + " data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                for (JournalEvent event : events) {
                    insert.setString(1, stream.value());
                    insert.setLong(2, event.seq());
                    insert.setLong(3, event.epoch());
                    insert.setString(4, event.type());
                    insert.setInt(5, event.schemaVersion());
                    insert.setLong(6, event.at().toEpochMilli());
                    insert.setString(7, event.who());
                    insert.setString(8, event.prevHash());
                    insert.setString(9, event.data());
                    insert.executeUpdate();
                }
            }
            return expectedSeq + events.size();
        });
    }

    private static void requireNewest(Connection db, StreamId stream, long epoch) throws SQLException {
        long newest = number(db, "SELECT newest FROM hyperion_epoch WHERE one = 1");
        if (epoch != 0 && epoch < newest) {
            throw new FencedException("store (" + stream + ")", epoch, newest);
        }
    }

    private static long number(Connection db, String query, String... parameters) throws SQLException {
        try (PreparedStatement select = db.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                select.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    @Override
    public Stream<JournalEvent> read(StreamId stream, long fromSeq) {
        return read(stream, fromSeq, Long.MAX_VALUE);
    }

    @Override
    public Stream<JournalEvent> read(StreamId stream, long fromSeq, long toSeq) {
        return transaction(db -> {
                    List<JournalEvent> events = new ArrayList<>();
                    try (PreparedStatement select = db.prepareStatement(
                            "SELECT seq, epoch, type, schema_version, at_millis, who, prev_hash, data FROM"
                                    + " hyperion_journal WHERE stream = ? AND seq BETWEEN ? AND ? ORDER BY seq")) {
                        select.setString(1, stream.value());
                        select.setLong(2, fromSeq);
                        select.setLong(3, toSeq);
                        try (ResultSet row = select.executeQuery()) {
                            while (row.next()) {
                                events.add(new JournalEvent(
                                        row.getLong(1),
                                        row.getLong(2),
                                        row.getString(3),
                                        row.getInt(4),
                                        Instant.ofEpochMilli(row.getLong(5)),
                                        row.getString(6),
                                        row.getString(7),
                                        row.getString(8)));
                            }
                        }
                    }
                    return events;
                })
                .stream();
    }

    @Override
    public List<StreamId> streams(String prefix) {
        return transaction(db -> {
            List<StreamId> names = new ArrayList<>();
            try (PreparedStatement select =
                            db.prepareStatement("SELECT DISTINCT stream FROM hyperion_journal ORDER BY stream");
                    ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (row.getString(1).startsWith(prefix)) {
                        names.add(new StreamId(row.getString(1)));
                    }
                }
            }
            return names;
        });
    }

    @Override
    public Optional<Snapshot> latest(StreamId stream) {
        return transaction(db -> {
            try (PreparedStatement select =
                    db.prepareStatement("SELECT seq, at_millis, data FROM hyperion_snapshot WHERE stream = ?")) {
                select.setString(1, stream.value());
                try (ResultSet row = select.executeQuery()) {
                    return row.next()
                            ? Optional.of(new Snapshot(
                                    row.getLong(1), Instant.ofEpochMilli(row.getLong(2)), row.getString(3)))
                            : Optional.<Snapshot>empty();
                }
            }
        });
    }

    @Override
    public void save(StreamId stream, Snapshot snapshot, long epoch) {
        transaction(db -> {
            requireNewest(db, stream, epoch);
            long kept = number(db, "SELECT seq FROM hyperion_snapshot WHERE stream = ?", stream.value());
            if (kept <= snapshot.seq()) {
                try (PreparedStatement delete = db.prepareStatement("DELETE FROM hyperion_snapshot WHERE stream = ?")) {
                    delete.setString(1, stream.value());
                    delete.executeUpdate();
                }
                try (PreparedStatement insert = db.prepareStatement(
                        "INSERT INTO hyperion_snapshot (stream, seq, at_millis, data) VALUES (?, ?, ?, ?)")) {
                    insert.setString(1, stream.value());
                    insert.setLong(2, snapshot.seq());
                    insert.setLong(3, snapshot.at().toEpochMilli());
                    insert.setString(4, snapshot.data());
                    insert.executeUpdate();
                }
            }
            return kept;
        });
    }

    @Override
    public void forget(StreamId stream, long beforeSeq) {
        transaction(db -> {
            long contained = number(db, "SELECT seq FROM hyperion_snapshot WHERE stream = ?", stream.value());
            long last = number(db, "SELECT MAX(seq) FROM hyperion_journal WHERE stream = ?", stream.value());
            try (PreparedStatement delete =
                    db.prepareStatement("DELETE FROM hyperion_journal WHERE stream = ? AND seq < ?")) {
                delete.setString(1, stream.value());
                delete.setLong(2, Math.min(Math.min(beforeSeq, contained), last));
                return delete.executeUpdate();
            }
        });
    }

    @Override
    public long nextEpoch(String lock) {
        return transaction(db -> {
            try (Statement update = db.createStatement()) {
                update.executeUpdate("UPDATE hyperion_epoch SET newest = newest + 1 WHERE one = 1");
            }
            return number(db, "SELECT newest FROM hyperion_epoch WHERE one = 1");
        });
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new PluginException("store " + url + " cannot be closed: " + e.getMessage(), false, e);
        }
    }
}
