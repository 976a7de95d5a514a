// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import java.util.Objects;

/**
 * Who applies a plan, and why.
 *
 * <p>Thread-safety: immutable.
 *
 * @param who the person or system, for the audit
 * @param notes the change in a sentence, for the audit; may be empty
 * @param supersede whether an open rollout may be rolled back to its stable version first
 */
public record ApplyOptions(String who, String notes, boolean supersede) {
    /** Checks that nothing is null. */
    public ApplyOptions {
        Objects.requireNonNull(who, "who");
        Objects.requireNonNull(notes, "notes");
    }

    /**
     * Applies without superseding.
     *
     * @param who the person or system
     * @param notes the change in a sentence
     * @return the options
     */
    public static ApplyOptions by(String who, String notes) {
        return new ApplyOptions(who, notes, false);
    }
}
