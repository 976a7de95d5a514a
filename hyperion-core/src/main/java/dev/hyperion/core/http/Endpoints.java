// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.RefusedException;
import dev.hyperion.Version;
import dev.hyperion.core.config.SecretReferences;
import dev.hyperion.core.config.YamlFile;
import dev.hyperion.core.expose.ExpositionSettings;
import dev.hyperion.core.expose.MonitoringExport;
import dev.hyperion.core.expose.PrometheusText;
import dev.hyperion.core.log.LoggerLevels;
import dev.hyperion.core.query.HyperionMonitoringCenter;
import dev.hyperion.deploy.ApplyOptions;
import dev.hyperion.deploy.DeploymentManager;
import dev.hyperion.deploy.DeploymentPlan;
import dev.hyperion.deploy.DeploymentRecord;
import dev.hyperion.deploy.DeploymentSpec;
import dev.hyperion.deploy.DeploymentStatus;
import dev.hyperion.deploy.RollbackTarget;
import dev.hyperion.deploy.Rollout;
import dev.hyperion.deploy.RolloutKind;
import dev.hyperion.deploy.RolloutState;
import dev.hyperion.deploy.ScaleCause;
import dev.hyperion.monitoring.HealthGroup;
import dev.hyperion.monitoring.HealthReport;
import dev.hyperion.monitoring.HealthStatus;
import dev.hyperion.monitoring.LogLevel;
import dev.hyperion.monitoring.LogPage;
import dev.hyperion.monitoring.LogQuery;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.Timeline;
import dev.hyperion.plugin.PluginCatalog;
import dev.hyperion.spi.AutoScalerEngine;
import dev.hyperion.spi.DeploymentEngine;
import dev.hyperion.spi.LoggerLevel;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Every endpoint, as described in {@code docs/http-api.md}. Thread-safety: thread-safe. */
public final class Endpoints {
    private static final int KEPT_PLANS = 100;

    private final String version;
    private final HyperionMonitoringCenter monitoring;
    private final Optional<DeploymentEngine> deployments;
    private final AutoscaleEndpoints autoscale;
    private final PluginCatalog plugins;
    private final SecretReferences secrets;
    private final boolean openMetrics;
    private final MetricsEndpoint metrics;
    private final AlertEndpoints alerts;
    private final Map<String, DeploymentPlan> plans = new LinkedHashMap<>();

    /**
     * The endpoints of one instance.
     *
     * @param version the version of this instance's application, or of Hyperion
     * @param monitoring what it measures
     * @param deployments what it deploys; empty if it deploys nothing
     * @param scaling what it scales; empty if it scales nothing
     * @param plugins what is on the class path
     * @param secrets resolves secrets in plan files
     * @param openMetrics whether metrics may be scraped without a key
     * @param exposition what timers and summaries are exported as
     */
    public Endpoints(
            String version,
            HyperionMonitoringCenter monitoring,
            Optional<DeploymentEngine> deployments,
            Optional<AutoScalerEngine> scaling,
            PluginCatalog plugins,
            SecretReferences secrets,
            boolean openMetrics,
            ExpositionSettings exposition) {
        this.version = version;
        this.monitoring = monitoring;
        this.deployments = deployments;
        this.autoscale = new AutoscaleEndpoints(monitoring, deployments, scaling);
        this.plugins = plugins;
        this.secrets = secrets;
        this.openMetrics = openMetrics;
        this.metrics =
                new MetricsEndpoint(new PrometheusText(monitoring.meters(), monitoring.recentWindow(), exposition));
        this.alerts = new AlertEndpoints(monitoring);
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>(alerts.routes());
        routes.addAll(autoscale.routes());
        routes.addAll(List.of(
                new Route("GET", "/api/health", Access.OPEN, request -> health()),
                new Route("GET", "/api/health/live", Access.OPEN, request -> health(HealthGroup.LIVE)),
                new Route("GET", "/api/health/ready", Access.OPEN, request -> health(HealthGroup.READY)),
                new Route("GET", "/api/health/startup", Access.OPEN, request -> health(HealthGroup.STARTUP)),
                new Route("GET", "/metrics", openMetrics ? Access.OPEN : Access.KEY, metrics::answer),
                new Route("GET", "/api/monitoring", Access.KEY, request -> monitoring()),
                new Route("POST", "/api/monitoring/reset", Access.OPERATOR, request -> reset()),
                new Route("GET", "/api/logs", Access.KEY, this::logs),
                new Route(
                        "GET",
                        "/api/loggers/*",
                        Access.KEY,
                        request -> logger(monitoring.loggers().get(named(request)))),
                new Route("PUT", "/api/loggers/*", Access.OPERATOR, this::setLevel),
                new Route("DELETE", "/api/loggers/*", Access.OPERATOR, this::resetLevel),
                new Route("GET", "/api/timeline", Access.KEY, this::timeline),
                new Route("POST", "/api/deploy/plan", Access.OPERATOR, this::plan),
                new Route("POST", "/api/deploy/apply", Access.OPERATOR, this::apply),
                new Route("POST", "/api/deploy/rollback", Access.OPERATOR, this::rollback),
                new Route("POST", "/api/deploy/scale", Access.OPERATOR, this::scale),
                new Route("POST", "/api/deploy/promote", Access.OPERATOR, this::promote),
                new Route("POST", "/api/deploy/pause", Access.OPERATOR, this::pause),
                new Route("POST", "/api/deploy/resume", Access.OPERATOR, this::resume),
                new Route("POST", "/api/deploy/abort", Access.OPERATOR, this::abort),
                new Route("GET", "/api/deploy/status", Access.KEY, this::status),
                new Route("GET", "/api/deploy/history", Access.KEY, this::history),
                new Route("GET", "/api/plugins", Access.KEY, request -> plugins())));
        return routes;
    }

    private ApiResponse health(HealthGroup group) {
        HealthReport report = monitoring.health(group);
        return ApiResponse.json(report.status() == HealthStatus.DOWN ? 503 : 200, json -> {
            json.writeStartObject();
            json.writeStringField("status", report.status().name().toLowerCase(Locale.ROOT));
            json.writeStringField("version", version);
            MonitoringExport.writeChecks(report, json);
            json.writeEndObject();
        });
    }

    private ApiResponse health() {
        HealthReport report = monitoring.health();
        List<DeploymentRecord> records = new ArrayList<>();
        deployments
                .map(DeploymentEngine::manager)
                .ifPresent(manager ->
                        manager.applications().forEach(application -> records.addAll(manager.history(application))));
        double active = monitoring.meters().find("deploy.active_replicas").gauges().stream()
                .mapToDouble(gauge -> gauge.value())
                .sum();
        return ApiResponse.json(report.status() == HealthStatus.DOWN ? 503 : 200, json -> {
            json.writeStartObject();
            json.writeStringField("status", report.status().name().toLowerCase(Locale.ROOT));
            json.writeStringField("version", version);
            json.writeNumberField("active_replicas", (long) active);
            success(records, json);
            json.writeNumberField(
                    "rollback_count",
                    records.stream()
                            .filter(record ->
                                    record.kind() == RolloutKind.ROLLBACK || record.state() == RolloutState.ROLLED_BACK)
                            .count());
            MonitoringExport.writeChecks(report, json);
            json.writeEndObject();
        });
    }

    /** The share of new versions that came into service; null before there was one. */
    private static void success(List<DeploymentRecord> records, JsonGenerator json) throws IOException {
        List<DeploymentRecord> ended = records.stream()
                .filter(record ->
                        record.kind() == RolloutKind.APPLY && record.state().isOver())
                .toList();
        if (ended.isEmpty()) {
            json.writeNullField("success_rate");
        } else {
            long good = ended.stream()
                    .filter(record -> record.state() == RolloutState.SUCCEEDED)
                    .count();
            json.writeNumberField("success_rate", (double) good / ended.size());
        }
    }

    private ApiResponse monitoring() {
        return ApiResponse.json(200, json -> MonitoringExport.write(monitoring.snapshot(), json));
    }

    private ApiResponse reset() {
        monitoring.reset();
        return done("reset");
    }

    static ApiResponse done(String what) {
        return ApiResponse.json(200, json -> {
            json.writeStartObject();
            json.writeStringField("done", what);
            json.writeEndObject();
        });
    }

    private ApiResponse logs(ApiRequest request) {
        int limit = number(request, "limit", 100);
        LogLevel level = request.parameter("level").map(Endpoints::level).orElse(LogLevel.TRACE);
        LogPage page = monitoring.logPage(new LogQuery(limit, level, after(request)));
        return ApiResponse.json(200, json -> {
            json.writeStartObject();
            json.writeFieldName("logs");
            MonitoringExport.writeLogs(page.entries(), json);
            json.writeNumberField("next", page.next());
            json.writeNumberField("missed", page.missed());
            json.writeNumberField("written", page.written());
            json.writeNumberField("lost", page.lost());
            json.writeEndObject();
        });
    }

    private static OptionalLong after(ApiRequest request) {
        Optional<String> after = request.parameter("after");
        try {
            long sequence = after.map(Long::valueOf).orElse(0L);
            if (sequence < 0) {
                throw new HyperionException("after is " + sequence + "; expected 0 or more");
            }
            return after.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sequence);
        } catch (NumberFormatException e) {
            throw new HyperionException("after is '" + after.orElse("") + "'; expected a whole number");
        }
    }

    private static String named(ApiRequest request) {
        return request.path().substring("/api/loggers/".length());
    }

    private ApiResponse setLevel(ApiRequest request) {
        JsonObject body = JsonObject.read(request.body());
        return logger(monitoring.loggers().set(named(request), level(body.text("level")), body.duration("for")));
    }

    private ApiResponse resetLevel(ApiRequest request) {
        monitoring.loggers().reset(named(request));
        return logger(monitoring.loggers().get(named(request)));
    }

    private static ApiResponse logger(LoggerLevels.State state) {
        return ApiResponse.json(200, json -> {
            json.writeStartObject();
            json.writeStringField("name", state.logger());
            json.writeBooleanField("changed", state.changed());
            json.writeStringField("until", state.until().map(Instant::toString).orElse(null));
            json.writeArrayFieldStart("backends");
            for (Map.Entry<String, LoggerLevel> backend : state.backends().entrySet()) {
                json.writeStartObject();
                json.writeStringField("backend", backend.getKey());
                json.writeStringField(
                        "level",
                        backend.getValue().effective().map(Endpoints::word).orElse("off"));
                json.writeStringField(
                        "own", backend.getValue().own().map(Endpoints::word).orElse(null));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static String word(LogLevel level) {
        return level.name().toLowerCase(Locale.ROOT);
    }

    private static LogLevel level(String word) {
        try {
            return LogLevel.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new HyperionException("level is '" + word + "'; expected one of trace, debug, info, warn, error");
        }
    }

    static int number(ApiRequest request, String name, int otherwise) {
        try {
            int number = request.parameter(name).map(Integer::valueOf).orElse(otherwise);
            if (number < 1) {
                throw new HyperionException(name + " is " + number + "; expected 1 or more");
            }
            return number;
        } catch (NumberFormatException e) {
            throw new HyperionException(
                    name + " is '" + request.parameter(name).orElse("") + "'; expected a whole number");
        }
    }

    private ApiResponse timeline(ApiRequest request) {
        String metric = request.parameter("metric")
                .orElseThrow(() -> new HyperionException("metric is missing; name one, such as ?metric=latency.p95"));
        Timeline timeline = monitoring.timeline(
                MetricQuery.parse(metric, Duration.ofSeconds(60)),
                Duration.ofSeconds(number(request, "seconds", 600)),
                Duration.ofSeconds(number(request, "step", 1)));
        return ApiResponse.json(200, json -> MonitoringExport.writeTimeline(timeline, json));
    }

    private DeploymentEngine engine() {
        return deployments.orElseThrow(() -> new RefusedException(
                "this instance deploys nothing; set deploy.backend and deploy.router in its configuration"));
    }

    private DeploymentManager manager() {
        return engine().manager();
    }

    private ApplicationId application(Optional<String> named) {
        return application(named, deployments);
    }

    /** The application that is meant: the one named, or the only one there is. */
    static ApplicationId application(Optional<String> named, Optional<DeploymentEngine> deployments) {
        if (named.isPresent()) {
            return new ApplicationId(named.get());
        }
        List<ApplicationId> all =
                deployments.map(engine -> engine.manager().applications()).orElse(List.of());
        if (all.size() == 1) {
            return all.get(0);
        }
        throw new RefusedException(
                all.isEmpty()
                        ? "nothing is deployed here yet; deploy something, or name an application"
                        : "there are several applications, " + all + "; name one");
    }

    private ApiResponse plan(ApiRequest request) {
        JsonObject body = JsonObject.read(request.body());
        DeploymentEngine engine = engine();
        DeploymentSpec spec =
                engine.read(YamlFile.read(body.find("file").orElse("plan.yaml"), body.text("config"), secrets));
        DeploymentPlan plan = engine.manager().plan(spec);
        synchronized (plans) {
            plans.put(plan.id(), plan);
            if (plans.size() > KEPT_PLANS) {
                plans.remove(plans.keySet().iterator().next());
            }
        }
        return ApiResponse.json(200, json -> DeployJson.plan(plan, autoscale.recommendation(spec.application()), json));
    }

    private ApiResponse apply(ApiRequest request) {
        JsonObject body = JsonObject.read(request.body());
        String id = body.text("plan");
        DeploymentPlan plan;
        synchronized (plans) {
            plan = plans.get(id);
        }
        if (plan == null) {
            throw new RefusedException("plan " + id + " was not made by this instance, or long ago; make a new one");
        }
        return rollout(manager()
                .apply(
                        plan,
                        new ApplyOptions(who(request, body), body.find("notes").orElse(""), body.flag("supersede"))));
    }

    /** Who is behind a request: whom it names, or else the name of its key. */
    static String who(ApiRequest request, JsonObject body) {
        return body.find("who").orElse(request.caller());
    }

    static Instant instant(String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new HyperionException(name + " is '" + text + "'; expected a time such as 2026-12-01T08:00:00Z", e);
        }
    }

    private static ApiResponse rollout(Rollout rollout) {
        return ApiResponse.json(202, json -> DeployJson.rollout(rollout, json));
    }

    private ApiResponse rollback(ApiRequest request) {
        JsonObject body = JsonObject.read(request.body());
        RollbackTarget target = body.find("version")
                .<RollbackTarget>map(text -> new RollbackTarget.To(new Version(text), who(request, body)))
                .orElse(new RollbackTarget.Previous(who(request, body)));
        return rollout(manager().rollback(application(body.find("application")), target));
    }

    private ApiResponse scale(ApiRequest request) {
        JsonObject body = JsonObject.read(request.body());
        body.text("replicas");
        return rollout(manager()
                .scale(
                        application(body.find("application")),
                        body.number("replicas", 0),
                        new ScaleCause.Operator(
                                who(request, body), body.find("why").orElse(""))));
    }

    private Rollout open(JsonObject body) {
        ApplicationId application = application(body.find("application"));
        return manager()
                .open(application)
                .orElseThrow(() -> new RefusedException("no rollout of " + application + " is open"));
    }

    private ApiResponse promote(ApiRequest request) {
        JsonObject body = JsonObject.read(request.body());
        Rollout rollout = open(body);
        rollout.promote(who(request, body));
        return rollout(rollout);
    }

    private ApiResponse pause(ApiRequest request) {
        JsonObject body = JsonObject.read(request.body());
        Rollout rollout = open(body);
        rollout.pause(who(request, body));
        return rollout(rollout);
    }

    private ApiResponse resume(ApiRequest request) {
        JsonObject body = JsonObject.read(request.body());
        Rollout rollout = open(body);
        rollout.resume(who(request, body));
        return rollout(rollout);
    }

    private ApiResponse abort(ApiRequest request) {
        JsonObject body = JsonObject.read(request.body());
        Rollout rollout = open(body);
        rollout.abort(who(request, body), body.find("why").orElse(""));
        return rollout(rollout);
    }

    private ApiResponse status(ApiRequest request) {
        ApplicationId application = application(request.parameter("application"));
        DeploymentStatus status = manager().status(application);
        List<DeploymentRecord> history = manager().history(application);
        Optional<DeploymentRecord> last =
                history.isEmpty() ? Optional.empty() : Optional.of(history.get(history.size() - 1));
        return ApiResponse.json(
                200, json -> DeployJson.status(status, autoscale.recommendation(application), last, json));
    }

    private ApiResponse history(ApiRequest request) {
        List<DeploymentRecord> records = manager().history(application(request.parameter("application")));
        return ApiResponse.json(200, json -> DeployJson.history(records, json));
    }

    private ApiResponse plugins() {
        return ApiResponse.json(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("plugins");
            for (PluginCatalog.Entry entry : plugins.entries()) {
                json.writeStartObject();
                json.writeStringField("kind", entry.kind());
                json.writeStringField("name", entry.name());
                json.writeStringField("provider", entry.provider());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayFieldStart("broken");
            for (PluginCatalog.Broken broken : plugins.broken()) {
                json.writeStartObject();
                json.writeStringField("kind", broken.kind());
                json.writeStringField("why", broken.why());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }
}
