// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.EffectivePolicy;
import dev.hyperion.autoscale.PolicyFinding;
import dev.hyperion.autoscale.PolicySetting;
import dev.hyperion.autoscale.ScaleRecord;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.ScalingRules;
import dev.hyperion.autoscale.SimulationResult;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Policies and simulations as JSON for people and programs, in the keys of the configuration: durations in seconds, what is
 * not known is null. What is replayed is written elsewhere.
 */
final class PolicyReport {
    private static final JsonFactory JSON = new JsonFactory();
    private static final double MILLI = 1_000;

    private final JsonGenerator json;

    private PolicyReport(JsonGenerator json) {
        this.json = json;
    }

    private interface Body {
        void write(PolicyReport report) throws IOException;
    }

    private static String object(Body body) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            body.write(new PolicyReport(json));
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    static String of(EffectivePolicy policy, List<ScaleRecord> history) {
        return object(report -> report.policy(policy, history));
    }

    static String of(SimulationResult result) {
        return object(report -> report.simulation(result));
    }

    /** Such as {@code threshold: cpu.utilization above 75.0 or below 25.0, step 2, 4 to 16 replicas}. */
    static String title(ScalingPolicy policy) {
        String what = policy instanceof ThresholdPolicy threshold
                ? threshold.metric() + " above " + threshold.scaleUpThreshold() + " or below "
                        + threshold.scaleDownThreshold() + ", step " + threshold.scaleStep()
                : ((TargetPolicy) policy)
                        .metrics().stream()
                                .map(metric -> metric.name() + " at " + number(target(metric)))
                                .collect(Collectors.joining(", "));
        return kind(policy) + ": " + what + ", " + policy.minReplicas() + " to " + policy.maxReplicas() + " replicas";
    }

    private static String kind(ScalingPolicy policy) {
        return policy instanceof ThresholdPolicy ? ThresholdSection.KIND : TargetSection.KIND;
    }

    private void policy(EffectivePolicy effective, List<ScaleRecord> history) throws IOException {
        ScalingPolicy policy = effective.policy();
        text("application", effective.application().map(ApplicationId::value));
        json.writeStringField("policy", kind(policy));
        json.writeStringField("title", title(policy));
        if (policy instanceof ThresholdPolicy threshold) {
            threshold(threshold);
        } else if (policy instanceof TargetPolicy target) {
            target(target);
        }
        settings(effective.settings());
        json.writeArrayFieldStart("findings");
        for (PolicyFinding finding : effective.findings()) {
            json.writeStartObject();
            json.writeStringField("level", word(finding.level()));
            json.writeStringField("key", finding.key());
            json.writeStringField("place", effective.place(finding.key()));
            json.writeStringField("message", finding.message());
            json.writeEndObject();
        }
        json.writeEndArray();
        history(history);
    }

    private void threshold(ThresholdPolicy policy) throws IOException {
        json.writeStringField("metric", policy.metric());
        json.writeNumberField("scale_up_threshold", policy.scaleUpThreshold());
        json.writeNumberField("scale_down_threshold", policy.scaleDownThreshold());
        json.writeNumberField("scale_step", policy.scaleStep());
        bounds(policy);
        seconds("scale_up_cooldown_seconds", policy.scaleUpCooldown());
        seconds("scale_down_cooldown_seconds", policy.scaleDownCooldown());
        rest(policy, policy.maxAge(), policy.reviewedOn(), policy.approvedBy());
    }

    private void target(TargetPolicy policy) throws IOException {
        json.writeArrayFieldStart("metrics");
        for (TargetMetric metric : policy.metrics()) {
            json.writeStartObject();
            json.writeStringField("type", TargetSection.type(metric));
            json.writeStringField("metric", metric.name());
            json.writeNumberField("target", target(metric));
            if (metric instanceof TargetMetric.Utilization each) {
                json.writeBooleanField("start_inflates", each.inflatedByStart());
            } else if (metric instanceof TargetMetric.PerReplica each) {
                json.writeBooleanField("start_inflates", each.inflatedByStart());
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        bounds(policy);
        if (policy.withoutBehavior()) {
            json.writeBooleanField("without_behavior", true);
        }
        json.writeObjectFieldStart("behavior");
        rules("scale_up", policy.up());
        rules("scale_down", policy.down());
        json.writeEndObject();
        panic(policy.panic());
        json.writeObjectFieldStart("start_up");
        seconds("warm_up_seconds", policy.startUp().warmUp());
        seconds("readiness_delay_seconds", policy.startUp().readinessDelay());
        json.writeEndObject();
        json.writeNumberField("activation", policy.activationMilli() / MILLI);
        rest(policy, policy.maxAge(), policy.reviewedOn(), policy.approvedBy());
    }

    private void bounds(ScalingPolicy policy) throws IOException {
        json.writeNumberField("min_replicas", policy.minReplicas());
        json.writeNumberField("max_replicas", policy.maxReplicas());
    }

    private void rest(ScalingPolicy policy, Duration maxAge, Optional<?> reviewedOn, Optional<String> approvedBy)
            throws IOException {
        seconds("interval_seconds", policy.interval());
        seconds("max_age_seconds", maxAge);
        text("reviewed_on", reviewedOn.map(Object::toString));
        text("approved_by", approvedBy);
    }

    private void rules(String direction, ScalingRules rules) throws IOException {
        json.writeObjectFieldStart(direction);
        seconds("stabilization_window_seconds", rules.stabilizationWindow());
        json.writeStringField("select", word(rules.select()));
        json.writeNumberField("tolerance", rules.tolerance());
        json.writeArrayFieldStart("policies");
        for (ScalingRules.Limit limit : rules.limits()) {
            json.writeStartObject();
            json.writeStringField("type", TargetSection.type(limit));
            json.writeNumberField("value", limit.value());
            seconds("period_seconds", limit.period());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void panic(Optional<TargetPolicy.Panic> panic) throws IOException {
        if (panic.isEmpty()) {
            json.writeNullField("panic");
            return;
        }
        json.writeObjectFieldStart("panic");
        seconds("window_seconds", panic.get().window());
        seconds("stable_window_seconds", panic.get().stableWindow());
        json.writeNumberField("threshold", panic.get().threshold());
        json.writeNumberField("max_up_rate", panic.get().maxUpRate());
        json.writeNumberField("max_down_rate", panic.get().maxDownRate());
        seconds("down_delay_seconds", panic.get().downDelay());
        json.writeEndObject();
    }

    private void settings(List<PolicySetting> settings) throws IOException {
        json.writeArrayFieldStart("settings");
        for (PolicySetting setting : settings) {
            json.writeStartObject();
            json.writeStringField("key", setting.key());
            json.writeStringField("value", setting.value());
            json.writeStringField("origin", word(setting.origin()));
            json.writeStringField("place", setting.place());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void history(List<ScaleRecord> history) throws IOException {
        json.writeArrayFieldStart("history");
        for (ScaleRecord record : history) {
            json.writeStartObject();
            json.writeStringField("decision", record.decision().word());
            json.writeNumberField("current", record.decision().current());
            json.writeNumberField("target", record.decision().target());
            json.writeNumberField("applied", record.appliedReplicas());
            json.writeStringField("rationale", record.decision().basis().rationale());
            json.writeStringField("at", record.at().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void simulation(SimulationResult result) throws IOException {
        json.writeStringField("trace", result.trace());
        json.writeNumberField("capacity_per_replica", result.settings().capacityPerReplica());
        seconds("start_up_seconds", result.settings().startUp());
        json.writeNumberField("initial_replicas", result.settings().initialReplicas());
        json.writeNumberField("decisions", result.ticks());
        json.writeNumberField("overload_minutes", minutes(result.overload()));
        json.writeNumberField("longest_overload_minutes", minutes(result.timeToCapacity()));
        json.writeNumberField("replica_minutes", result.replicaMinutes());
        json.writeNumberField("scale_ups", result.scaleUps());
        json.writeNumberField("scale_downs", result.scaleDowns());
        json.writeNumberField("reversals", result.reversals());
        json.writeNumberField("least_replicas", result.leastReplicas());
        json.writeNumberField("most_replicas", result.mostReplicas());
        json.writeArrayFieldStart("notes");
        for (String note : result.notes()) {
            json.writeString(note);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("course");
        for (SimulationResult.Moment moment : result.course()) {
            json.writeStartObject();
            json.writeStringField("t", moment.at().toString());
            if (Double.isNaN(moment.load())) {
                json.writeNullField("load");
            } else {
                json.writeNumberField("load", moment.load());
            }
            json.writeNumberField("capacity", moment.capacity());
            json.writeNumberField("replicas", moment.replicas());
            json.writeNumberField("scale_ups", moment.scaleUps());
            json.writeNumberField("scale_downs", moment.scaleDowns());
            json.writeNumberField("overload_minutes", minutes(moment.overload()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static double minutes(Duration duration) {
        return duration.toSeconds() / 60.0;
    }

    private void seconds(String name, Duration duration) throws IOException {
        json.writeNumberField(name, duration.toMillis() / MILLI);
    }

    private void text(String name, Optional<String> value) throws IOException {
        json.writeStringField(name, value.orElse(null));
    }

    private static double target(TargetMetric metric) {
        if (metric instanceof TargetMetric.Utilization each) {
            return each.percent();
        }
        if (metric instanceof TargetMetric.PerReplica each) {
            return each.milli() / MILLI;
        }
        return metric instanceof TargetMetric.Value each
                ? each.milli() / MILLI
                : ((TargetMetric.ValuePerReplica) metric).milli() / MILLI;
    }

    private static String number(double value) {
        return TargetSection.plain(value);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
