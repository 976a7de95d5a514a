// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import dev.hyperion.Version;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One version of an application as it was observed.
 *
 * <p>Thread-safety: immutable.
 *
 * @param version which
 * @param artifactDigest SHA-256 of its artifact
 * @param desiredReplicas how many replicas it should have
 * @param weightWanted its share of the traffic as asked, in 10,000ths; empty if the router was not reached
 * @param weightInForce its share as the router applies it, in 10,000ths; empty if unknown
 * @param inFlight requests in flight; empty if the router does not tell
 * @param replicas its replicas
 */
public record VersionStatus(
        Version version,
        String artifactDigest,
        int desiredReplicas,
        OptionalInt weightWanted,
        OptionalInt weightInForce,
        OptionalLong inFlight,
        List<ReplicaStatus> replicas) {
    /** Copies the replicas. */
    public VersionStatus {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(artifactDigest, "artifactDigest");
        Objects.requireNonNull(weightWanted, "weightWanted");
        Objects.requireNonNull(weightInForce, "weightInForce");
        Objects.requireNonNull(inFlight, "inFlight");
        replicas = List.copyOf(replicas);
    }

    /**
     * How many of its replicas are ready.
     *
     * @return 0 or more
     */
    public int readyReplicas() {
        return (int) replicas.stream().filter(ReplicaStatus::ready).count();
    }
}
