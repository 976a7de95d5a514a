// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import dev.hyperion.Version;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A rollout as the status of its application shows it.
 *
 * <p>Thread-safety: immutable.
 *
 * @param id tells it from every other
 * @param kind what it is for
 * @param state where it stands
 * @param from the version that served before; empty for a first deployment
 * @param to the version it brings
 * @param progress how far it is
 * @param steps its steps, in order
 * @param findings what the analysis found, newest last; one line each
 * @param reason why it is in this state; for a held one, what the operator should do next; may be empty
 * @param startedAt when it began
 */
public record RolloutStatus(
        String id,
        RolloutKind kind,
        RolloutState state,
        Optional<Version> from,
        Version to,
        RolloutProgress progress,
        List<PlanStep> steps,
        List<String> findings,
        String reason,
        Instant startedAt) {
    /** Copies the lists. */
    public RolloutStatus {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        Objects.requireNonNull(progress, "progress");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(startedAt, "startedAt");
        steps = List.copyOf(steps);
        findings = List.copyOf(findings);
    }
}
