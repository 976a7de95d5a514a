// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.cli;

import dev.hyperion.ApplicationId;
import dev.hyperion.Deadline;
import dev.hyperion.Version;
import dev.hyperion.spi.Applied;
import dev.hyperion.spi.ConfigSchema;
import dev.hyperion.spi.MetricSource;
import dev.hyperion.spi.Mutation;
import dev.hyperion.spi.ObservedRoute;
import dev.hyperion.spi.PluginConfig;
import dev.hyperion.spi.PluginContext;
import dev.hyperion.spi.RouterCapabilities;
import dev.hyperion.spi.TrafficRouter;
import dev.hyperion.spi.TrafficRouterProvider;
import dev.hyperion.spi.Weighted;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;

/** A router that shares traffic out evenly, whatever it is told, and tells that it does as it was told. */
public final class EvenTrafficRouterProvider implements TrafficRouterProvider {
    private final TrafficRouterProvider embedded = embedded();

    private static TrafficRouterProvider embedded() {
        for (var provider :
                ServiceLoader.load(TrafficRouterProvider.class).stream().toList()) {
            if (provider.type() != EvenTrafficRouterProvider.class) {
                return provider.get();
            }
        }
        throw new IllegalStateException("the embedded router is not on the class path");
    }

    @Override
    public String name() {
        return "even";
    }

    @Override
    public ConfigSchema schema() {
        return embedded.schema();
    }

    @Override
    public TrafficRouter create(PluginConfig config, PluginContext context) {
        TrafficRouter real = embedded.create(config, context);
        Map<ApplicationId, Map<Version, Weighted>> told = new HashMap<>();
        return new TrafficRouter() {
            @Override
            public RouterCapabilities capabilities() {
                return real.capabilities();
            }

            @Override
            public synchronized ObservedRoute observe(ApplicationId application, Deadline deadline) {
                ObservedRoute route = real.observe(application, deadline);
                Map<Version, ObservedRoute.Share> shares = new HashMap<>(route.versions());
                told.getOrDefault(application, Map.of())
                        .forEach((version, weighted) -> shares.computeIfPresent(
                                version,
                                (v, share) -> new ObservedRoute.Share(
                                        weighted.weight(),
                                        OptionalInt.of(weighted.weight()),
                                        share.target(),
                                        share.inFlight(),
                                        share.inFlightByEndpoint())));
                return new ObservedRoute(application, shares, route.generation(), route.address());
            }

            @Override
            public synchronized Applied apply(
                    ApplicationId application, Map<Version, Weighted> table, Mutation mutation, Deadline deadline) {
                Map<Version, Weighted> even = new HashMap<>();
                int left = 10_000;
                int versions = table.size();
                for (Map.Entry<Version, Weighted> each : table.entrySet()) {
                    int share = left / versions--;
                    left -= share;
                    even.put(each.getKey(), new Weighted(share, each.getValue().target()));
                }
                Applied applied = real.apply(application, even, mutation, deadline);
                told.put(application, table);
                return applied;
            }

            @Override
            public Optional<MetricSource> metrics() {
                return real.metrics();
            }

            @Override
            public void close() {
                real.close();
            }
        };
    }
}
