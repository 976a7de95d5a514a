// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import dev.hyperion.ApplicationId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A policy as it is in force, with where each of its values came from.
 *
 * <p>Thread-safety: immutable.
 *
 * @param application whom it is for; empty if it holds for every application that has none of its own
 * @param policy the policy
 * @param settings its values, in the order of the reference page
 * @param findings what is wrong with it although it is valid, the worst first
 */
public record EffectivePolicy(
        Optional<ApplicationId> application,
        ScalingPolicy policy,
        List<PolicySetting> settings,
        List<PolicyFinding> findings) {
    /** Copies the lists. */
    public EffectivePolicy {
        Objects.requireNonNull(application, "application");
        Objects.requireNonNull(policy, "policy");
        settings = List.copyOf(settings);
        findings = List.copyOf(findings);
    }

    /**
     * Where a value stands.
     *
     * @param key its key within the policy
     * @return file, line and column; {@code default} for values that nobody wrote
     */
    public String place(String key) {
        return settings.stream()
                .filter(setting -> setting.key().equals(key))
                .map(PolicySetting::place)
                .findFirst()
                .orElse("default");
    }
}
