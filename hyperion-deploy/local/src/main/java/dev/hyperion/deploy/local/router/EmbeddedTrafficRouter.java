// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.router;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hyperion.ApplicationId;
import dev.hyperion.ConflictException;
import dev.hyperion.Deadline;
import dev.hyperion.FencedException;
import dev.hyperion.HyperionException;
import dev.hyperion.PluginException;
import dev.hyperion.TaskScheduler;
import dev.hyperion.Version;
import dev.hyperion.deploy.Endpoint;
import dev.hyperion.spi.Applied;
import dev.hyperion.spi.MetricSource;
import dev.hyperion.spi.Mutation;
import dev.hyperion.spi.ObservedRoute;
import dev.hyperion.spi.PluginContext;
import dev.hyperion.spi.RouteTarget;
import dev.hyperion.spi.RouterCapabilities;
import dev.hyperion.spi.TargetKind;
import dev.hyperion.spi.TrafficRouter;
import dev.hyperion.spi.Weighted;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Directs the router processes of this machine, one per application. They are made by the first table, adopted after a
 * restart of the operator, and started again within about a second when they die: with the same port and the table that they
 * kept.
 *
 * <p>Thread-safety: thread-safe.
 */
final class EmbeddedTrafficRouter implements TrafficRouter {
    private static final Duration LOOK_AFTER = Duration.ofSeconds(1);
    private static final Duration START_TIME = Duration.ofSeconds(30);
    private static final int WHOLE = 10_000;

    private final RouterSettings settings;
    private final PluginContext context;
    private final AdminClient client = new AdminClient();
    private final ConcurrentMap<ApplicationId, RouterKeeper> keepers = new ConcurrentHashMap<>();
    private final TaskScheduler.Task watch;
    private volatile boolean closed;

    EmbeddedTrafficRouter(RouterSettings settings, PluginContext context) {
        this.settings = settings;
        this.context = context;
        findInhabitedHomes();
        this.watch = context.scheduler().every("watch over embedded routers", Duration.ZERO, LOOK_AFTER, this::watch);
    }

    private void findInhabitedHomes() {
        try {
            Files.createDirectories(settings.stateFolder());
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(settings.stateFolder(), Files::isDirectory)) {
                for (Path folder : folders) {
                    adoptFrom(folder.getFileName().toString());
                }
            }
        } catch (IOException e) {
            throw new PluginException(
                    "state_dir " + settings.stateFolder() + " is no folder of routers: " + e, false, e);
        }
    }

    private void adoptFrom(String folder) {
        if (!new RouterHome(settings.stateFolder().resolve(folder)).inhabited()) {
            return;
        }
        ApplicationId application = new ApplicationId(folder);
        keepers.put(application, newKeeper(application));
    }

    private RouterKeeper newKeeper(ApplicationId application) {
        return new RouterKeeper(application, settings, client, context.clock(), context.logger());
    }

    /** Looks after the routers in the background, so that a dead one is back before anybody asks. */
    private void watch() {
        for (RouterKeeper keeper : keepers.values()) {
            if (!closed && keeper.wantsToBeStarted()) {
                try {
                    context.executor().execute(() -> restart(keeper));
                } catch (RejectedExecutionException e) {
                    context.logger().debug("{} is looked after later: all threads are busy", keeper);
                }
            }
        }
    }

    private void restart(RouterKeeper keeper) {
        try {
            if (!closed) {
                keeper.running(Deadline.in(context.clock(), START_TIME));
            }
        } catch (HyperionException e) {
            context.logger().warn("{}", e.getMessage());
        }
    }

    @Override
    public RouterCapabilities capabilities() {
        return new RouterCapabilities(Set.of(TargetKind.ENDPOINTS), RouterCapabilities.Precision.EXACT, true);
    }

    @Override
    public ObservedRoute observe(ApplicationId application, Deadline deadline) {
        RouterKeeper keeper = keepers.get(application);
        if (keeper == null) {
            return new ObservedRoute(application, Map.of(), "0", address(settings.portOf(application)));
        }
        AdminClient.Answer answer = accepted(keeper, keeper.ask("GET", "/table", "", deadline));
        try {
            return new ObservedRoute(
                    application,
                    shares(answer.body()),
                    Long.toString(answer.body().at("generation").number()),
                    address(keeper.trafficPort()));
        } catch (IOException e) {
            throw new PluginException(keeper + " cannot be understood: " + e.getMessage(), false, e);
        }
    }

    private Optional<URI> address(int port) {
        return port == 0 ? Optional.empty() : Optional.of(URI.create("http://" + settings.host() + ":" + port));
    }

    private static Map<Version, ObservedRoute.Share> shares(JsonTree table) throws IOException {
        Map<String, JsonTree> inForce = table.at("weightsInForce").members();
        Map<String, JsonTree> inFlight = table.at("inFlight").members();
        Map<Version, ObservedRoute.Share> shares = new HashMap<>();
        for (Map.Entry<String, JsonTree> entry : table.at("versions").members().entrySet()) {
            List<Endpoint> endpoints = new ArrayList<>();
            for (JsonTree endpoint : entry.getValue().at("endpoints").items()) {
                endpoints.add(endpoint(endpoint.text()));
            }
            JsonTree applied = inForce.get(entry.getKey());
            shares.put(
                    new Version(entry.getKey()),
                    share(
                            Math.toIntExact(entry.getValue().at("weight").number()),
                            applied == null ? 0 : Math.toIntExact(applied.number()),
                            Optional.of(new RouteTarget.Endpoints(endpoints)),
                            inFlight.get(entry.getKey())));
        }
        for (Map.Entry<String, JsonTree> leaving : inFlight.entrySet()) {
            Version version = new Version(leaving.getKey());
            if (!shares.containsKey(version)) {
                shares.put(version, share(0, 0, Optional.empty(), leaving.getValue()));
            }
        }
        return shares;
    }

    private static ObservedRoute.Share share(
            int wanted, int inForce, Optional<RouteTarget> target, @Nullable JsonTree inFlight) throws IOException {
        Map<String, Long> byEndpoint = new HashMap<>();
        if (inFlight != null) {
            for (Map.Entry<String, JsonTree> replica : inFlight.members().entrySet()) {
                byEndpoint.put(
                        endpoint(replica.getKey()).toString(),
                        replica.getValue().number());
            }
        }
        long total = byEndpoint.values().stream().mapToLong(Long::longValue).sum();
        return new ObservedRoute.Share(wanted, OptionalInt.of(inForce), target, OptionalLong.of(total), byEndpoint);
    }

    /** An endpoint as the router writes it; everywhere else it is told as {@link Endpoint} writes it. */
    static Endpoint endpoint(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return new Endpoint(
                bracketed ? host.substring(1, host.length() - 1) : host, Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public Applied apply(
            ApplicationId application, Map<Version, Weighted> table, Mutation mutation, Deadline deadline) {
        int total = table.values().stream().mapToInt(Weighted::weight).sum();
        if (total != WHOLE) {
            throw new PluginException(
                    "the shares of " + application + " sum to " + total + "; expected " + WHOLE, false);
        }
        String body = request(application, table, mutation);
        RouterKeeper keeper = keepers.computeIfAbsent(application, this::admit);
        AdminClient.Answer answer = keeper.ask("PUT", "/table", body, deadline);
        String what = "route table of " + application;
        try {
            if (answer.status() == 409) {
                throw new ConflictException(
                        what,
                        mutation.expectedGeneration().orElse("any"),
                        Long.toString(answer.body().at("observed").number()));
            }
            if (answer.status() == 412) {
                throw new FencedException(
                        what, mutation.epoch(), answer.body().at("newestEpoch").number());
            }
            accepted(keeper, answer);
            return new Applied(
                    Long.toString(answer.body().at("generation").number()),
                    answer.body().at("changed").bool());
        } catch (IOException e) {
            throw new PluginException(keeper + " cannot be understood: " + e.getMessage(), false, e);
        }
    }

    /** A new application's keeper, unless it would have to share another one's port. */
    private RouterKeeper admit(ApplicationId application) {
        int port = settings.portOf(application);
        for (Map.Entry<ApplicationId, RouterKeeper> other : keepers.entrySet()) {
            if (port != 0
                    && !other.getKey().equals(application)
                    && other.getValue().trafficPort() == port) {
                throw new PluginException(
                        "port " + port + " is that of the router of " + other.getKey() + "; give " + application
                                + " one of its own under " + settings.section() + ".applications." + application
                                + ".port",
                        false);
            }
        }
        return newKeeper(application);
    }

    private static String request(ApplicationId application, Map<Version, Weighted> table, Mutation mutation) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JsonTree.FACTORY.createGenerator(text)) {
            json.writeStartObject();
            if (mutation.expectedGeneration().isPresent()) {
                json.writeNumberField(
                        "generation", generation(mutation.expectedGeneration().get()));
            }
            json.writeNumberField("epoch", mutation.epoch());
            json.writeStringField("planId", mutation.planId());
            json.writeStringField("stepId", mutation.stepId());
            json.writeObjectFieldStart("versions");
            for (Map.Entry<Version, Weighted> entry : table.entrySet()) {
                json.writeObjectFieldStart(entry.getKey().value());
                json.writeNumberField("weight", entry.getValue().weight());
                json.writeArrayFieldStart("endpoints");
                for (Endpoint endpoint :
                        endpoints(application, entry.getKey(), entry.getValue().target())) {
                    String host = endpoint.host();
                    json.writeString((host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + endpoint.port());
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new PluginException("the table of " + application + " cannot be written: " + e, false, e);
        }
        return text.toString();
    }

    /** Generations of ours are numbers; one that is none was never ours and matches nothing. */
    private static long generation(String expected) {
        try {
            return Math.max(0, Long.parseLong(expected));
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private static List<Endpoint> endpoints(ApplicationId application, Version version, RouteTarget target) {
        if (target instanceof RouteTarget.Endpoints endpoints) {
            return endpoints.all();
        }
        throw new PluginException(
                "version " + version + " of " + application + " has a target of kind " + target.kind()
                        + "; the embedded router takes ENDPOINTS only, as the process backend gives them",
                false);
    }

    private static AdminClient.Answer accepted(RouterKeeper keeper, AdminClient.Answer answer) {
        if (answer.status() == 200) {
            return answer;
        }
        String why;
        try {
            why = answer.body().at("error").text();
        } catch (IOException e) {
            why = "it gives no reason";
        }
        throw new PluginException(keeper + " answers " + answer.status() + ": " + why, answer.status() >= 500);
    }

    @Override
    public Optional<MetricSource> metrics() {
        return Optional.of(new RouterMetricSource(keepers, context.clock()));
    }

    @Override
    public void close() {
        closed = true;
        watch.cancel();
        if (!settings.keepRunning()) {
            Deadline deadline =
                    Deadline.in(context.clock(), settings.drainTimeout().plusSeconds(5));
            keepers.values().forEach(keeper -> keeper.stop(deadline));
        }
    }
}
