// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.artifact;

import dev.hyperion.Deadline;
import dev.hyperion.PluginException;
import dev.hyperion.deploy.ArtifactRef;
import dev.hyperion.spi.PreparedArtifact;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Keeps artifacts unpacked, each under its digest. What is kept was complete when it got its name: it is unpacked elsewhere
 * and moved there in one step.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class ArtifactKeeper {
    private final Path folder;
    private final ArchiveLimits limits;

    /**
     * Keeps artifacts in a folder.
     *
     * @param folder made when it is needed
     * @param limits what an archive may be at most
     */
    public ArtifactKeeper(Path folder, ArchiveLimits limits) {
        this.folder = folder;
        this.limits = limits;
    }

    /**
     * Makes sure that an artifact is kept.
     *
     * @param artifact a {@code .tar.gz} or a directory
     * @param deadline how long there is
     * @return where it is kept
     * @throws PluginException if it is not there, is not safe to unpack, or has another digest; then nothing is kept
     */
    public PreparedArtifact prepare(ArtifactRef artifact, Deadline deadline) {
        if (artifact.sha256().isPresent()) {
            Path kept = folder.resolve(artifact.sha256().get());
            if (Files.isDirectory(kept)) {
                return new PreparedArtifact(artifact.sha256().get(), kept.toString(), artifact.path());
            }
        }
        Path source = Path.of(artifact.path());
        if (!Files.exists(source)) {
            throw new PluginException(
                    "artifact " + artifact.path() + " does not exist; build it, or correct artifact_path", false);
        }
        try {
            String digest = Files.isDirectory(source) ? digestOfFolder(source) : digestOfFile(source);
            artifact.sha256().filter(wanted -> !wanted.equals(digest)).ifPresent(wanted -> {
                throw new PluginException(
                        "artifact " + artifact.path() + " has the sha256 " + digest + ", not " + wanted
                                + " as asked; it was changed or is another one",
                        false);
            });
            deadline.check("preparing " + artifact.path());
            Path kept = folder.resolve(digest);
            if (!Files.isDirectory(kept)) {
                keep(source, kept);
            }
            return new PreparedArtifact(digest, kept.toString(), artifact.path());
        } catch (IOException e) {
            throw new PluginException(
                    "artifact " + artifact.path() + " cannot be prepared: " + e.getMessage(), false, e);
        }
    }

    private void keep(Path source, Path kept) throws IOException {
        Files.createDirectories(folder);
        Path making = folder.resolve(".making-" + UUID.randomUUID());
        try {
            if (Files.isDirectory(source)) {
                copy(source, making);
            } else {
                new TarGzUnpacker(limits).unpack(source, making);
            }
            try {
                Files.move(making, kept, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileSystemException e) {
                if (!Files.isDirectory(kept)) {
                    throw e;
                } // else somebody kept the same artifact a moment ago
            }
        } finally {
            delete(making);
        }
    }

    private static String digestOfFile(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Over each file's path, whether it can be executed, and its content, in the order of the paths. */
    private static String digestOfFolder(Path root) throws IOException {
        MessageDigest digest = sha256();
        for (Path file : files(root)) {
            String line = root.relativize(file) + "\0" + Files.isExecutable(file) + "\0" + digestOfFile(file) + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path file : files(from)) {
            Path target = to.resolve(from.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
