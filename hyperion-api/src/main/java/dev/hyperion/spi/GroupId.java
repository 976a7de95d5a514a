// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.ApplicationId;
import dev.hyperion.Version;
import java.util.Objects;

/**
 * The replicas of one version of one application.
 *
 * <p>Thread-safety: immutable.
 *
 * @param application the application
 * @param version the version
 */
public record GroupId(ApplicationId application, Version version) {
    /** Checks that nothing is null. */
    public GroupId {
        Objects.requireNonNull(application, "application");
        Objects.requireNonNull(version, "version");
    }

    @Override
    public String toString() {
        return application + " " + version;
    }
}
