// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import dev.hyperion.core.alert.AlertConfig;
import dev.hyperion.core.expose.MonitoringExport;
import dev.hyperion.core.query.HyperionMonitoringCenter;
import dev.hyperion.monitoring.AlertOrigin;
import dev.hyperion.monitoring.Silence;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The endpoints of alerts and silences. Thread-safety: thread-safe. */
final class AlertEndpoints {
    private static final String ALERT = "/api/alerts/";
    private static final String SILENCE = "/api/silences/";

    private final HyperionMonitoringCenter monitoring;

    AlertEndpoints(HyperionMonitoringCenter monitoring) {
        this.monitoring = monitoring;
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", "/api/alerts", Access.KEY, request -> alerts(200)),
                new Route("GET", "/api/alerts/rules.yaml", Access.KEY, request -> prometheusRules()),
                new Route("POST", "/api/alerts", Access.OPERATOR, this::add),
                new Route("DELETE", ALERT + "*", Access.OPERATOR, this::remove),
                new Route("GET", "/api/silences", Access.KEY, request -> silences()),
                new Route("POST", "/api/silences", Access.OPERATOR, this::silence),
                new Route("DELETE", SILENCE + "*", Access.OPERATOR, this::endSilence));
    }

    private ApiResponse alerts(int status) {
        return ApiResponse.json(status, json -> {
            json.writeStartObject();
            json.writeFieldName("alerts");
            MonitoringExport.writeAlerts(monitoring.alerts(), json);
            json.writeEndObject();
        });
    }

    private ApiResponse prometheusRules() {
        byte[] rules = monitoring.prometheusRules().getBytes(StandardCharsets.UTF_8);
        return new ApiResponse(200, "application/yaml; charset=utf-8", Map.of(), out -> out.write(rules));
    }

    private ApiResponse add(ApiRequest request) {
        Map<String, Object> fields = new LinkedHashMap<>(JsonObject.fields(request.body()));
        AlertOrigin origin = "cli".equals(fields.remove("origin")) ? AlertOrigin.CLI : AlertOrigin.API;
        String name = fields.getOrDefault("metric", "alert") + "-" + fields.getOrDefault("comparison", "gt");
        monitoring.addAlert(AlertConfig.rule(fields, name, origin));
        return alerts(201);
    }

    private ApiResponse remove(ApiRequest request) {
        String name = request.path().substring(ALERT.length());
        return monitoring.removeAlert(name)
                ? Endpoints.done("removed alert " + name)
                : ApiResponse.problem(404, "Not found", "there is no alert " + name);
    }

    private ApiResponse silences() {
        List<Silence> silences = monitoring.silences();
        return ApiResponse.json(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("silences");
            for (Silence silence : silences) {
                MonitoringExport.writeSilence(silence, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private ApiResponse silence(ApiRequest request) {
        Silence wanted = AlertConfig.silence(JsonObject.fields(request.body()), monitoring.now());
        Silence silence = monitoring.silence(wanted);
        return ApiResponse.json(201, json -> MonitoringExport.writeSilence(silence, json));
    }

    private ApiResponse endSilence(ApiRequest request) {
        String id = request.path().substring(SILENCE.length());
        return monitoring.endSilence(id)
                ? Endpoints.done("ended silence " + id)
                : ApiResponse.problem(404, "Not found", "there is no silence " + id + ", or it has ended");
    }
}
