// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import dev.hyperion.ApplicationId;
import dev.hyperion.Deadline;
import dev.hyperion.HyperionException;
import dev.hyperion.PluginException;
import dev.hyperion.RefusedException;
import dev.hyperion.Version;
import dev.hyperion.deploy.AnalysisRule;
import dev.hyperion.deploy.AnalysisSpec;
import dev.hyperion.deploy.ArtifactRef;
import dev.hyperion.deploy.CanarySpec;
import dev.hyperion.deploy.DeploymentPlan;
import dev.hyperion.deploy.DeploymentSpec;
import dev.hyperion.deploy.PlanStep;
import dev.hyperion.deploy.RolloutState;
import dev.hyperion.deploy.journal.ApplicationState;
import dev.hyperion.deploy.journal.PlanCodec;
import dev.hyperion.deploy.plan.Fingerprint;
import dev.hyperion.deploy.plan.Route;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Scope;
import dev.hyperion.spi.BackendCapabilities;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.PreparedArtifact;
import dev.hyperion.spi.RouterCapabilities;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Draws plans, and refuses those that cannot be carried out. Confined to the lock of its controller. */
final class Planner {
    private final ApplicationId application;
    private final EngineContext context;
    private final EngineSettings settings;
    private final StepRunner steps;
    private final TrafficTable traffic;

    /** A plan and what it rests on. */
    record Drawn(DeploymentPlan plan, Fingerprint fingerprint) {}

    Planner(
            ApplicationId application,
            EngineContext context,
            EngineSettings settings,
            StepRunner steps,
            TrafficTable traffic) {
        this.application = application;
        this.context = context;
        this.settings = settings;
        this.steps = steps;
        this.traffic = traffic;
    }

    Drawn plan(DeploymentSpec spec, ApplicationState state) {
        requireFit(spec);
        if (state.stable().equals(Optional.of(spec.version()))) {
            throw new RefusedException(spec.version() + " of " + application
                    + " runs already; use scale for another number of replicas, or deploy another version");
        }
        PreparedArtifact prepared = prepare(spec.artifact());
        state.spec(spec.version())
                .flatMap(known -> known.artifact().sha256())
                .filter(digest -> !digest.equals(prepared.digest()))
                .ifPresent(digest -> {
                    throw new RefusedException(spec.version() + " of " + application
                            + " was deployed before with the artifact " + digest + ", not " + prepared.digest()
                            + "; give another artifact another version");
                });
        requireSameReplicas(spec, state);
        DeploymentSpec exact = withDigest(spec, prepared);
        List<String> warnings = new ArrayList<>();
        Optional<Version> target = rollbackTarget(spec, state, warnings);
        requireAnalysis(spec, state, warnings);
        int desired = desired(spec, state);
        if (spec.desiredReplicas().orElse(desired) != desired) {
            warnings.add("desired_replicas " + spec.desiredReplicas().getAsInt()
                    + " is passed over: the autoscaler has " + desired + " replicas in service");
        }
        state.open()
                .filter(run -> !run.isOver())
                .ifPresent(run -> warnings.add("rollout " + run.id() + " to " + run.to() + " is "
                        + run.state().word() + "; this plan can only supersede it"));
        state.open()
                .filter(run -> run.state() == RolloutState.HELD)
                .ifPresent(
                        run -> warnings.add("rollout " + run.id() + " to " + run.to() + " is held: " + run.reason()));
        Fingerprint fingerprint = observe();
        Instant now = context.clock().now();
        return new Drawn(
                new DeploymentPlan(
                        "p-" + UUID.randomUUID().toString().substring(0, 8),
                        exact,
                        Fingerprint.digest(PlanCodec.write(exact).toString()),
                        fingerprint.digest(),
                        state.stable(),
                        target,
                        steps(exact, desired, state),
                        warnings,
                        now,
                        now.plus(settings.planExpiry())),
                fingerprint);
    }

    /** What a rollout has left of a version cannot become something else while it stands. */
    private void requireSameReplicas(DeploymentSpec spec, ApplicationState state) {
        boolean present = steps.observe().group(spec.version()).isPresent();
        state.spec(spec.version())
                .filter(known -> present
                        && !(known.command().equals(spec.command())
                                && known.env().equals(spec.env())
                                && known.health().equals(spec.health())))
                .ifPresent(known -> {
                    throw new RefusedException(spec.version() + " of " + application
                            + " has replicas that run with another command, environment or health check;"
                            + " roll back first, or give what is new another version");
                });
    }

    /** Backend and router must understand each other, and a canary needs a router that keeps shares. */
    private void requireFit(DeploymentSpec spec) {
        BackendCapabilities backend = context.backend().capabilities();
        RouterCapabilities router = context.router().capabilities();
        if (Collections.disjoint(backend.targets(), router.targets())) {
            throw new RefusedException("the backend tells where versions answer as " + backend.targets()
                    + ", the router takes " + router.targets() + "; configure two that fit");
        }
        if (spec.canary().isPresent() && router.precision() != RouterCapabilities.Precision.EXACT) {
            throw new RefusedException("the router shares traffic as " + router.precision()
                    + " and cannot keep a canary's share; configure one that does, or deploy without a canary");
        }
    }

    private PreparedArtifact prepare(ArtifactRef artifact) {
        try {
            return context.backend().prepare(artifact, Deadline.in(context.clock(), settings.artifactTimeout()));
        } catch (PluginException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }

    void requireObtainable(DeploymentSpec spec) {
        prepare(spec.artifact());
    }

    private static DeploymentSpec withDigest(DeploymentSpec spec, PreparedArtifact prepared) {
        return new DeploymentSpec(
                spec.application(),
                spec.version(),
                new ArtifactRef(spec.artifact().path(), Optional.of(prepared.digest())),
                spec.environment(),
                spec.cluster(),
                spec.desiredReplicas(),
                spec.canary(),
                spec.maxParallel(),
                spec.command(),
                spec.env(),
                spec.health(),
                spec.rollbackTarget(),
                spec.reviewers());
    }

    /** The version to go back to; what the plan names must be known and obtainable. */
    private Optional<Version> rollbackTarget(DeploymentSpec spec, ApplicationState state, List<String> warnings) {
        Optional<Version> named = spec.rollbackTarget();
        if (named.isPresent() && state.spec(named.get()).isEmpty()) {
            if (state.stable().isPresent()) {
                throw new RefusedException("rollback_target " + named.get() + " of " + application
                        + " was never deployed here; known versions are " + state.versions());
            }
            warnings.add("rollback_target " + named.get()
                    + " was never deployed here; a first deployment has nothing to" + " go back to");
            return Optional.empty();
        }
        Optional<Version> target = named.or(state::stable);
        target.flatMap(state::spec).ifPresent(this::requireObtainable);
        return target;
    }

    private void requireAnalysis(DeploymentSpec spec, ApplicationState state, List<String> warnings) {
        Optional<AnalysisSpec> analysis = spec.canary().map(CanarySpec::analysis);
        if (analysis.isEmpty()) {
            return;
        }
        List<String> known = context.monitoring().alerts().stream()
                .map(status -> status.rule().name())
                .distinct()
                .toList();
        for (String alert : analysis.get().alerts()) {
            if (!known.contains(alert)) {
                throw new RefusedException(
                        "canary.analysis.alerts names " + alert + ", which is no alert rule; known are " + known);
            }
        }
        for (AnalysisRule rule : analysis.get().rules()) {
            requireReadable(rule, analysis.get(), state, warnings);
        }
        if (analysis.get().rules().isEmpty() && analysis.get().alerts().isEmpty()) {
            warnings.add("the canary has neither rules nor alerts; only time and the number of requests are watched");
        }
    }

    private void requireReadable(
            AnalysisRule rule, AnalysisSpec analysis, ApplicationState state, List<String> warnings) {
        try {
            MetricResult result = context.monitoring()
                    .query(CanaryWatch.query(rule, analysis.window()).in(Scope.of(application)));
            if (state.stable().isPresent() && result instanceof MetricResult.NoData none) {
                warnings.add("analysis of " + rule.metric() + " has no data now: " + none.reason());
            }
        } catch (HyperionException e) {
            throw new RefusedException("canary.analysis cannot read " + rule.metric() + ": " + e.getMessage());
        }
    }

    /** What an autoscaler owns is taken as it is; else what the plan says, or what there is. */
    int desired(DeploymentSpec spec, ApplicationState state) {
        boolean owned =
                context.autoScaler(application).isPresent() && state.stable().isPresent();
        int current = Math.max(1, state.stableReplicas());
        return owned ? current : spec.desiredReplicas().orElse(current);
    }

    List<PlanStep> steps(DeploymentSpec spec, int desired, ApplicationState state) {
        Optional<DeploymentSpec> stable = state.stable().flatMap(state::spec);
        Optional<DeploymentSpec> target =
                spec.rollbackTarget().flatMap(state::spec).or(() -> stable);
        List<PlanStep> way = new ArrayList<>();
        if (stable.isPresent()) {
            // what a held or superseded rollout has left goes first
            for (DeploymentSpec left : others(spec.version(), state)) {
                if (!left.version().equals(stable.get().version())) {
                    way.add(new PlanStep.ShiftTraffic(Map.of(stable.get().version(), 10_000)));
                    way.add(new PlanStep.DrainReplicas(
                            left.version(), 0, left.health().drainTimeout()));
                    way.add(new PlanStep.RetireVersion(left.version()));
                }
            }
        }
        way.addAll(Route.apply(spec, desired, stable, target));
        return way;
    }

    /** The versions that have replicas, but for one. */
    List<DeploymentSpec> others(Version version, ApplicationState state) {
        Map<Version, DeploymentSpec> others = new LinkedHashMap<>();
        steps.observe()
                .groups()
                .forEach(group -> state.spec(group.id().version())
                        .filter(spec -> !spec.version().equals(version))
                        .ifPresent(spec -> others.put(spec.version(), spec)));
        return List.copyOf(others.values());
    }

    private Fingerprint observe() {
        return Fingerprint.of(
                steps.observe(),
                traffic.observe(),
                context.autoScaler(application).isEmpty());
    }

    void requireUnchanged(DeploymentPlan plan, ApplicationState state) {
        Fingerprint now = observe();
        if (now.digest().equals(plan.fingerprint())) {
            return;
        }
        List<String> before = state.planFacts(plan.id());
        List<String> differences = new ArrayList<>();
        now.facts().stream().filter(fact -> !before.contains(fact)).forEach(fact -> differences.add("now: " + fact));
        before.stream()
                .filter(fact -> !now.facts().contains(fact))
                .forEach(fact -> differences.add("planned: " + fact));
        throw new RefusedException(
                "plan " + plan.id() + " is about another world: " + String.join("; ", differences)
                        + "; make a new plan",
                differences);
    }
}
