// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.router;

import dev.hyperion.PluginException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The router's program, which travels inside our own jar, as a file that can be run. The file is named by its digest, so an
 * operator of another version never replaces the jar under a router that runs from it.
 */
final class RouterJar {
    private static final String RESOURCE = "hyperion-router.jar";

    private RouterJar() {}

    /**
     * Puts the jar into a folder, unless it is there whole.
     *
     * @param folder an existing folder
     * @return the file
     * @throws PluginException if this build has none, or it cannot be written
     */
    static Path in(Path folder) {
        byte[] content = content();
        byte[] digest = sha256(content);
        Path file = folder.resolve("hyperion-router-" + HexFormat.of().formatHex(digest, 0, 8) + ".jar");
        try {
            if (Files.isRegularFile(file) && Arrays.equals(sha256(Files.readAllBytes(file)), digest)) {
                return file;
            }
            Path beside = Files.createTempFile(folder, "hyperion-router", ".new");
            try (FileChannel out = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            return Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new PluginException("the router's program cannot be written to " + file + ": " + e, true, e);
        }
    }

    private static byte[] content() {
        try (InputStream in = RouterJar.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new PluginException(
                        "hyperion-deploy-local holds no " + RESOURCE + "; use a packaged build of it", false);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256; this one does not", e);
        }
    }
}
