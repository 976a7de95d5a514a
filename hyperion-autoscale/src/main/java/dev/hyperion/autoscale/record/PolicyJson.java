// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.record;

import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.ScalingRules;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import java.time.LocalDate;
import java.util.Optional;

/** Policies as JSON. Reading what was written gives an equal policy. */
final class PolicyJson {
    private PolicyJson() {}

    static void write(JsonText json, ScalingPolicy policy) {
        if (policy instanceof ThresholdPolicy threshold) {
            threshold(json, threshold);
        } else {
            target(json, (TargetPolicy) policy);
        }
    }

    static ScalingPolicy read(Json json) {
        return json.text("kind").equals("threshold") ? threshold(json) : target(json);
    }

    private static void threshold(JsonText json, ThresholdPolicy policy) {
        json.put("kind", "threshold")
                .put("metric", policy.metric())
                .put("scale_up_threshold", policy.scaleUpThreshold())
                .put("scale_down_threshold", policy.scaleDownThreshold())
                .put("scale_step", policy.scaleStep())
                .put("min_replicas", policy.minReplicas())
                .put("max_replicas", policy.maxReplicas())
                .put("scale_up_cooldown", policy.scaleUpCooldown())
                .put("scale_down_cooldown", policy.scaleDownCooldown())
                .put("interval", policy.interval())
                .put("max_age", policy.maxAge())
                .putText("reviewed_on", policy.reviewedOn(), LocalDate::toString)
                .putText("approved_by", policy.approvedBy(), name -> name);
    }

    private static ThresholdPolicy threshold(Json json) {
        return new ThresholdPolicy(
                json.text("metric"),
                json.real("scale_up_threshold"),
                json.real("scale_down_threshold"),
                json.count("scale_step"),
                json.count("min_replicas"),
                json.count("max_replicas"),
                json.duration("scale_up_cooldown"),
                json.duration("scale_down_cooldown"),
                json.duration("interval"),
                json.duration("max_age"),
                json.find("reviewed_on", LocalDate::parse),
                json.find("approved_by", name -> name));
    }

    private static void target(JsonText json, TargetPolicy policy) {
        json.put("kind", "target")
                .putAll("metrics", policy.metrics(), PolicyJson::metric)
                .put("min_replicas", policy.minReplicas())
                .put("max_replicas", policy.maxReplicas())
                .put("up", policy.up(), PolicyJson::rules)
                .put("down", policy.down(), PolicyJson::rules);
        if (policy.withoutBehavior()) {
            json.put("without_behavior", true);
        }
        json.put("warm_up", policy.startUp().warmUp())
                .put("readiness_delay", policy.startUp().readinessDelay())
                .putIfPresent("panic", policy.panic(), PolicyJson::panic)
                .put("activation_milli", policy.activationMilli())
                .put("interval", policy.interval())
                .put("max_age", policy.maxAge())
                .putText("reviewed_on", policy.reviewedOn(), LocalDate::toString)
                .putText("approved_by", policy.approvedBy(), name -> name);
    }

    private static TargetPolicy target(Json json) {
        return new TargetPolicy(
                json.objects("metrics", PolicyJson::metric),
                json.count("min_replicas"),
                json.count("max_replicas"),
                rules(json.object("up")),
                rules(json.object("down")),
                json.has("without_behavior"),
                new TargetPolicy.StartUp(json.duration("warm_up"), json.duration("readiness_delay")),
                json.has("panic") ? Optional.of(panic(json.object("panic"))) : Optional.empty(),
                json.number("activation_milli"),
                json.duration("interval"),
                json.duration("max_age"),
                json.find("reviewed_on", LocalDate::parse),
                json.find("approved_by", name -> name));
    }

    private static void metric(JsonText json, TargetMetric metric) {
        json.put("name", metric.name());
        if (metric instanceof TargetMetric.Utilization target) {
            json.put("kind", "utilization")
                    .put("percent", target.percent())
                    .put("inflated_by_start", target.inflatedByStart());
        } else if (metric instanceof TargetMetric.PerReplica target) {
            json.put("kind", "per_replica")
                    .put("milli", target.milli())
                    .put("inflated_by_start", target.inflatedByStart());
        } else if (metric instanceof TargetMetric.Value target) {
            json.put("kind", "value").put("milli", target.milli());
        } else {
            json.put("kind", "value_per_replica").put("milli", ((TargetMetric.ValuePerReplica) metric).milli());
        }
    }

    private static TargetMetric metric(Json json) {
        String name = json.text("name");
        return switch (json.text("kind")) {
            case "utilization" ->
                new TargetMetric.Utilization(name, json.count("percent"), json.flag("inflated_by_start"));
            case "per_replica" ->
                new TargetMetric.PerReplica(name, json.number("milli"), json.flag("inflated_by_start"));
            case "value" -> new TargetMetric.Value(name, json.number("milli"));
            case "value_per_replica" -> new TargetMetric.ValuePerReplica(name, json.number("milli"));
            default ->
                throw new IllegalArgumentException(
                        "metric " + name + " is of the unknown kind '" + json.text("kind") + "'");
        };
    }

    private static void rules(JsonText json, ScalingRules rules) {
        json.put("stabilization_window", rules.stabilizationWindow())
                .putAll("limits", rules.limits(), PolicyJson::limit)
                .put("select", Json.word(rules.select()))
                .put("tolerance", rules.tolerance());
    }

    private static void limit(JsonText json, ScalingRules.Limit limit) {
        json.put("unit", Json.word(limit.unit())).put("value", limit.value()).put("period", limit.period());
    }

    private static ScalingRules rules(Json json) {
        return new ScalingRules(
                json.duration("stabilization_window"),
                json.objects(
                        "limits",
                        limit -> new ScalingRules.Limit(
                                limit.constant("unit", ScalingRules.Unit.class),
                                limit.count("value"),
                                limit.duration("period"))),
                json.constant("select", ScalingRules.Select.class),
                json.real("tolerance"));
    }

    private static void panic(JsonText json, TargetPolicy.Panic panic) {
        json.put("window", panic.window())
                .put("stable_window", panic.stableWindow())
                .put("threshold", panic.threshold())
                .put("max_up_rate", panic.maxUpRate())
                .put("max_down_rate", panic.maxDownRate())
                .put("down_delay", panic.downDelay());
    }

    private static TargetPolicy.Panic panic(Json json) {
        return new TargetPolicy.Panic(
                json.duration("window"),
                json.duration("stable_window"),
                json.real("threshold"),
                json.real("max_up_rate"),
                json.real("max_down_rate"),
                json.duration("down_delay"));
    }
}
