// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.stage;

import dev.hyperion.HyperionException;
import java.time.Duration;

/**
 * How replicas that are starting count: their samples do not, what they will carry does. So the CPU that a start burns adds
 * no replicas, and a step is not repeated while the ones of the last step are on their way.
 *
 * <p>Thread-safety: immutable.
 *
 * @param warmUp for so long after its start a replica is warming up; zero or more
 * @param patience one that is not ready so long after its start is not waited for; more than zero
 */
public record StartAware(Duration warmUp, Duration patience) {
    /** A minute to warm up, five to become ready. */
    public static final StartAware DEFAULTS = new StartAware(Duration.ofMinutes(1), Duration.ofMinutes(5));

    /**
     * Checks the durations.
     *
     * @throws HyperionException if one is out of range
     */
    public StartAware {
        if (warmUp.isNegative()) {
            throw new HyperionException("start_aware has warm_up " + warmUp + "; expected zero or more");
        }
        if (patience.isNegative() || patience.isZero()) {
            throw new HyperionException("start_aware has patience " + patience + "; expected more than zero");
        }
    }
}
