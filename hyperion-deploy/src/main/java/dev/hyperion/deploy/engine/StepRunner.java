// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import dev.hyperion.ApplicationId;
import dev.hyperion.Deadline;
import dev.hyperion.Version;
import dev.hyperion.deploy.DeploymentSpec;
import dev.hyperion.deploy.PlanStep;
import dev.hyperion.deploy.ReplicaPhase;
import dev.hyperion.deploy.ReplicaStatus;
import dev.hyperion.deploy.RolloutState;
import dev.hyperion.deploy.journal.ApplicationState;
import dev.hyperion.deploy.journal.RolloutRun;
import dev.hyperion.deploy.plan.Fingerprint;
import dev.hyperion.spi.EngineContext;
import dev.hyperion.spi.GroupId;
import dev.hyperion.spi.GroupSpec;
import dev.hyperion.spi.Mutation;
import dev.hyperion.spi.ObservedApplication;
import dev.hyperion.spi.ObservedGroup;
import dev.hyperion.spi.ObservedRoute;
import dev.hyperion.spi.PreparedArtifact;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at one step and does what brings it about, if it is not so already. Looking again at any time, after a crash too,
 * is always right: each step says what should be, not what to change.
 */
final class StepRunner {
    private final ApplicationId application;
    private final EngineContext context;
    private final EngineSettings settings;
    private final TrafficTable traffic;

    StepRunner(ApplicationId application, EngineContext context, EngineSettings settings, TrafficTable traffic) {
        this.application = application;
        this.context = context;
        this.settings = settings;
        this.traffic = traffic;
    }

    ObservedApplication observe() {
        return context.backend().observe(application, deadline(settings.callTimeout()));
    }

    private Deadline deadline(Duration budget) {
        return Deadline.in(context.clock(), budget);
    }

    /** Looks at any step but a bake, which its driver judges. */
    StepResult look(RolloutRun run, PlanStep step, ApplicationState state) {
        if (step instanceof PlanStep.PrepareArtifact prepare) {
            context.backend().prepare(prepare.artifact(), deadline(settings.artifactTimeout()));
            return new StepResult.Done();
        }
        if (step instanceof PlanStep.StartReplicas start) {
            return start(run, start.version(), start.replicas(), state);
        }
        if (step instanceof PlanStep.AwaitReady await) {
            return awaitReady(run, await);
        }
        if (step instanceof PlanStep.ShiftTraffic shift) {
            return traffic.bring(shift.weights(), observe(), run.id())
                    .map(why -> waiting(run, why, settings.stepTimeout()))
                    .orElse(new StepResult.Done());
        }
        if (step instanceof PlanStep.DrainReplicas drain) {
            return drain(run, drain, state);
        }
        if (step instanceof PlanStep.RetireVersion retire) {
            if (state.weights().getOrDefault(retire.version(), 0) > 0) {
                return new StepResult.Failed(retire.version() + " still has traffic and is not retired");
            }
            GroupId group = new GroupId(application, retire.version());
            context.backend().retire(group, mutation(run, "retire"), deadline(settings.callTimeout()));
            return new StepResult.Done();
        }
        return new StepResult.Done(); // the outcome is noted by its journal entry
    }

    private StepResult start(RolloutRun run, Version version, int replicas, ApplicationState state) {
        ObservedApplication seen = observe();
        Optional<ObservedGroup> group = seen.group(version);
        boolean draining = group.stream()
                .flatMap(g -> g.replicas().stream())
                .anyMatch(replica -> replica.phase() == ReplicaPhase.DRAINING);
        if (group.isPresent() && group.get().desiredReplicas() >= replicas && !draining) {
            return new StepResult.Done();
        }
        int wanted =
                Math.max(replicas, group.map(ObservedGroup::desiredReplicas).orElse(0));
        if (draining) {
            // a drain that was begun is taken back: these replicas are wanted again
            context.backend()
                    .drain(
                            new GroupId(application, version),
                            wanted,
                            mutation(run, "undrain/" + seen.generation()),
                            deadline(settings.callTimeout()));
        }
        ensure(run, version, wanted, state);
        return new StepResult.Done();
    }

    /** Asks for so many replicas of a version. */
    void ensure(RolloutRun run, Version version, int replicas, ApplicationState state) {
        ensure(run.id(), run.next(), version, replicas, state);
    }

    void ensure(String planId, int step, Version version, int replicas, ApplicationState state) {
        DeploymentSpec spec = state.spec(version)
                .orElseThrow(() -> new IllegalStateException(version + " of " + application + " has no specification"));
        PreparedArtifact artifact = context.backend().prepare(spec.artifact(), deadline(settings.artifactTimeout()));
        ObservedApplication seen = observe();
        context.backend()
                .ensure(
                        new GroupSpec(
                                new GroupId(application, version), artifact, spec.command(), spec.env(), spec.health()),
                        replicas,
                        new Mutation(
                                planId,
                                step + "/ensure/" + version + "/" + replicas + "/" + seen.generation(),
                                epoch(),
                                Optional.of(seen.generation())),
                        deadline(settings.callTimeout()));
    }

    private StepResult awaitReady(RolloutRun run, PlanStep.AwaitReady await) {
        Optional<ObservedGroup> group = observe().group(await.version());
        int ready = group.map(ObservedGroup::readyReplicas).orElse(0);
        if (ready >= await.replicas()) {
            return new StepResult.Done();
        }
        // a new version whose replica ended by itself will not get better; an old one that was well before may
        boolean isNew = run.state() != RolloutState.ROLLING_BACK
                && run.from().filter(await.version()::equals).isEmpty();
        Optional<ReplicaStatus> failed = group.stream()
                .flatMap(g -> g.replicas().stream())
                .filter(replica -> replica.phase() == ReplicaPhase.FAILED)
                .findFirst();
        if (isNew && failed.isPresent()) {
            return new StepResult.Failed(
                    "replica " + failed.get().id() + " of " + await.version() + " failed: " + story(failed.get()));
        }
        String why =
                ready + " of " + await.replicas() + " replicas of " + await.version() + " are ready" + unready(group);
        return waiting(run, why, await.timeout());
    }

    private static String unready(Optional<ObservedGroup> group) {
        return group.stream()
                .flatMap(g -> g.replicas().stream())
                .filter(replica -> !replica.ready())
                .min(Comparator.comparing(ReplicaStatus::startedAt))
                .map(replica -> "; " + replica.id() + ": " + story(replica))
                .orElse("");
    }

    private static String story(ReplicaStatus replica) {
        StringBuilder story =
                new StringBuilder(replica.reason().isEmpty() ? replica.phase().word() : replica.reason());
        replica.exitCode().ifPresent(code -> {
            if (!story.toString().contains("exit code")) {
                story.append(", exit code ").append(code);
            }
        });
        if (!replica.logTail().isEmpty()) {
            story.append("; its last log lines: ").append(String.join(" | ", replica.logTail()));
        }
        return story.toString();
    }

    private StepResult drain(RolloutRun run, PlanStep.DrainReplicas drain, ApplicationState state) {
        Optional<ObservedGroup> before = observe().group(drain.version());
        if (before.isEmpty() || before.get().desiredReplicas() <= drain.keep()) {
            boolean gone = before.isEmpty() || before.get().replicas().size() <= drain.keep();
            return gone ? new StepResult.Done() : waiting(run, "replicas are ending", settings.stepTimeout());
        }
        if (!context.backend().capabilities().drainsByItself()) {
            context.backend()
                    .drain(
                            before.get().id(),
                            drain.keep(),
                            mutation(run, "drain/" + drain.version() + "/" + drain.keep()),
                            deadline(settings.callTimeout()));
            ObservedApplication seen = observe();
            Map<Version, Integer> weights = new HashMap<>(state.weights());
            if (drain.keep() == 0) {
                weights.remove(drain.version());
            }
            Optional<String> pending = traffic.bring(weights, seen, run.id());
            if (pending.isPresent()) {
                return waiting(run, pending.get(), settings.stepTimeout());
            }
            long busy = inFlight(seen, drain.version());
            Duration left = drain.drainTimeout().minus(sinceIntent(run));
            if (busy > 0 && left.compareTo(Duration.ZERO) > 0) {
                return new StepResult.Waiting(busy + " requests in flight to replicas that drain", Optional.of(left));
            }
        }
        ensure(run, drain.version(), drain.keep(), state);
        return new StepResult.Waiting("replicas are ending");
    }

    /** Requests in flight to replicas of a version that drain. */
    private long inFlight(ObservedApplication seen, Version version) {
        Set<String> draining = new HashSet<>();
        seen.group(version)
                .ifPresent(group -> group.replicas().stream()
                        .filter(replica -> replica.phase() == ReplicaPhase.DRAINING)
                        .flatMap(replica -> replica.endpoint().stream())
                        .forEach(endpoint -> draining.add(endpoint.toString())));
        ObservedRoute route = traffic.observe();
        return route.versions().values().stream()
                .flatMap(share -> share.inFlightByEndpoint().entrySet().stream())
                .filter(each -> draining.contains(each.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private Duration sinceIntent(RolloutRun run) {
        Instant now = context.clock().now();
        return Duration.between(run.intentAt().orElse(now), now);
    }

    /** Waiting, until the step has had its time. */
    StepResult waiting(RolloutRun run, String why, Duration timeout) {
        Duration left = timeout.minus(sinceIntent(run));
        return left.isNegative() || left.isZero()
                ? new StepResult.Failed(why + " after " + timeout.toSeconds() + " s")
                : new StepResult.Waiting(why, Optional.of(left));
    }

    private long epoch() {
        return Math.max(1, context.leadership().epoch());
    }

    private Mutation mutation(RolloutRun run, String what) {
        String step = run.next() + "/" + what + "/"
                + Fingerprint.digest(run.state() + "").substring(0, 4);
        return new Mutation(run.id(), step, epoch(), Optional.empty());
    }
}
