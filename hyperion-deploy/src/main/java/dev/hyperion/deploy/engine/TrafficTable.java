// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import dev.hyperion.ApplicationId;
import dev.hyperion.Deadline;
import dev.hyperion.Version;
import dev.hyperion.deploy.plan.Fingerprint;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.Mutation;
import dev.hyperion.spi.ObservedApplication;
import dev.hyperion.spi.ObservedGroup;
import dev.hyperion.spi.ObservedRoute;
import dev.hyperion.spi.RouteTarget;
import dev.hyperion.spi.Weighted;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keeps the router's table what it should be: the wanted shares, to the replicas that are ready and not draining. No traffic
 * to what is not ready: a table in which a version has a share and no replica is never sent.
 */
final class TrafficTable {
    private final ApplicationId application;
    private final EngineContext context;
    private final EngineSettings settings;

    TrafficTable(ApplicationId application, EngineContext context, EngineSettings settings) {
        this.application = application;
        this.context = context;
        this.settings = settings;
    }

    ObservedRoute observe() {
        return context.router().observe(application, deadline());
    }

    private Deadline deadline() {
        return Deadline.in(context.clock(), settings.callTimeout());
    }

    /** Empty once the shares are in force; else what is waited for. */
    Optional<String> bring(Map<Version, Integer> weights, ObservedApplication seen, String planId) {
        Map<Version, Weighted> table = new HashMap<>();
        for (Map.Entry<Version, Integer> each : weights.entrySet()) {
            Optional<ObservedGroup> group = seen.group(each.getKey());
            RouteTarget target = group.map(ObservedGroup::target).orElse(new RouteTarget.Endpoints(List.of()));
            boolean nobody = target instanceof RouteTarget.Endpoints endpoints
                    && endpoints.all().isEmpty();
            if (each.getValue() > 0 && nobody) {
                return Optional.of("no replica of " + each.getKey() + " is ready to take traffic");
            }
            if (each.getValue() > 0) {
                table.put(each.getKey(), new Weighted(each.getValue(), target));
            }
        }
        ObservedRoute route = observe();
        if (!asWanted(table, route)) {
            context.router()
                    .apply(
                            application,
                            table,
                            new Mutation(planId, stepId(table, route), epoch(), Optional.of(route.generation())),
                            deadline());
            route = observe();
        }
        return inForce(table, route) ? Optional.empty() : Optional.of("the router has not put the new shares in force");
    }

    private long epoch() {
        return Math.max(1, context.leadership().epoch());
    }

    /** What is asked for and where it was asked: the same request again is the same step. */
    private static String stepId(Map<Version, Weighted> table, ObservedRoute route) {
        Map<String, String> sorted = new TreeMap<>();
        table.forEach((version, weighted) -> sorted.put(version.value(), weighted.toString()));
        return "table/" + Fingerprint.digest(route.generation() + sorted).substring(0, 16);
    }

    private static boolean asWanted(Map<Version, Weighted> table, ObservedRoute route) {
        for (Map.Entry<Version, ObservedRoute.Share> each : route.versions().entrySet()) {
            if (each.getValue().wanted() > 0 && !table.containsKey(each.getKey())) {
                return false;
            }
        }
        return table.entrySet().stream().allMatch(each -> {
            ObservedRoute.Share share = route.versions().get(each.getKey());
            return share != null
                    && share.wanted() == each.getValue().weight()
                    && share.target().filter(each.getValue().target()::equals).isPresent();
        });
    }

    private static boolean inForce(Map<Version, Weighted> table, ObservedRoute route) {
        return asWanted(table, route)
                && table.entrySet().stream().allMatch(each -> {
                    ObservedRoute.Share share = route.versions().get(each.getKey());
                    return share != null
                            && share.inForce().orElse(each.getValue().weight())
                                    == each.getValue().weight();
                });
    }
}
