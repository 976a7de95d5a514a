// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.health;

import dev.hyperion.Deadline;

/**
 * Looks at one thing that the service depends on.
 *
 * <p>Called in the background, again and again, by one thread at a time. May block; at the deadline the thread is
 * interrupted and the check counts as down. Throwing counts as down too, with the message as the reason.
 */
@FunctionalInterface
public interface HealthCheck {
    /**
     * Looks once.
     *
     * @param deadline how long there is
     * @return what was found
     * @throws Exception if the check could not be made
     */
    HealthFinding check(Deadline deadline) throws Exception;
}
