// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import dev.hyperion.ApplicationId;
import dev.hyperion.Version;
import java.util.Objects;
import java.util.Optional;

/**
 * Whose figures are asked for: those of this process, of one application, or of one version of it.
 *
 * <p>Thread-safety: immutable.
 *
 * @param application the application; empty for whatever answers first, this process included
 * @param version one version of the application; empty for all of them together
 */
public record Scope(Optional<ApplicationId> application, Optional<Version> version) {
    /** No restriction. */
    public static final Scope NONE = new Scope(Optional.empty(), Optional.empty());

    /**
     * Checks that a version comes with its application.
     *
     * @throws IllegalArgumentException if there is a version without an application
     */
    public Scope {
        Objects.requireNonNull(application, "application");
        if (version.isPresent() && application.isEmpty()) {
            throw new IllegalArgumentException("scope names version " + version.get() + " of no application");
        }
    }

    /**
     * All versions of an application.
     *
     * @param application which
     * @return the scope
     */
    public static Scope of(ApplicationId application) {
        return new Scope(Optional.of(application), Optional.empty());
    }

    /**
     * One version of an application.
     *
     * @param application which
     * @param version which of its versions
     * @return the scope
     */
    public static Scope of(ApplicationId application, Version version) {
        return new Scope(Optional.of(application), Optional.of(version));
    }
}
