// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import dev.hyperion.HyperionException;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a health check is asked for.
 *
 * <p>Thread-safety: immutable.
 *
 * @param groups what it has a say in; ready, startup or both
 * @param critical whether the whole is down when it is; otherwise the whole is degraded
 */
public record HealthCheckOptions(Set<HealthGroup> groups, boolean critical) {
    /**
     * Checks the groups.
     *
     * @throws HyperionException if there is none, or live is among them
     */
    public HealthCheckOptions {
        if (groups.isEmpty()) {
            throw new HyperionException("a health check is in no group; expected ready, startup or both");
        }
        if (groups.contains(HealthGroup.LIVE)) {
            throw new HyperionException(
                    "a health check cannot be in the group live, which depends on nothing outside of the"
                            + " process; use ready or startup");
        }
        groups = Set.copyOf(groups);
    }

    /**
     * What most checks are: critical, and in the group ready.
     *
     * @return the options
     */
    public static HealthCheckOptions usual() {
        return new HealthCheckOptions(EnumSet.of(HealthGroup.READY), true);
    }

    /**
     * The same for a check without which the service still does its work.
     *
     * @return options that are not critical
     */
    public HealthCheckOptions notCritical() {
        return new HealthCheckOptions(groups, false);
    }

    /**
     * The same for other groups.
     *
     * @param first one
     * @param more others
     * @return options with these groups alone
     */
    public HealthCheckOptions in(HealthGroup first, HealthGroup... more) {
        return new HealthCheckOptions(EnumSet.of(first, more), critical);
    }
}
