// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import dev.hyperion.autoscale.schedule.CronExpression;
import dev.hyperion.autoscale.schedule.Schedule;
import dev.hyperion.autoscale.stage.MetricGuard;
import dev.hyperion.autoscale.stage.RolloutRule;
import dev.hyperion.autoscale.stage.StageSettings;
import dev.hyperion.autoscale.stage.StartAware;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalInt;

/** What stands around a policy, as JSON. Reading what was written gives equal settings. */
final class SettingsJson {
    private SettingsJson() {}

    static void write(JsonText json, StageSettings settings) {
        json.putAll("guards", settings.guards(), SettingsJson::guard)
                .putAll("schedules", settings.schedules(), SettingsJson::schedule)
                .putAll("overrides", settings.overrides(), OverrideJson::write)
                .put("rollouts", Json.word(settings.rollouts()))
                .putIfPresent("start_aware", settings.startAware(), SettingsJson::startAware);
    }

    static StageSettings read(Json json) {
        return new StageSettings(
                json.objects("guards", SettingsJson::guard),
                json.objects("schedules", SettingsJson::schedule),
                json.objects("overrides", OverrideJson::read),
                json.constant("rollouts", RolloutRule.class),
                json.has("start_aware") ? Optional.of(startAware(json.object("start_aware"))) : Optional.empty());
    }

    private static void startAware(JsonText json, StartAware rules) {
        json.put("warm_up", rules.warmUp()).put("patience", rules.patience());
    }

    private static StartAware startAware(Json json) {
        return new StartAware(json.duration("warm_up"), json.duration("patience"));
    }

    private static void guard(JsonText json, MetricGuard guard) {
        json.put("metric", guard.metric()).putText("max_age", guard.maxAge(), Duration::toString);
        if (guard.onBadData() instanceof MetricGuard.OnBadData.Fallback fallback) {
            json.put("on_bad_data", "fallback")
                    .put("replicas", fallback.replicas())
                    .put("after", fallback.after());
        } else {
            json.put("on_bad_data", guard.onBadData() instanceof MetricGuard.OnBadData.Hold ? "hold" : "up_only");
        }
        json.putIfPresent("zero", guard.zero(), SettingsJson::zero);
    }

    private static MetricGuard guard(Json json) {
        return new MetricGuard(
                json.text("metric"),
                json.find("max_age", Duration::parse),
                onBadData(json),
                json.has("zero") ? Optional.of(zero(json.object("zero"))) : Optional.empty());
    }

    private static MetricGuard.OnBadData onBadData(Json json) {
        return switch (json.text("on_bad_data")) {
            case "hold" -> new MetricGuard.OnBadData.Hold();
            case "up_only" -> new MetricGuard.OnBadData.UpOnly();
            default -> new MetricGuard.OnBadData.Fallback(json.count("replicas"), json.duration("after"));
        };
    }

    private static void zero(JsonText json, MetricGuard.ZeroGuard zero) {
        json.put("substantial", zero.substantial()).put("disbelief", zero.disbelief());
    }

    private static MetricGuard.ZeroGuard zero(Json json) {
        return new MetricGuard.ZeroGuard(json.real("substantial"), json.duration("disbelief"));
    }

    private static void schedule(JsonText json, Schedule schedule) {
        json.put("name", schedule.name())
                .put("cron", schedule.cron().toString())
                .put("zone", schedule.zone().getId())
                .put("duration", schedule.duration());
        schedule.minReplicas().ifPresent(min -> json.put("min_replicas", min));
        schedule.maxReplicas().ifPresent(max -> json.put("max_replicas", max));
    }

    private static Schedule schedule(Json json) {
        return new Schedule(
                json.text("name"),
                CronExpression.parse(json.text("cron")),
                ZoneId.of(json.text("zone")),
                json.duration("duration"),
                json.has("min_replicas") ? OptionalInt.of(json.count("min_replicas")) : OptionalInt.empty(),
                json.has("max_replicas") ? OptionalInt.of(json.count("max_replicas")) : OptionalInt.empty());
    }
}
