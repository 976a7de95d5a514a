// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.security;

import dev.hyperion.HyperionException;
import dev.hyperion.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The keys that are good, and who holds them. Comparing takes as long for a wrong key as for a right one. Thread-safety: immutable. */
public final class ApiKeys {
    private static final int KEY_BYTES = 24;

    private final Map<Secret, Holder> keys;

    /**
     * Who holds a key.
     *
     * <p>Thread-safety: immutable.
     *
     * @param name the key's name
     * @param role what the holder may do
     */
    public record Holder(String name, Role role) {
        /** Checks that nothing is null. */
        public Holder {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(role, "role");
        }
    }

    /**
     * Knows these keys.
     *
     * @param keys with who holds them
     */
    public ApiKeys(Map<Secret, Holder> keys) {
        this.keys = Map.copyOf(keys);
    }

    /**
     * Who holds a key.
     *
     * @param offered what the client sent
     * @return empty if the key is not good
     */
    public Optional<Holder> holder(String offered) {
        byte[] bytes = offered.getBytes(StandardCharsets.UTF_8);
        Optional<Holder> found = Optional.empty();
        for (Map.Entry<Secret, Holder> each : keys.entrySet()) {
            // every key is compared, so that the time tells nothing
            if (MessageDigest.isEqual(each.getKey().reveal().getBytes(StandardCharsets.UTF_8), bytes)) {
                found = Optional.of(each.getValue());
            }
        }
        return found;
    }

    /**
     * These keys and one more.
     *
     * @param key the key
     * @param holder who holds it
     * @return new keys
     */
    public ApiKeys with(Secret key, Holder holder) {
        Map<Secret, Holder> more = new LinkedHashMap<>(keys);
        more.put(key, holder);
        return new ApiKeys(more);
    }

    /**
     * Reads the key in a file that only its owner may read; makes both at the first start.
     *
     * @param file where it is kept
     * @return the key
     * @throws HyperionException if the file cannot be read or written
     */
    public static Secret own(Path file) {
        try {
            if (!Files.exists(file)) {
                make(file);
            }
            return Secret.of(Files.readString(file).strip());
        } catch (IOException e) {
            throw new HyperionException("API key file " + file + " cannot be used: " + e);
        }
    }

    /** Complete or not there at all: of two instances that start at once both use the key of the faster one. */
    private static void make(Path file) throws IOException {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        Path fresh = Files.createTempFile(
                file.toAbsolutePath().getParent(),
                "api-key",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(fresh, HexFormat.of().formatHex(random), StandardOpenOption.WRITE);
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            return; // the other one's key is as good
        } finally {
            Files.delete(fresh);
        }
    }
}
