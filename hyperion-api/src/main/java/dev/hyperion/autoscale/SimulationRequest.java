// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import dev.hyperion.HyperionException;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The load on which a policy is to be tried, and what it does not tell by itself.
 *
 * <p>Thread-safety: immutable.
 *
 * @param name what the trace is called in messages, such as its file
 * @param trace CSV with the columns {@code timestamp} and {@code value}, the header first; times such as {@code 2014-04-10
 *     00:04:00} in UTC or in ISO 8601
 * @param capacityPerReplica the load that one replica carries at 100 %, in the trace's unit, more than 0; if empty,
 *     {@code max_replicas} replicas carry the trace's peak
 * @param startUp from the decision to the first request that a new replica takes; zero or more
 * @param initialReplicas how many replicas there are at first, ready, 0 or more; if empty, {@code min_replicas}
 */
public record SimulationRequest(
        String name, String trace, OptionalDouble capacityPerReplica, Duration startUp, OptionalInt initialReplicas) {
    /** How long a replica takes to start where nobody says so. */
    public static final Duration USUAL_START_UP = Duration.ofSeconds(30);

    /**
     * Checks the numbers.
     *
     * @throws HyperionException if one is out of range
     */
    public SimulationRequest {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(trace, "trace");
        capacityPerReplica.ifPresent(capacity ->
                require(capacity > 0 && capacity <= Double.MAX_VALUE, "capacity per replica", capacity, "more than 0"));
        require(!startUp.isNegative(), "start-up", startUp, "zero or more");
        initialReplicas.ifPresent(
                replicas -> require(replicas >= 0 && replicas <= 100_000, "initial replicas", replicas, "0 to 100000"));
    }

    private static void require(boolean holds, String what, Object value, String expected) {
        if (!holds) {
            throw new HyperionException(what + " is " + value + "; expected " + expected);
        }
    }
}
