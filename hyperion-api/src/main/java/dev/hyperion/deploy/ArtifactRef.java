// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import dev.hyperion.HyperionException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where an artifact is, and what it must be.
 *
 * <p>Thread-safety: immutable.
 *
 * @param path a {@code .tar.gz} or a directory, as the backend understands it; relative to the plan file
 * @param sha256 the digest it must have, 64 hexadecimal digits; empty to take the one it has when the plan is made
 */
public record ArtifactRef(String path, Optional<String> sha256) {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /**
     * Checks the digest's form.
     *
     * @throws HyperionException if the path is empty or the digest is not 64 lower-case hexadecimal digits
     */
    public ArtifactRef {
        if (path.isBlank()) {
            throw new HyperionException("artifact path is empty; name a .tar.gz file or a directory");
        }
        Objects.requireNonNull(sha256, "sha256");
        if (sha256.isPresent() && !DIGEST.matcher(sha256.get()).matches()) {
            throw new HyperionException("artifact digest '" + sha256.get()
                    + "' is not 64 lower-case hexadecimal digits; use what sha256sum prints");
        }
    }
}
