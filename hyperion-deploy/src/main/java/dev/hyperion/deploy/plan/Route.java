// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.plan;

import dev.hyperion.Version;
import dev.hyperion.deploy.AnalysisSpec;
import dev.hyperion.deploy.CanarySpec;
import dev.hyperion.deploy.DeploymentSpec;
import dev.hyperion.deploy.PlanStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The steps of each kind of rollout.
 *
 * <p>Going up, replicas are ready before they get traffic; going down, traffic is gone before replicas are. The old set
 * stays complete until the new one has all the traffic and was watched with it.
 *
 * <p>Thread-safety: immutable.
 */
public final class Route {
    private static final int WHOLE = 10_000;

    private Route() {}

    /**
     * To a new version.
     *
     * @param to the version, with the digest of its artifact
     * @param desired how many replicas it is to have
     * @param from the version that serves now; empty for a first deployment
     * @param rollbackTarget the version to go back to later, proven obtainable first; empty if there is none
     * @return the steps, in order
     */
    public static List<PlanStep> apply(
            DeploymentSpec to, int desired, Optional<DeploymentSpec> from, Optional<DeploymentSpec> rollbackTarget) {
        List<PlanStep> steps = new ArrayList<>();
        steps.add(new PlanStep.PrepareArtifact(to.version(), to.artifact()));
        rollbackTarget.ifPresent(
                target -> steps.add(new PlanStep.PrepareArtifact(target.version(), target.artifact())));
        int running = 0;
        if (from.isPresent() && to.canary().isPresent()) {
            CanarySpec canary = to.canary().get();
            for (double percent : canary.steps()) {
                int share = (int) Math.round(percent * WHOLE / 100);
                running = grow(steps, to, running, Math.max(1, (int) Math.ceil(desired * percent / 100)));
                steps.add(new PlanStep.ShiftTraffic(
                        shares(to.version(), share, from.get().version())));
                steps.add(new PlanStep.Bake(to.version(), canary.bake(), canary.analysis()));
            }
        }
        grow(steps, to, running, desired);
        steps.add(new PlanStep.ShiftTraffic(Map.of(to.version(), WHOLE)));
        if (from.isPresent()) {
            // the old set stays warm while the new one shows that it can carry everything
            to.canary()
                    .ifPresent(canary ->
                            steps.add(new PlanStep.Bake(to.version(), canary.bake(), warm(canary.analysis()))));
            leave(steps, from.get());
        }
        steps.add(new PlanStep.RecordOutcome(to.version(), desired));
        return steps;
    }

    /** The replicas are warm by then, so nothing is overlooked for a second time. */
    private static AnalysisSpec warm(AnalysisSpec analysis) {
        return new AnalysisSpec(
                analysis.rules(),
                analysis.alerts(),
                analysis.interval(),
                analysis.window(),
                analysis.minSamples(),
                Duration.ZERO,
                analysis.maxExtension());
    }

    private static Map<Version, Integer> shares(Version to, int share, Version from) {
        Map<Version, Integer> shares = new LinkedHashMap<>();
        shares.put(to, share);
        shares.put(from, WHOLE - share);
        return shares;
    }

    /** In batches of {@code max_parallel}, each ready before the next one starts. */
    private static int grow(List<PlanStep> steps, DeploymentSpec to, int running, int wanted) {
        int now = running;
        while (now < wanted) {
            now = Math.min(wanted, now + to.maxParallel());
            steps.add(new PlanStep.StartReplicas(to.version(), now));
            steps.add(new PlanStep.AwaitReady(to.version(), now, to.health().readyTimeout()));
        }
        return Math.max(now, wanted);
    }

    private static void leave(List<PlanStep> steps, DeploymentSpec from) {
        steps.add(new PlanStep.DrainReplicas(from.version(), 0, from.health().drainTimeout()));
        steps.add(new PlanStep.RetireVersion(from.version()));
    }

    /**
     * Back to a version, without trying it on a share of the traffic first: it is known to be good.
     *
     * @param target the version to go back to
     * @param replicas how many replicas it is to have
     * @param leaving the versions that are left, with or without traffic
     * @return the steps, in order
     */
    public static List<PlanStep> back(DeploymentSpec target, int replicas, List<DeploymentSpec> leaving) {
        List<PlanStep> steps = new ArrayList<>();
        steps.add(new PlanStep.PrepareArtifact(target.version(), target.artifact()));
        steps.add(new PlanStep.StartReplicas(target.version(), replicas));
        steps.add(new PlanStep.AwaitReady(
                target.version(), replicas, target.health().readyTimeout()));
        steps.add(new PlanStep.ShiftTraffic(Map.of(target.version(), WHOLE)));
        leaving.forEach(each -> leave(steps, each));
        steps.add(new PlanStep.RecordOutcome(target.version(), replicas));
        return steps;
    }

    /**
     * Away from a first deployment that failed before it had any traffic.
     *
     * @param failed the version
     * @return the steps, in order
     */
    public static List<PlanStep> undo(DeploymentSpec failed) {
        return List.of(new PlanStep.RetireVersion(failed.version()));
    }

    /**
     * To another number of replicas.
     *
     * @param spec the stable version
     * @param current how many replicas it has
     * @param wanted how many it is to have
     * @return the steps, in order
     */
    public static List<PlanStep> scale(DeploymentSpec spec, int current, int wanted) {
        List<PlanStep> steps = new ArrayList<>();
        if (wanted > current) {
            steps.add(new PlanStep.StartReplicas(spec.version(), wanted));
            steps.add(new PlanStep.AwaitReady(
                    spec.version(), wanted, spec.health().readyTimeout()));
            steps.add(new PlanStep.ShiftTraffic(Map.of(spec.version(), WHOLE)));
        } else if (wanted < current) {
            steps.add(new PlanStep.DrainReplicas(
                    spec.version(), wanted, spec.health().drainTimeout()));
        }
        steps.add(new PlanStep.RecordOutcome(spec.version(), wanted));
        return steps;
    }
}
