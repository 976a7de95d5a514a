// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy;

import dev.hyperion.HyperionException;
import java.time.Duration;

/**
 * How it is found out whether a replica is ready, and how it is stopped.
 *
 * <p>Thread-safety: immutable.
 *
 * @param path the HTTP path that answers 2xx when it is ready, starting with {@code /}
 * @param initialDelay how long after its start the first look is; zero or more
 * @param interval from look to look; more than zero
 * @param readyTimeout how long a start may take, before the replica counts as failed; more than zero
 * @param drainTimeout how long requests in flight may take, once no new ones come; zero or more
 * @param stopGrace how long it may take to end when it is told to, before it is killed; zero or more
 */
public record HealthSpec(
        String path,
        Duration initialDelay,
        Duration interval,
        Duration readyTimeout,
        Duration drainTimeout,
        Duration stopGrace) {
    /**
     * Checks the numbers.
     *
     * @throws HyperionException if the path does not start with {@code /} or a time is out of range
     */
    public HealthSpec {
        if (!path.startsWith("/")) {
            throw new HyperionException("health_path is '" + path + "'; expected a path such as /api/health");
        }
        require(!initialDelay.isNegative(), "health_initial_delay", initialDelay, "zero or more");
        require(!interval.isNegative() && !interval.isZero(), "health_interval", interval, "more than zero");
        require(!readyTimeout.isNegative() && !readyTimeout.isZero(), "ready_timeout", readyTimeout, "more than zero");
        require(!drainTimeout.isNegative(), "drain_timeout", drainTimeout, "zero or more");
        require(!stopGrace.isNegative(), "stop_grace", stopGrace, "zero or more");
    }

    /**
     * {@code /api/health}, first after 0 s, every 1 s, ready within 60 s, drained within 30 s, stopped within 10 s.
     *
     * @return the default
     */
    public static HealthSpec defaults() {
        return new HealthSpec(
                "/api/health",
                Duration.ZERO,
                Duration.ofSeconds(1),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10));
    }

    private static void require(boolean holds, String key, Object value, String expected) {
        if (!holds) {
            throw new HyperionException("health check has " + key + " " + value + "; expected " + expected);
        }
    }
}
