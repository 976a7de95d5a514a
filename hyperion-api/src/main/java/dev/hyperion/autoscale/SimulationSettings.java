// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import dev.hyperion.HyperionException;
import java.time.Duration;

/**
 * What a trace does not tell.
 *
 * <p>Thread-safety: immutable.
 *
 * @param capacityPerReplica the load that one replica carries at 100 %, in the trace's unit; more than 0
 * @param startUp from the decision to the first request that a new replica takes; zero or more
 * @param initialReplicas how many replicas there are at first, ready; 0 or more
 */
public record SimulationSettings(double capacityPerReplica, Duration startUp, int initialReplicas) {
    /**
     * Checks the numbers.
     *
     * @throws HyperionException if one is out of range
     */
    public SimulationSettings {
        if (!(capacityPerReplica > 0 && capacityPerReplica <= Double.MAX_VALUE)) {
            throw new HyperionException("capacity is " + capacityPerReplica + " per replica; expected more than 0");
        }
        if (startUp.isNegative()) {
            throw new HyperionException("start-up takes " + startUp + "; expected zero or more");
        }
        if (initialReplicas < 0) {
            throw new HyperionException("there are " + initialReplicas + " replicas at first; expected 0 or more");
        }
    }
}
