// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.artifact;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Unpacks a {@code .tar.gz} into a new folder. An archive is refused as a whole if any entry would land outside, is a link out
 * of the folder or no plain file, is there twice, or if there is too much of it.
 */
final class TarGzUnpacker {
    private static final int EXECUTABLE = 0b001_001_001;

    private final ArchiveLimits limits;
    private int entries;
    private long bytes;

    TarGzUnpacker(ArchiveLimits limits) {
        this.limits = limits;
    }

    void unpack(Path archive, Path folder) throws IOException {
        Files.createDirectories(folder);
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
                InputStream unzipped = GzipCompressorInputStream.builder()
                        .setInputStream(file)
                        .setDecompressConcatenated(true)
                        .get();
                TarArchiveInputStream tar = new TarArchiveInputStream(unzipped)) {
            TarArchiveEntry entry = tar.getNextEntry();
            if (entry == null) {
                throw new IOException("the archive is empty");
            }
            while (entry != null) {
                if (++entries > limits.entries()) {
                    throw new IOException("the archive has more than " + limits.entries() + " entries");
                }
                unpack(tar, entry, folder);
                entry = tar.getNextEntry();
            }
        }
        requireLinksInside(folder);
    }

    /** Links may lead through other links, so where they end is known only once all are there. */
    private static void requireLinksInside(Path folder) throws IOException {
        Path root = folder.toRealPath();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path link : all.filter(Files::isSymbolicLink).toList()) {
                if (!Files.exists(link) || !link.toRealPath().startsWith(root)) {
                    throw new IOException("entry " + folder.relativize(link) + " is a link to "
                            + Files.readSymbolicLink(link) + ", which leads outside of its folder or nowhere");
                }
            }
        }
    }

    private void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder) throws IOException {
        Path target = inside(folder, entry.getName());
        if (entry.isDirectory()) {
            Files.createDirectories(target);
        } else if (entry.isSymbolicLink()) {
            link(entry, folder, target);
        } else if (isPlainFile(entry)) {
            Files.createDirectories(target.getParent());
            write(tar, entry, target);
        } else {
            throw new IOException("entry " + entry.getName() + " is neither a file, a folder nor a symbolic link");
        }
    }

    private static boolean isPlainFile(TarArchiveEntry entry) {
        boolean special = entry.isLink() || entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO();
        return entry.isFile() && !special;
    }

    private static Path inside(Path folder, String name) throws IOException {
        Path target = folder.resolve(name).normalize();
        if (name.startsWith("/") || !target.startsWith(folder)) {
            throw new IOException("entry " + name + " would be unpacked outside of its folder");
        }
        // a link that was unpacked before must not lead the entry elsewhere
        for (Path part = target.getParent();
                part != null && part.startsWith(folder) && !part.equals(folder);
                part = part.getParent()) {
            if (Files.isSymbolicLink(part)) {
                throw new IOException(
                        "entry " + name + " would be unpacked through the link " + folder.relativize(part));
            }
        }
        return target;
    }

    private static void link(TarArchiveEntry entry, Path folder, Path target) throws IOException {
        Path pointsTo = target.resolveSibling(entry.getLinkName()).normalize();
        if (entry.getLinkName().startsWith("/") || !pointsTo.startsWith(folder)) {
            throw new IOException(
                    "entry " + entry.getName() + " is a link to " + entry.getLinkName() + ", outside of its folder");
        }
        Files.createDirectories(target.getParent());
        Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    }

    private void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("entry " + entry.getName() + " is there twice");
        }
        try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
            byte[] buffer = new byte[65_536];
            for (int read = tar.read(buffer); read >= 0; read = tar.read(buffer)) {
                bytes += read;
                if (bytes > limits.bytes()) {
                    throw new IOException("the archive unpacks to more than " + limits.bytes() + " bytes");
                }
                out.write(buffer, 0, read);
            }
        }
        boolean executable = (entry.getMode() & EXECUTABLE) != 0;
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
