// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import dev.hyperion.ApplicationId;
import dev.hyperion.Version;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One rollout in the history.
 *
 * <p>Thread-safety: immutable.
 *
 * @param rolloutId tells it from every other
 * @param planId the plan that it carried out; empty if it had none
 * @param kind what it was for
 * @param application which application
 * @param from the version that served before; empty for a first deployment
 * @param to the version it was to bring
 * @param replicas how many replicas it was to have
 * @param state where it stands
 * @param who the person or system that started it
 * @param notes what they said about it
 * @param reason why it ended as it did; empty while it is open
 * @param startedAt when it began
 * @param endedAt when it ended; empty while it is open
 */
public record DeploymentRecord(
        String rolloutId,
        Optional<String> planId,
        RolloutKind kind,
        ApplicationId application,
        Optional<Version> from,
        Version to,
        int replicas,
        RolloutState state,
        String who,
        String notes,
        String reason,
        Instant startedAt,
        Optional<Instant> endedAt) {
    /** Checks that nothing is null. */
    public DeploymentRecord {
        Objects.requireNonNull(rolloutId, "rolloutId");
        Objects.requireNonNull(planId, "planId");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(application, "application");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(who, "who");
        Objects.requireNonNull(notes, "notes");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(endedAt, "endedAt");
    }
}
