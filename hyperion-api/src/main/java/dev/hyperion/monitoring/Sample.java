// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One figure.
 *
 * <p>Thread-safety: immutable.
 *
 * @param labels the tags that tell it from the other samples of the same answer
 * @param value the figure
 * @param takenAt when it was true
 * @param replica the replica it is about, if it is about one
 */
public record Sample(Map<String, String> labels, SampleValue value, Instant takenAt, Optional<ReplicaState> replica) {
    /** Copies the labels. */
    public Sample {
        labels = Map.copyOf(labels);
        Objects.requireNonNull(value, "value");
        Objects.requireNonNull(takenAt, "takenAt");
        Objects.requireNonNull(replica, "replica");
    }

    /**
     * A figure that is not about one replica.
     *
     * @param labels the tags that tell it from the others
     * @param value the figure
     * @param takenAt when it was true
     */
    public Sample(Map<String, String> labels, SampleValue value, Instant takenAt) {
        this(labels, value, takenAt, Optional.empty());
    }
}
