// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli.operator;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * How commands find the instances of this machine: each writes a file that only its owner may read, with where it is, the key
 * and which process it is. A file whose process is gone counts for nothing.
 */
public final class Discovery {
    private final Path folder;

    /**
     * An instance that runs.
     *
     * @param url where its endpoints are
     * @param key its API key
     * @param dataFolder where its state is
     */
    public record Found(URI url, String key, String dataFolder) {}

    /**
     * Looks in a folder.
     *
     * @param folder made when an instance announces itself
     */
    public Discovery(Path folder) {
        this.folder = folder;
    }

    /**
     * Looks where this user's instances announce themselves: under {@code HYPERION_HOME}, or {@code ~/.hyperion}.
     *
     * @return the usual place
     */
    public static Discovery usual() {
        return new Discovery(home().resolve("instances"));
    }

    /**
     * Where this user's instances keep what they keep, unless told otherwise.
     *
     * @return {@code HYPERION_HOME}, or {@code ~/.hyperion}
     */
    public static Path home() {
        return Optional.ofNullable(System.getenv("HYPERION_HOME"))
                .or(() -> Optional.ofNullable(System.getProperty("hyperion.home")))
                .map(Path::of)
                .orElse(Path.of(System.getProperty("user.home"), ".hyperion"));
    }

    /**
     * Announces an instance of this process.
     *
     * @param instance the instance
     * @return the file, to be deleted when the instance ends
     * @throws IOException if it cannot be written
     */
    public Path announce(Found instance) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        long pid = ProcessHandle.current().pid();
        Properties properties = new Properties();
        properties.setProperty("url", instance.url().toString());
        properties.setProperty("key", instance.key());
        properties.setProperty("data_folder", instance.dataFolder());
        properties.setProperty("pid", Long.toString(pid));
        properties.setProperty("started", started(ProcessHandle.current()));
        Path file = folder.resolve(pid + ".properties");
        Path fresh = folder.resolve(pid + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (Writer writer = Files.newBufferedWriter(fresh)) {
            properties.store(writer, null);
        }
        return Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toString).orElse("unknown");
    }

    /**
     * The instances that run.
     *
     * @return none, one or several
     */
    public List<Found> live() {
        List<Found> found = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return found;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".properties"))
                    .sorted()
                    .toList()) {
                Properties properties = new Properties();
                try (Reader reader = Files.newBufferedReader(file)) {
                    properties.load(reader);
                }
                boolean lives = ProcessHandle.of(Long.parseLong(properties.getProperty("pid", "0")))
                        .filter(ProcessHandle::isAlive)
                        .filter(process -> started(process).equals(properties.getProperty("started")))
                        .isPresent();
                if (lives) {
                    found.add(new Found(
                            URI.create(properties.getProperty("url")),
                            properties.getProperty("key"),
                            properties.getProperty("data_folder")));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("instances cannot be looked up in " + folder, e);
        }
        return found;
    }
}
