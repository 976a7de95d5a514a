// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.router;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The folder of one application's router: its own files ({@code router.json}, {@code table.json}, {@code router.lock}), the
 * token of its admin port and its log. Only the owner may read it.
 *
 * <p>Thread-safety: immutable; the files are guarded by the {@link RouterKeeper}.
 */
final class RouterHome {
    private static final long LARGEST_LOG = 10L << 20;
    private static final int LINES_TOLD = 5;
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path folder;

    RouterHome(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    Path tokenFile() {
        return folder.resolve("token");
    }

    Path log() {
        return folder.resolve("router.log");
    }

    /** Whether a router has ever served from here. */
    boolean inhabited() {
        return Files.exists(folder.resolve("router.json"));
    }

    /** Makes the folder and the token, if need be, and puts a log away that has grown too large. */
    void prepare() throws IOException {
        Files.createDirectories(folder, PRIVATE_FOLDER);
        if (!Files.exists(tokenFile())) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            Path beside = Files.createTempFile(folder, "token", ".new", PRIVATE_FILE);
            Files.writeString(beside, HexFormat.of().formatHex(random), StandardCharsets.US_ASCII);
            Files.move(beside, tokenFile(), StandardCopyOption.ATOMIC_MOVE);
        }
        if (Files.exists(log()) && Files.size(log()) > LARGEST_LOG) {
            Files.move(log(), folder.resolve("router.log.1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    String token() throws IOException {
        return Files.readString(tokenFile(), StandardCharsets.US_ASCII).strip();
    }

    /** The router that last started here, alive or not. */
    Optional<FoundRouter> lastRouter() throws IOException {
        try {
            return Optional.of(FoundRouter.from(JsonTree.parse(Files.readString(folder.resolve("router.json")))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** The end of the log, in one line. */
    String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log(), StandardCharsets.ISO_8859_1);
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - LINES_TOLD), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e + ")";
        }
    }
}
