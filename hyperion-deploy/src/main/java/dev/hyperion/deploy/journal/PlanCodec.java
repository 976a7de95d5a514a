// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.journal;

import dev.hyperion.ApplicationId;
import dev.hyperion.Version;
import dev.hyperion.deploy.AnalysisRule;
import dev.hyperion.deploy.AnalysisSpec;
import dev.hyperion.deploy.ArtifactRef;
import dev.hyperion.deploy.CanarySpec;
import dev.hyperion.deploy.DeploymentPlan;
import dev.hyperion.deploy.DeploymentSpec;
import dev.hyperion.deploy.HealthSpec;
import dev.hyperion.deploy.PlanStep;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Specifications, steps and plans as JSON. Reading what was written gives equal values. */
public final class PlanCodec {
    private PlanCodec() {}

    /**
     * Writes a specification.
     *
     * @param spec the specification
     * @return canonical JSON, so that it can be digested
     */
    public static Fields write(DeploymentSpec spec) {
        return new Fields()
                .with("application", spec.application())
                .with("version", spec.version())
                .with("artifact", write(spec.artifact()))
                .with("environment", spec.environment())
                .with("cluster", spec.cluster())
                .with("desired_replicas", optional(spec.desiredReplicas()))
                .with("canary", spec.canary().map(PlanCodec::write))
                .with("max_parallel", spec.maxParallel())
                .with("command", spec.command())
                .with("env", spec.env())
                .with("health", write(spec.health()))
                .with("rollback_target", spec.rollbackTarget())
                .with("reviewers", spec.reviewers());
    }

    private static Optional<Integer> optional(OptionalInt number) {
        return number.isPresent() ? Optional.of(number.getAsInt()) : Optional.empty();
    }

    /**
     * Reads a specification.
     *
     * @param fields what was written
     * @return the specification
     */
    public static DeploymentSpec spec(Fields fields) {
        return new DeploymentSpec(
                new ApplicationId(fields.text("application")),
                new Version(fields.text("version")),
                artifact(fields.below("artifact")),
                fields.text("environment"),
                fields.text("cluster"),
                fields.find("desired_replicas")
                        .map(text -> OptionalInt.of(Integer.parseInt(text)))
                        .orElse(OptionalInt.empty()),
                fields.findBelow("canary").map(PlanCodec::canary),
                (int) fields.number("max_parallel"),
                fields.texts("command"),
                fields.textMap("env"),
                health(fields.below("health")),
                fields.find("rollback_target").map(Version::new),
                fields.texts("reviewers"));
    }

    private static Fields write(ArtifactRef artifact) {
        return new Fields().with("path", artifact.path()).with("sha256", artifact.sha256());
    }

    private static ArtifactRef artifact(Fields fields) {
        return new ArtifactRef(fields.text("path"), fields.find("sha256"));
    }

    private static Fields write(HealthSpec health) {
        return new Fields()
                .with("path", health.path())
                .with("initial_delay", health.initialDelay())
                .with("interval", health.interval())
                .with("ready_timeout", health.readyTimeout())
                .with("drain_timeout", health.drainTimeout())
                .with("stop_grace", health.stopGrace());
    }

    private static HealthSpec health(Fields fields) {
        return new HealthSpec(
                fields.text("path"),
                time(fields, "initial_delay"),
                time(fields, "interval"),
                time(fields, "ready_timeout"),
                time(fields, "drain_timeout"),
                time(fields, "stop_grace"));
    }

    private static Duration time(Fields fields, String name) {
        return Duration.parse(fields.text(name));
    }

    private static Fields write(CanarySpec canary) {
        return new Fields()
                .with("steps", canary.steps().stream().map(String::valueOf).toList())
                .with("bake", canary.bake())
                .with("analysis", write(canary.analysis()));
    }

    private static CanarySpec canary(Fields fields) {
        return new CanarySpec(
                fields.texts("steps").stream().map(Double::valueOf).toList(),
                time(fields, "bake"),
                analysis(fields.below("analysis")));
    }

    private static Fields write(AnalysisSpec analysis) {
        return new Fields()
                .with("rules", analysis.rules().stream().map(PlanCodec::write).toList())
                .with("alerts", analysis.alerts())
                .with("interval", analysis.interval())
                .with("window", analysis.window())
                .with("min_samples", analysis.minSamples())
                .with("warm_up", analysis.warmUp())
                .with("max_extension", analysis.maxExtension());
    }

    private static AnalysisSpec analysis(Fields fields) {
        return new AnalysisSpec(
                fields.list("rules").stream().map(PlanCodec::rule).toList(),
                fields.texts("alerts"),
                time(fields, "interval"),
                time(fields, "window"),
                fields.number("min_samples"),
                time(fields, "warm_up"),
                time(fields, "max_extension"));
    }

    private static Fields write(AnalysisRule rule) {
        return new Fields()
                .with("metric", rule.metric())
                .with("comparison", rule.comparison().word())
                .with("threshold", rule.threshold())
                .with("hits", rule.hits());
    }

    private static AnalysisRule rule(Fields fields) {
        return new AnalysisRule(
                fields.text("metric"),
                Comparison.ofWord(fields.text("comparison")).orElseThrow(),
                Threshold.parse(fields.text("threshold")),
                (int) fields.number("hits"));
    }

    /**
     * Writes a step.
     *
     * @param step the step
     * @return JSON
     */
    public static Fields write(PlanStep step) {
        Fields fields = new Fields().with("kind", step.kind());
        if (step instanceof PlanStep.PrepareArtifact prepare) {
            return fields.with("version", prepare.version()).with("artifact", write(prepare.artifact()));
        }
        if (step instanceof PlanStep.StartReplicas start) {
            return fields.with("version", start.version()).with("replicas", start.replicas());
        }
        if (step instanceof PlanStep.AwaitReady await) {
            return fields.with("version", await.version())
                    .with("replicas", await.replicas())
                    .with("timeout", await.timeout());
        }
        if (step instanceof PlanStep.ShiftTraffic shift) {
            Map<String, String> weights = new HashMap<>();
            shift.weights().forEach((version, weight) -> weights.put(version.value(), weight.toString()));
            return fields.with("weights", weights);
        }
        if (step instanceof PlanStep.Bake bake) {
            return fields.with("version", bake.version())
                    .with("time", bake.time())
                    .with("analysis", write(bake.analysis()));
        }
        if (step instanceof PlanStep.DrainReplicas drain) {
            return fields.with("version", drain.version())
                    .with("keep", drain.keep())
                    .with("drain_timeout", drain.drainTimeout());
        }
        if (step instanceof PlanStep.RetireVersion retire) {
            return fields.with("version", retire.version());
        }
        PlanStep.RecordOutcome outcome = (PlanStep.RecordOutcome) step;
        return fields.with("version", outcome.stable()).with("replicas", outcome.replicas());
    }

    /**
     * Reads a step.
     *
     * @param fields what was written
     * @return the step
     */
    public static PlanStep step(Fields fields) {
        Function<String, Version> version = name -> new Version(fields.text(name));
        String kind = fields.text("kind");
        return switch (kind) {
            case "prepare_artifact" ->
                new PlanStep.PrepareArtifact(version.apply("version"), artifact(fields.below("artifact")));
            case "start_replicas" ->
                new PlanStep.StartReplicas(version.apply("version"), (int) fields.number("replicas"));
            case "await_ready" ->
                new PlanStep.AwaitReady(
                        version.apply("version"), (int) fields.number("replicas"), time(fields, "timeout"));
            case "shift_traffic" -> {
                Map<Version, Integer> weights = new HashMap<>();
                fields.textMap("weights")
                        .forEach((name, weight) -> weights.put(new Version(name), Integer.valueOf(weight)));
                yield new PlanStep.ShiftTraffic(weights);
            }
            case "bake" ->
                new PlanStep.Bake(version.apply("version"), time(fields, "time"), analysis(fields.below("analysis")));
            case "drain_replicas" ->
                new PlanStep.DrainReplicas(
                        version.apply("version"), (int) fields.number("keep"), time(fields, "drain_timeout"));
            case "retire_version" -> new PlanStep.RetireVersion(version.apply("version"));
            case "record_outcome" ->
                new PlanStep.RecordOutcome(version.apply("version"), (int) fields.number("replicas"));
            default ->
                throw new IllegalStateException("a journal entry has a step of the unknown kind '" + kind
                        + "'; it was written by a newer version");
        };
    }

    /**
     * Writes steps.
     *
     * @param steps in order
     * @return JSON objects
     */
    public static List<Fields> steps(List<PlanStep> steps) {
        return steps.stream().map(PlanCodec::write).toList();
    }

    /**
     * Reads steps.
     *
     * @param steps what was written
     * @return in order
     */
    public static List<PlanStep> readSteps(List<Fields> steps) {
        return steps.stream().map(PlanCodec::step).toList();
    }

    /**
     * Writes a plan.
     *
     * @param plan the plan
     * @return JSON
     */
    public static Fields write(DeploymentPlan plan) {
        return new Fields()
                .with("id", plan.id())
                .with("spec", write(plan.spec()))
                .with("spec_digest", plan.specDigest())
                .with("fingerprint", plan.fingerprint())
                .with("stable", plan.stable())
                .with("rollback_target", plan.rollbackTarget())
                .with("steps", steps(plan.steps()))
                .with("warnings", plan.warnings())
                .with("created_at", plan.createdAt())
                .with("expires_at", plan.expiresAt());
    }

    /**
     * Reads a plan.
     *
     * @param fields what was written
     * @return the plan
     */
    public static DeploymentPlan plan(Fields fields) {
        return new DeploymentPlan(
                fields.text("id"),
                spec(fields.below("spec")),
                fields.text("spec_digest"),
                fields.text("fingerprint"),
                fields.find("stable").map(Version::new),
                fields.find("rollback_target").map(Version::new),
                readSteps(fields.list("steps")),
                fields.texts("warnings"),
                Instant.parse(fields.text("created_at")),
                Instant.parse(fields.text("expires_at")));
    }
}
