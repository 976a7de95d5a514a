// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import dev.hyperion.autoscale.ScaleDecision;
import java.util.Objects;

/** Who wants another number of replicas. */
public sealed interface ScaleCause {
    /**
     * The autoscaler decided so.
     *
     * <p>Thread-safety: immutable.
     *
     * @param decision its decision
     */
    record Autoscaler(ScaleDecision decision) implements ScaleCause {
        /** Checks that nothing is null. */
        public Autoscaler {
            Objects.requireNonNull(decision, "decision");
        }
    }

    /**
     * A person asked for it.
     *
     * <p>Thread-safety: immutable.
     *
     * @param who the person, for the audit
     * @param why the reason in a sentence, for the audit; may be empty
     */
    record Operator(String who, String why) implements ScaleCause {
        /** Checks that nothing is null. */
        public Operator {
            Objects.requireNonNull(who, "who");
            Objects.requireNonNull(why, "why");
        }
    }
}
