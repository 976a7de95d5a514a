// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.ApplicationId;
import dev.hyperion.Version;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a backend has of one application.
 *
 * <p>Thread-safety: immutable.
 *
 * @param application the application
 * @param groups its groups; empty if nothing of it is there
 * @param generation changes with every accepted change, and with nothing else
 * @param at when it was observed
 */
public record ObservedApplication(
        ApplicationId application, List<ObservedGroup> groups, String generation, Instant at) {
    /** Copies the groups. */
    public ObservedApplication {
        Objects.requireNonNull(application, "application");
        Objects.requireNonNull(generation, "generation");
        Objects.requireNonNull(at, "at");
        groups = List.copyOf(groups);
    }

    /**
     * The group of a version.
     *
     * @param version which
     * @return empty if there is none
     */
    public Optional<ObservedGroup> group(Version version) {
        return groups.stream()
                .filter(group -> group.id().version().equals(version))
                .findFirst();
    }
}
