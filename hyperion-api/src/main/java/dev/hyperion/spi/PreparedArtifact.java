// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import java.util.Objects;

/**
 * An artifact that the backend has at hand.
 *
 * <p>Thread-safety: immutable.
 *
 * @param digest its SHA-256, 64 lower-case hexadecimal digits
 * @param location where the backend keeps it, in the backend's own terms
 * @param source where it came from, as the plan named it
 */
public record PreparedArtifact(String digest, String location, String source) {
    /** Checks that nothing is null. */
    public PreparedArtifact {
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(source, "source");
    }
}
