// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.deploy.ReplicaStatus;
import java.util.List;
import java.util.Objects;

/**
 * A group as the backend sees it.
 *
 * <p>Thread-safety: immutable.
 *
 * @param id the group
 * @param artifactDigest SHA-256 of what it runs
 * @param desiredReplicas how many replicas were asked for last
 * @param replicas every replica that exists, or failed for good
 * @param target where requests for it may go: ready replicas that are not draining
 */
public record ObservedGroup(
        GroupId id, String artifactDigest, int desiredReplicas, List<ReplicaStatus> replicas, RouteTarget target) {
    /** Copies the replicas. */
    public ObservedGroup {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(artifactDigest, "artifactDigest");
        Objects.requireNonNull(target, "target");
        replicas = List.copyOf(replicas);
    }

    /**
     * How many replicas are ready.
     *
     * @return 0 or more
     */
    public int readyReplicas() {
        return (int) replicas.stream().filter(ReplicaStatus::ready).count();
    }
}
