// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import dev.hyperion.Version;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What {@link DeploymentManager#apply} would do, bound to what was observed when it was made. Good for one use.
 *
 * <p>Thread-safety: immutable.
 *
 * @param id tells this plan from every other
 * @param spec what should run, with the digest that its artifact has
 * @param specDigest SHA-256 over the canonical form of the specification
 * @param fingerprint SHA-256 over what was observed of what we own: versions, replicas, shares
 * @param stable the version that serves now; empty for a first deployment
 * @param rollbackTarget the version to go back to, its artifact verified; empty for a first deployment
 * @param steps what would be done, in order
 * @param warnings what people should know before they apply it
 * @param createdAt when it was made
 * @param expiresAt when it stops being good
 */
public record DeploymentPlan(
        String id,
        DeploymentSpec spec,
        String specDigest,
        String fingerprint,
        Optional<Version> stable,
        Optional<Version> rollbackTarget,
        List<PlanStep> steps,
        List<String> warnings,
        Instant createdAt,
        Instant expiresAt) {
    /** Copies the lists. */
    public DeploymentPlan {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(spec, "spec");
        Objects.requireNonNull(specDigest, "specDigest");
        Objects.requireNonNull(fingerprint, "fingerprint");
        Objects.requireNonNull(stable, "stable");
        Objects.requireNonNull(rollbackTarget, "rollbackTarget");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(expiresAt, "expiresAt");
        steps = List.copyOf(steps);
        warnings = List.copyOf(warnings);
    }
}
