// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The router's folder: {@code table.json} (the table), {@code router.json} (who and where this router is) and {@code
 * router.lock} (held while it lives, so that no two routers share a folder). Both files are replaced whole: written beside,
 * forced to the disk, renamed, and the rename forced too.
 *
 * <p>Thread-safety: confined to the table keeper's lock, after the start.
 */
final class StateFolder implements Closeable {
    private final Path folder;
    private final FileChannel lockFile;

    private StateFolder(Path folder, FileChannel lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /**
     * Opens the folder, making it if need be.
     *
     * @throws RouterRefusal if another router lives in it
     */
    static StateFolder open(Path folder) throws IOException, RouterRefusal {
        Files.createDirectories(folder);
        FileChannel channel =
                FileChannel.open(folder.resolve("router.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            // The kernel frees the lock when the process ends, however it ends.
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new RouterRefusal(
                        "state folder " + folder
                                + " belongs to a router that is alive; stop it, or give this one a folder of its own",
                        RouterRefusal.OCCUPIED);
            }
            return new StateFolder(folder, channel);
        } catch (IOException | RuntimeException | RouterRefusal e) {
            channel.close();
            throw e;
        }
    }

    RouteTable readTable() throws IOException {
        String text = read("table.json");
        if (text == null) {
            return RouteTable.EMPTY;
        }
        try {
            return TableJson.parse(text);
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    folder.resolve("table.json") + " holds no table (" + e.getMessage()
                            + "); remove it to start with an empty table",
                    e);
        }
    }

    void writeTable(RouteTable table) throws IOException {
        replace("table.json", TableJson.write(table));
    }

    void writeIdentity(String json) throws IOException {
        replace("router.json", json);
    }

    private @Nullable String read(String name) throws IOException {
        try {
            return Files.readString(folder.resolve(name));
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private void replace(String name, String text) throws IOException {
        Path beside = folder.resolve(name + ".new");
        try (FileChannel out = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        try {
            Files.move(
                    beside, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("the file system of " + folder + " cannot rename atomically; use a local one", e);
        }
        try (FileChannel itself = FileChannel.open(folder, StandardOpenOption.READ)) {
            itself.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
