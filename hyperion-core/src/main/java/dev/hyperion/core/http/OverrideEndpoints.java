// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.http;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.autoscale.ScaleOverride;
import dev.hyperion.core.query.HyperionMonitoringCenter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What people want instead of what a scaling policy decides, for a while. Thread-safety: thread-safe. */
final class OverrideEndpoints {
    private static final String PATH = "/api/autoscale/overrides";
    /** Who says no end is in the middle of something; whoever needs longer says so. */
    private static final Duration USUAL = Duration.ofHours(1);

    private final HyperionMonitoringCenter monitoring;
    private final Function<Optional<String>, ApplicationId> meant;
    private final Function<ApplicationId, AutoScaler> scalers;
    private final Supplier<List<ApplicationId>> everybody;

    /** Told are which application is meant by a name or by none, whose scaler it is, and all that have one. */
    OverrideEndpoints(
            HyperionMonitoringCenter monitoring,
            Function<Optional<String>, ApplicationId> meant,
            Function<ApplicationId, AutoScaler> scalers,
            Supplier<List<ApplicationId>> everybody) {
        this.monitoring = monitoring;
        this.meant = meant;
        this.scalers = scalers;
        this.everybody = everybody;
    }

    List<Route> routes() {
        return List.of(
                new Route("GET", PATH, Access.KEY, this::overrides),
                new Route("POST", PATH, Access.OPERATOR, this::override),
                new Route("DELETE", PATH, Access.OPERATOR, this::resume));
    }

    private ApiResponse overrides(ApiRequest request) {
        List<ApplicationId> all = everybody.get();
        List<ApplicationId> asked = request.parameter("application")
                .map(ApplicationId::new)
                .map(each -> List.of(AutoscaleEndpoints.known(each, all)))
                .orElse(all);
        Map<ApplicationId, List<ScaleOverride>> overrides = asked.stream()
                .collect(Collectors.toMap(
                        Function.identity(), each -> scalers.apply(each).overrides()));
        return ApiResponse.json(200, json -> {
            json.writeStartObject();
            json.writeArrayFieldStart(AutoscaleJson.OVERRIDES);
            for (ApplicationId application : asked) {
                for (ScaleOverride each : overrides.getOrDefault(application, List.of())) {
                    AutoscaleJson.override(application, each, json);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private ApiResponse override(ApiRequest request) {
        JsonObject body = JsonObject.read(request.body());
        ApplicationId application = meant.apply(body.find("application"));
        ScaleOverride.Kind kind = ScaleOverride.Kind.of(body.text("kind"));
        if (kind == ScaleOverride.Kind.PINNED && body.find("replicas").isEmpty()) {
            throw new HyperionException("'replicas' is missing in the body; kind is pinned, so say to how many");
        }
        ScaleOverride override = scalers.apply(application)
                .override(new ScaleOverride(
                        kind, body.number("replicas", 0), Endpoints.who(request, body), body.text("why"), end(body)));
        return ApiResponse.json(201, json -> AutoscaleJson.override(application, override, json));
    }

    private Instant end(JsonObject body) {
        Optional<Duration> length = body.duration("for");
        Optional<Instant> until = body.find("until").map(text -> Endpoints.instant("until", text));
        if (length.isPresent() && until.isPresent()) {
            throw new HyperionException("the body has both 'for' and 'until'; expected one of them");
        }
        return until.orElseGet(() -> monitoring.now().plus(length.orElse(USUAL)).truncatedTo(ChronoUnit.MILLIS));
    }

    private ApiResponse resume(ApiRequest request) {
        ApplicationId application = meant.apply(request.parameter("application"));
        AutoScaler scaler = scalers.apply(application);
        ScaleOverride ended = scaler.resume(
                request.parameter("who").orElse(request.caller()),
                request.parameter("why").orElse(""));
        List<ScaleOverride> left = scaler.overrides();
        return ApiResponse.json(200, json -> {
            json.writeStartObject();
            json.writeFieldName("ended");
            AutoscaleJson.override(application, ended, json);
            AutoscaleJson.overrides(application, left, json);
            json.writeEndObject();
        });
    }
}
