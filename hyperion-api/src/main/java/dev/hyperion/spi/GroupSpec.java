// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.deploy.HealthSpec;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How the replicas of a group are made. The same group never has two different specifications.
 *
 * <p>Thread-safety: immutable.
 *
 * @param id the group
 * @param artifact what they run
 * @param command program and arguments, relative to the artifact; empty for the artifact's own {@code bin/run}
 * @param env their environment variables
 * @param health how readiness is found out and how they are stopped
 */
public record GroupSpec(
        GroupId id, PreparedArtifact artifact, List<String> command, Map<String, String> env, HealthSpec health) {
    /** Copies the collections. */
    public GroupSpec {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(artifact, "artifact");
        Objects.requireNonNull(health, "health");
        command = List.copyOf(command);
        env = Map.copyOf(env);
    }
}
