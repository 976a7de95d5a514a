// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import java.util.Objects;
import java.util.Optional;

/**
 * Who changes something and on what ground. Travels with every effect.
 *
 * <p>Whoever carries it out keeps the newest epoch it has seen, refuses lower ones, and refuses a request whose expected
 * generation is not the one in force. A request with the plan and step of the last one that was carried out is that
 * request again, and gives the same answer.
 *
 * <p>Thread-safety: immutable.
 *
 * @param planId the plan or rollout that wants it
 * @param stepId the step of it, unique within the plan
 * @param epoch the leader's epoch, 1 or more
 * @param expectedGeneration the generation that was observed; empty if any will do
 */
public record Mutation(String planId, String stepId, long epoch, Optional<String> expectedGeneration) {
    /**
     * Checks the epoch.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Mutation {
        Objects.requireNonNull(planId, "planId");
        Objects.requireNonNull(stepId, "stepId");
        Objects.requireNonNull(expectedGeneration, "expectedGeneration");
        if (epoch < 1) {
            throw new IllegalArgumentException(
                    "mutation of " + planId + " has epoch " + epoch + "; expected 1 or more");
        }
    }
}
