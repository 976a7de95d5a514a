// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import java.util.Objects;

/**
 * A decision with everything that it rests on.
 *
 * <p>Thread-safety: immutable.
 *
 * @param decision the decision
 * @param record the whole of it as JSON on one line: policy, what was seen, what was remembered, every stage, the decision.
 *     Deciding it again gives the same bytes
 */
public record ExplainedDecision(ScaleDecision decision, String record) {
    /** Checks that nothing is null. */
    public ExplainedDecision {
        Objects.requireNonNull(decision, "decision");
        Objects.requireNonNull(record, "record");
    }
}
