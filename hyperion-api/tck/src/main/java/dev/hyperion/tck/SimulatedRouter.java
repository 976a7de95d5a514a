// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.tck;

import dev.hyperion.ApplicationId;
import dev.hyperion.Deadline;
import dev.hyperion.PluginException;
import dev.hyperion.Version;
import dev.hyperion.deploy.Endpoint;
import dev.hyperion.spi.Applied;
import dev.hyperion.spi.Mutation;
import dev.hyperion.spi.ObservedRoute;
import dev.hyperion.spi.RouteTarget;
import dev.hyperion.spi.RouterCapabilities;
import dev.hyperion.spi.TargetKind;
import dev.hyperion.spi.TrafficRouter;
import dev.hyperion.spi.Weighted;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A router whose traffic exists in memory. It stands for the world outside, so it lives on when the engine that uses it is
 * killed; {@link #close} does nothing.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class SimulatedRouter implements TrafficRouter {
    private static final int WHOLE = 10_000;

    private final Faults faults = new Faults("router");
    private final Map<ApplicationId, FencedState> states = new HashMap<>();
    private final Map<ApplicationId, Map<Version, Weighted>> tables = new HashMap<>();
    private final Map<String, Long> inFlight = new HashMap<>();
    private boolean ignoresTables;

    /** A router without tables. */
    public SimulatedRouter() {}

    /**
     * What is to go wrong.
     *
     * @return faults of {@code observe apply}
     */
    public Faults faults() {
        return faults;
    }

    /** Makes the router accept tables and go on as before, as a broken one does. */
    public synchronized void ignoreTables() {
        ignoresTables = true;
    }

    /**
     * Sets how many requests a replica is working on.
     *
     * @param endpoint the replica
     * @param requests how many
     */
    public synchronized void inFlight(Endpoint endpoint, long requests) {
        inFlight.put(endpoint.toString(), requests);
    }

    /**
     * The table in force, for assertions.
     *
     * @param application whose
     * @return empty if it has none
     */
    public synchronized Map<Version, Weighted> table(ApplicationId application) {
        return Map.copyOf(tables.getOrDefault(application, Map.of()));
    }

    private FencedState state(ApplicationId application) {
        return states.computeIfAbsent(application, a -> new FencedState("route of " + a));
    }

    @Override
    public RouterCapabilities capabilities() {
        return new RouterCapabilities(Set.of(TargetKind.ENDPOINTS), RouterCapabilities.Precision.EXACT, true);
    }

    @Override
    public ObservedRoute observe(ApplicationId application, Deadline deadline) {
        return faults.around("observe", () -> look(application));
    }

    private synchronized ObservedRoute look(ApplicationId application) {
        Map<Version, ObservedRoute.Share> shares = new HashMap<>();
        tables.getOrDefault(application, Map.of()).forEach((version, weighted) -> {
            Map<String, Long> busy = new HashMap<>();
            if (weighted.target() instanceof RouteTarget.Endpoints endpoints) {
                endpoints.all().forEach(each -> busy.put(each.toString(), inFlight.getOrDefault(each.toString(), 0L)));
            }
            shares.put(
                    version,
                    new ObservedRoute.Share(
                            weighted.weight(),
                            OptionalInt.of(weighted.weight()),
                            Optional.of(weighted.target()),
                            OptionalLong.of(busy.values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum()),
                            busy));
        });
        Map<String, Long> elsewhere = new HashMap<>(inFlight);
        shares.values().forEach(share -> share.inFlightByEndpoint().keySet().forEach(elsewhere::remove));
        elsewhere.values().removeIf(requests -> requests == 0);
        if (!elsewhere.isEmpty()) {
            shares.put(
                    new Version("left"),
                    new ObservedRoute.Share(
                            0,
                            OptionalInt.of(0),
                            Optional.empty(),
                            OptionalLong.of(elsewhere.values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum()),
                            elsewhere));
        }
        return new ObservedRoute(
                application, shares, state(application).generation(), Optional.of(URI.create("http://127.0.0.1:8080")));
    }

    @Override
    public Applied apply(
            ApplicationId application, Map<Version, Weighted> table, Mutation mutation, Deadline deadline) {
        return faults.around("apply", () -> replace(application, table, mutation));
    }

    private synchronized Applied replace(ApplicationId application, Map<Version, Weighted> table, Mutation mutation) {
        int sum = table.values().stream().mapToInt(Weighted::weight).sum();
        if (sum != WHOLE) {
            throw new PluginException(
                    "shares of " + application + " sum to " + sum + "; expected " + WHOLE + ", nothing was changed",
                    false);
        }
        return state(application).apply(mutation, () -> {
            if (ignoresTables && tables.containsKey(application)) {
                return true;
            }
            return !table.equals(tables.put(application, Map.copyOf(table)));
        });
    }

    @Override
    public void close() {}
}
