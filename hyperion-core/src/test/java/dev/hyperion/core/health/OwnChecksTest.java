// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.HyperionException;
import dev.hyperion.monitoring.HealthCheck;
import dev.hyperion.monitoring.HealthFinding;
import dev.hyperion.monitoring.HealthStatus;
import dev.hyperion.spi.JournalEvent;
import dev.hyperion.spi.Snapshot;
import dev.hyperion.spi.StateStore;
import dev.hyperion.spi.StreamId;
import dev.hyperion.tck.HealthCheckContract;
import dev.hyperion.tck.SimulatedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnChecksTest {
    @TempDir
    private Path folder;

    private static HealthFinding found(HealthCheck check) throws Exception {
        return check.check(Deadline.in(HyperionClock.system(), Duration.ofSeconds(5)));
    }

    @Test
    void aDiskWithRoomTellsHowMuch() throws Exception {
        HealthFinding finding = found(OwnChecks.disk(folder.resolve("not/there/yet"), 1));

        assertThat(finding.status()).isEqualTo(HealthStatus.UP);
        assertThat(finding.detail()).contains("MiB free in");
    }

    @Test
    void aDiskWithoutRoomTellsWhatToDo() throws Exception {
        HealthFinding finding = found(OwnChecks.disk(folder, Long.MAX_VALUE));

        assertThat(finding.status()).isEqualTo(HealthStatus.DOWN);
        assertThat(finding.detail()).endsWith("make room, or set health.disk_free");
    }

    /** The check of the store keeps to what every check keeps to. */
    @Nested
    class OfTheStore extends HealthCheckContract {
        private final Store store = new Store();

        @Override
        protected HealthCheck check() {
            return OwnChecks.store(store);
        }

        @Override
        protected void takeAway() {
            store.gone = true;
        }

        @Override
        protected boolean hang() {
            store.hangs = true;
            return true;
        }
    }

    private static final class Store implements StateStore {
        private final SimulatedStore right = new SimulatedStore();
        private volatile boolean gone;
        private volatile boolean hangs;

        @Override
        public long append(StreamId stream, long expectedSeq, long epoch, List<JournalEvent> events) {
            return right.append(stream, expectedSeq, epoch, events);
        }

        @Override
        public Stream<JournalEvent> read(StreamId stream, long fromSeq) {
            return right.read(stream, fromSeq);
        }

        @Override
        public List<StreamId> streams(String prefix) {
            return right.streams(prefix);
        }

        @Override
        public Optional<Snapshot> latest(StreamId stream) {
            if (gone) {
                throw new HyperionException("the database is gone");
            }
            if (hangs) {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new HyperionException("interrupted");
                }
            }
            return right.latest(stream);
        }

        @Override
        public void save(StreamId stream, Snapshot snapshot, long epoch) {
            right.save(stream, snapshot, epoch);
        }

        @Override
        public long nextEpoch(String lock) {
            return right.nextEpoch(lock);
        }

        @Override
        public void close() {}
    }
}
