// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.leader;

import dev.hyperion.HyperionException;
import dev.hyperion.TaskScheduler;
import dev.hyperion.spi.LeaderElector;
import dev.hyperion.spi.Leadership;
import dev.hyperion.spi.LeadershipListener;
import dev.hyperion.spi.StateStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Leads by a lock on a file. The kernel takes the lock away when the process ends, however it ends, and never before: a
 * process that is merely stopped still leads. The file is opened once, since closing any channel on it in this process would
 * give the lock up; who holds it is written in a file beside it.
 *
 * <p>Thread-safety: thread-safe.
 */
final class FileLeaderElector implements LeaderElector {
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final Path folder;
    private final StateStore store;
    private final TaskScheduler scheduler;
    private final List<Campaign> campaigns = new CopyOnWriteArrayList<>();

    FileLeaderElector(Path folder, StateStore store, TaskScheduler scheduler) {
        this.folder = folder;
        this.store = store;
        this.scheduler = scheduler;
    }

    @Override
    public Leadership campaign(String lock, LeadershipListener listener) {
        Campaign campaign = new Campaign(lock, listener);
        campaigns.add(campaign);
        campaign.attempt();
        return campaign;
    }

    @Override
    public void close() {
        campaigns.forEach(Campaign::close);
    }

    /** The lock of one name, held or waited for. */
    private final class Campaign implements Leadership {
        private final String name;
        private final LeadershipListener listener;
        private final Path lockFile;
        private final Path holderFile;
        private final FileChannel channel;
        private @Nullable FileLock lock;
        private TaskScheduler.@Nullable Task retry;
        private boolean closed;
        private volatile long epoch;

        Campaign(String name, LeadershipListener listener) {
            this.name = name;
            this.listener = listener;
            this.lockFile = folder.resolve(name + ".lock");
            this.holderFile = folder.resolve(name + ".holder");
            try {
                Files.createDirectories(folder);
                this.channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            } catch (IOException e) {
                throw new HyperionException("lock file " + lockFile + " cannot be opened: " + e);
            }
        }

        synchronized void attempt() {
            if (closed || lock != null) {
                return;
            }
            try {
                lock = channel.tryLock();
            } catch (OverlappingFileLockException e) {
                lock = null; // somebody else in this very process has it
            } catch (IOException e) {
                throw new HyperionException("lock file " + lockFile + " cannot be locked: " + e);
            }
            if (lock == null) {
                retry = scheduler.once("leadership of " + name, RETRY, this::attempt);
                return;
            }
            epoch = store.nextEpoch(name);
            try {
                Files.writeString(holderFile, "pid " + ProcessHandle.current().pid());
            } catch (IOException e) {
                throw new HyperionException("file " + holderFile + " cannot be written: " + e);
            }
            listener.acquired(this);
        }

        @Override
        public boolean held() {
            return epoch > 0;
        }

        @Override
        public long epoch() {
            return epoch;
        }

        @Override
        public Instant validUntil() {
            return held() ? Instant.MAX : Instant.EPOCH;
        }

        @Override
        public String holder() {
            try {
                return Files.readString(holderFile);
            } catch (IOException e) {
                return "";
            }
        }

        @Override
        public synchronized void close() {
            if (closed) {
                return;
            }
            closed = true;
            boolean led = epoch > 0;
            epoch = 0;
            if (retry != null) {
                retry.cancel();
            }
            try {
                channel.close();
            } catch (IOException e) {
                throw new HyperionException("lock file " + lockFile + " cannot be closed: " + e);
            }
            if (led) {
                listener.lost("given up");
            }
        }
    }
}
