// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import java.util.Objects;

/**
 * One value of a policy that is in force, and where it came from.
 *
 * <p>Thread-safety: immutable.
 *
 * @param key its key within the policy, such as {@code scale_step} or {@code behavior.scale_up.select}
 * @param value the value, as a configuration would have it
 * @param origin who said so
 * @param place where it stands: file, line and column, then the reference if the value is one; {@code default} if nobody
 *     wrote it
 */
public record PolicySetting(String key, String value, Origin origin, String place) {
    /** Who said so. */
    public enum Origin {
        /** Nobody: it is the default. */
        DEFAULT,
        /** A configuration file. */
        FILE,
        /** A variable of the environment that a configuration file names. */
        ENVIRONMENT,
        /** The code that configured this instance. */
        CODE
    }

    /** Checks that nothing is null. */
    public PolicySetting {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(origin, "origin");
        Objects.requireNonNull(place, "place");
    }
}
