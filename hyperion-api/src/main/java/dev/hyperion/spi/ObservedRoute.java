// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.ApplicationId;
import dev.hyperion.Version;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a router does with the requests of one application.
 *
 * <p>Thread-safety: immutable.
 *
 * @param application whose
 * @param versions each version in its table, and each that still has requests in flight
 * @param generation changes with every accepted table, and with nothing else
 * @param address where clients reach the application; empty if the router does not know
 */
public record ObservedRoute(
        ApplicationId application, Map<Version, Share> versions, String generation, Optional<URI> address) {
    /** Copies the map. */
    public ObservedRoute {
        Objects.requireNonNull(application, "application");
        Objects.requireNonNull(generation, "generation");
        Objects.requireNonNull(address, "address");
        versions = Map.copyOf(versions);
    }

    /**
     * What one version gets.
     *
     * <p>Thread-safety: immutable.
     *
     * @param wanted its share as the table has it, in 10,000ths; 0 for a version that left the table
     * @param inForce its share as it is applied, in 10,000ths; empty if the router cannot tell
     * @param target where its requests go; empty for a version that left the table
     * @param inFlight requests in flight; empty if the router cannot tell
     * @param inFlightByEndpoint the same for each replica's {@code host:port}, also for replicas that left the table;
     *     empty if the router cannot tell
     */
    public record Share(
            int wanted,
            OptionalInt inForce,
            Optional<RouteTarget> target,
            OptionalLong inFlight,
            Map<String, Long> inFlightByEndpoint) {
        /** Copies the map. */
        public Share {
            Objects.requireNonNull(inForce, "inForce");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(inFlight, "inFlight");
            inFlightByEndpoint = Map.copyOf(inFlightByEndpoint);
        }
    }
}
