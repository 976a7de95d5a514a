// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import dev.hyperion.Version;
import java.util.Objects;

/** Which version to go back to, and who wants it. */
public sealed interface RollbackTarget {
    /**
     * The person or system, for the audit.
     *
     * @return a name
     */
    String who();

    /**
     * The version that ran before the one that runs now; during a rollout, the stable one.
     *
     * <p>Thread-safety: immutable.
     *
     * @param who the person or system
     */
    record Previous(String who) implements RollbackTarget {
        /** Checks that nothing is null. */
        public Previous {
            Objects.requireNonNull(who, "who");
        }
    }

    /**
     * A version by name.
     *
     * <p>Thread-safety: immutable.
     *
     * @param version a version that ran before
     * @param who the person or system
     */
    record To(Version version, String who) implements RollbackTarget {
        /** Checks that nothing is null. */
        public To {
            Objects.requireNonNull(version, "version");
            Objects.requireNonNull(who, "who");
        }
    }
}
