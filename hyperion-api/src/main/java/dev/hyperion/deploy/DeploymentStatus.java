// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import dev.hyperion.ApplicationId;
import dev.hyperion.Version;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What runs of an application and what is under way.
 *
 * <p>Thread-safety: immutable.
 *
 * @param application which
 * @param stable the version that is known to be good; empty until the first rollout has succeeded
 * @param desiredReplicas how many replicas the stable version should have
 * @param versions every version that has replicas or traffic
 * @param rollout the rollout that is open, or the last one if it is held
 * @param rollbackWould one line: what a rollback would do now, or why it would be refused
 * @param address where clients reach the application; empty if the router does not tell
 * @param problems what could not be observed and why; empty if all was
 * @param at when it was observed
 */
public record DeploymentStatus(
        ApplicationId application,
        Optional<Version> stable,
        int desiredReplicas,
        List<VersionStatus> versions,
        Optional<RolloutStatus> rollout,
        String rollbackWould,
        Optional<URI> address,
        List<String> problems,
        Instant at) {
    /** Copies the lists. */
    public DeploymentStatus {
        Objects.requireNonNull(application, "application");
        Objects.requireNonNull(stable, "stable");
        Objects.requireNonNull(rollout, "rollout");
        Objects.requireNonNull(rollbackWould, "rollbackWould");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(at, "at");
        versions = List.copyOf(versions);
        problems = List.copyOf(problems);
    }

    /**
     * How many replicas are ready, of all versions.
     *
     * @return 0 or more
     */
    public int activeReplicas() {
        return versions.stream().mapToInt(VersionStatus::readyReplicas).sum();
    }
}
