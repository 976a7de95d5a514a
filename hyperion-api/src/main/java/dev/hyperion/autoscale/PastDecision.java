// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import java.util.Locale;
import java.util.Objects;

/**
 * A decision as it was made, and what became of it.
 *
 * <p>Thread-safety: immutable.
 *
 * @param decision the decision
 * @param outcome what became of it
 * @param appliedReplicas how many replicas were really asked of the backend; the current ones unless it was applied
 * @param detail why it was refused; empty otherwise
 * @param record the whole of it as {@link ExplainedDecision#record} has it; empty if it was not the loop that decided, so that
 *     nothing but the decision is known
 */
public record PastDecision(ScaleDecision decision, Outcome outcome, int appliedReplicas, String detail, String record) {
    /** What became of a decision. */
    public enum Outcome {
        /** Nothing was to be changed. */
        UNCHANGED,
        /** The replica count was changed. */
        APPLIED,
        /** It was not carried out. */
        REFUSED,
        /** It is being carried out, or the process ended before it was known what became of it. */
        OPEN;

        /**
         * The outcome as JSON and the command line have it.
         *
         * @return such as {@code applied}
         */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Checks that nothing is null. */
    public PastDecision {
        Objects.requireNonNull(decision, "decision");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(record, "record");
    }
}
