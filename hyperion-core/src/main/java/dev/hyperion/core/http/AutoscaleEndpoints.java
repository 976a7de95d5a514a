// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.RefusedException;
import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.autoscale.EffectivePolicy;
import dev.hyperion.autoscale.ExplainedDecision;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.SimulationRequest;
import dev.hyperion.autoscale.SimulationResult;
import dev.hyperion.core.query.HyperionMonitoringCenter;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.Timeline;
import dev.hyperion.spi.AutoScalerEngine;
import dev.hyperion.spi.DeploymentEngine;
import dev.hyperion.spi.ScalingPolicies;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;

/** The endpoints below {@code /api/autoscale}. None of them changes anything. Thread-safety: thread-safe. */
final class AutoscaleEndpoints {
    private final HyperionMonitoringCenter monitoring;
    private final Optional<DeploymentEngine> deployments;
    private final Optional<AutoScalerEngine> scaling;

    /** A simulation takes a whole processor for some seconds; whoever may look must not take them all. */
    private final Semaphore simulating = new Semaphore(1);

    AutoscaleEndpoints(
            HyperionMonitoringCenter monitoring,
            Optional<DeploymentEngine> deployments,
            Optional<AutoScalerEngine> scaling) {
        this.monitoring = monitoring;
        this.deployments = deployments;
        this.scaling = scaling;
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", "/api/autoscale/policy", Access.KEY, this::policy),
                new Route("GET", "/api/autoscale/policies", Access.KEY, request -> policies()),
                new Route("POST", "/api/autoscale/plan", Access.KEY, this::plan),
                new Route("POST", "/api/autoscale/simulate", Access.KEY, this::simulate));
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

    private ApiResponse policy(ApiRequest request) {
        ApplicationId application = application(request.parameter("application"));
        String policy = engine().policies()
                .toJson(effective(application), scaler(application).history());
        return ApiResponse.json(200, json -> json.writeRawValue(policy));
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
        ExplainedDecision explained = scaler(application).explain(replicas);
        return ApiResponse.json(200, json -> AutoscaleJson.explained(explained, json));
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
