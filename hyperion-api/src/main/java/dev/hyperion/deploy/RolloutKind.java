// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import java.util.Locale;

/** What a rollout is for. */
public enum RolloutKind {
    /** A new version. */
    APPLY,
    /** Back to a version that ran before. */
    ROLLBACK,
    /** Another number of replicas. */
    SCALE;

    /**
     * The word that JSON and people use.
     *
     * @return such as {@code apply}
     */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
