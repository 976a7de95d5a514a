// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import dev.hyperion.ApplicationId;
import dev.hyperion.ConfigException;
import dev.hyperion.HyperionException;
import dev.hyperion.RefusedException;
import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.autoscale.DecisionQuery;
import dev.hyperion.autoscale.EffectivePolicy;
import dev.hyperion.autoscale.ExplainedDecision;
import dev.hyperion.autoscale.PastDecision;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScaleOverride;
import dev.hyperion.autoscale.SimulationRequest;
import dev.hyperion.autoscale.SimulationResult;
import dev.hyperion.core.query.HyperionMonitoringCenter;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.Timeline;
import dev.hyperion.spi.AutoScalerEngine;
import dev.hyperion.spi.DeploymentEngine;
import dev.hyperion.spi.ScalingPolicies;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/** The endpoints below {@code /api/autoscale}. Only overrides change anything. Thread-safety: thread-safe. */
final class AutoscaleEndpoints {
    private static final int USUAL_LIMIT = 50;

    private final HyperionMonitoringCenter monitoring;
    private final Optional<DeploymentEngine> deployments;
    private final Optional<AutoScalerEngine> scaling;
    private final OverrideEndpoints overrides;

    /** A simulation takes a whole processor for some seconds; whoever may look must not take them all. */
    private final Semaphore simulating = new Semaphore(1);

    AutoscaleEndpoints(
            HyperionMonitoringCenter monitoring,
            Optional<DeploymentEngine> deployments,
            Optional<AutoScalerEngine> scaling) {
        this.monitoring = monitoring;
        this.deployments = deployments;
        this.scaling = scaling;
        this.overrides = new OverrideEndpoints(
                monitoring, named -> Endpoints.application(named, deployments), this::scaler, this::everybody);
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>(overrides.routes());
        routes.addAll(List.of(
                new Route("GET", "/api/autoscale/policy", Access.KEY, this::policy),
                new Route("GET", "/api/autoscale/policies", Access.KEY, request -> policies()),
                new Route("GET", "/api/autoscale/history", Access.KEY, this::history),
                new Route("POST", "/api/autoscale/plan", Access.KEY, this::plan),
                new Route("POST", "/api/autoscale/simulate", Access.KEY, this::simulate)));
        return routes;
    }

    /** Whoever has a policy of its own, and whoever is deployed and has one. */
    private List<ApplicationId> everybody() {
        Stream<ApplicationId> named =
                engine().policies().all().stream().flatMap(policy -> policy.application().stream());
        Stream<ApplicationId> deployed = deployments.stream()
                .flatMap(engine -> engine.manager().applications().stream())
                .filter(application -> engine().of(application).isPresent());
        return Stream.concat(named, deployed).distinct().toList();
    }

    /** What the autoscaler thinks of an application that has a policy. */
    Optional<ScaleDecision> recommendation(ApplicationId application) {
        return scaling.flatMap(engine -> engine.of(application)).map(scaler -> scaler.plan(OptionalInt.empty()));
    }

    private AutoScalerEngine engine() {
        return scaling.orElseThrow(
                () -> new RefusedException("this instance scales nothing; set autoscale: in its configuration"));
    }

    private AutoScaler scaler(ApplicationId application) {
        return engine().of(application).orElseThrow(() -> without(application));
    }

    private EffectivePolicy effective(ApplicationId application) {
        return engine().policies().of(application).orElseThrow(() -> without(application));
    }

    private static RefusedException without(ApplicationId application) {
        return new RefusedException(
                application + " has no scaling policy; set one under autoscale in the configuration");
    }

    /** Before anything is deployed a policy for all applications can be looked at under any name. */
    private ApplicationId application(Optional<String> named) {
        boolean nothing = deployments
                .map(engine -> engine.manager().applications().isEmpty())
                .orElse(true);
        List<EffectivePolicy> all = engine().policies().all();
        if (named.isEmpty() && nothing && all.size() == 1) {
            return all.get(0).application().orElse(new ApplicationId("any"));
        }
        return Endpoints.application(named, deployments);
    }

    /** A policy for all applications covers any name, also one that is misspelt. */
    static ApplicationId known(ApplicationId application, List<ApplicationId> all) {
        if (!all.contains(application)) {
            throw new RefusedException("no application " + application + " is scaled here; "
                    + (all.isEmpty() ? "nothing is deployed yet" : "scaled are " + all + ", name one"));
        }
        return application;
    }

    private ApiResponse policy(ApiRequest request) {
        ApplicationId application = application(request.parameter("application"));
        AutoScaler scaler = scaler(application);
        String policy = engine().policies().toJson(effective(application), scaler.history());
        List<ScaleOverride> inForce = scaler.overrides();
        return ApiResponse.json(200, json -> AutoscaleJson.withOverrides(policy, application, inForce, json));
    }

    private ApiResponse history(ApiRequest request) {
        DecisionQuery query = new DecisionQuery(
                Endpoints.number(request, "limit", USUAL_LIMIT),
                request.parameter("since").map(this::since),
                request.parameter("changes").map(AutoscaleEndpoints::flag).orElse(false));
        ApplicationId application = Endpoints.application(request.parameter("application"), deployments);
        Iterator<PastDecision> decisions = scaler(application).decisions(query).iterator();
        boolean any = decisions.hasNext(); // a journal that cannot be read is told before the answer has begun
        if (!any) {
            known(application, everybody()); // of one that is gone there may be decisions all the same
        }
        return ApiResponse.json(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("history");
            for (boolean more = any; more; more = decisions.hasNext()) {
                AutoscaleJson.past(decisions.next(), json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static boolean flag(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new HyperionException("changes is '" + text + "'; expected true or false");
        }
        return text.equals("true");
    }

    /** A moment, or how long ago it was. */
    private Instant since(String text) {
        try {
            return monitoring.now().minus(JsonObject.duration("since", text));
        } catch (ConfigException notADuration) {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException e) {
                throw new HyperionException(
                        "since is '" + text
                                + "'; expected a duration such as 2h, or a time such as 2026-12-01T08:00:00Z",
                        e);
            }
        }
    }

    private ApiResponse policies() {
        ScalingPolicies policies = engine().policies();
        return ApiResponse.json(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("policies");
            for (EffectivePolicy each : policies.all()) {
                json.writeRawValue(policies.toJson(each, List.of()));
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private ApiResponse plan(ApiRequest request) {
        JsonObject body = JsonObject.read(request.body());
        ApplicationId application = application(body.find("application"));
        OptionalInt replicas = body.integer("replicas");
        if (replicas.isPresent() && replicas.getAsInt() < 0) {
            throw new HyperionException("'replicas' is " + replicas.getAsInt() + "; expected 0 or more");
        }
        AutoScaler scaler = scaler(application);
        ExplainedDecision explained = scaler.explain(replicas);
        List<ScaleOverride> inForce = scaler.overrides();
        return ApiResponse.json(200, json -> AutoscaleJson.explained(explained, inForce, json));
    }

    private ApiResponse simulate(ApiRequest request) {
        JsonObject body = JsonObject.read(request.body());
        ApplicationId application = application(body.find("application"));
        EffectivePolicy policy = effective(application);
        ScalingPolicies policies = engine().policies();
        SimulationResult result = simulate(policies, policy, asked(body));
        String simulation = policies.toJson(result);
        String told = policies.toJson(policy, List.of());
        String chart = body.flag("chart") ? policies.chart(policies.title(policy), result) : null;
        return ApiResponse.json(200, json -> {
            json.writeStartObject();
            json.writeFieldName("policy");
            json.writeRawValue(told);
            json.writeFieldName("simulation");
            json.writeRawValue(simulation);
            json.writeStringField("chart", chart);
            json.writeEndObject();
        });
    }

    private SimulationResult simulate(ScalingPolicies policies, EffectivePolicy policy, SimulationRequest asked) {
        if (!simulating.tryAcquire()) {
            throw new RefusedException("another simulation is under way here; try again when it has ended");
        }
        try {
            return policies.simulate(policy, asked);
        } finally {
            simulating.release();
        }
    }

    private SimulationRequest asked(JsonObject body) {
        Optional<String> trace = body.find("trace");
        Optional<String> metric = body.find("metric");
        if (trace.isPresent() == metric.isPresent()) {
            throw new HyperionException("the body has "
                    + (trace.isPresent() ? "both 'trace' and 'metric'" : "neither 'trace' nor 'metric'")
                    + "; expected a trace as CSV, or a metric whose course is kept here");
        }
        return new SimulationRequest(
                body.find("name").orElse(metric.orElse("trace")),
                trace.orElseGet(() -> kept(body, metric.orElse(""))),
                body.decimal("capacity_per_replica"),
                body.duration("start_up").orElse(SimulationRequest.USUAL_START_UP),
                body.integer("initial_replicas"));
    }

    /** The course of a metric as a trace; a point stands for the stretch that it ends. */
    private String kept(JsonObject body, String metric) {
        Timeline timeline = monitoring.timeline(
                MetricQuery.parse(metric, Duration.ofSeconds(60)),
                Duration.ofSeconds(Math.max(1, body.number("seconds", 3_600))),
                Duration.ofSeconds(Math.max(1, body.number("step", 1))));
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (Timeline.Point point : timeline.points()) {
            csv.append(point.at().minus(timeline.resolution()))
                    .append(',')
                    .append(point.value())
                    .append('\n');
        }
        return csv.toString();
    }
}
