// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.RefusedException;
import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.autoscale.DecisionQuery;
import dev.hyperion.autoscale.ExplainedDecision;
import dev.hyperion.autoscale.PastDecision;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScaleOverride;
import dev.hyperion.autoscale.ScaleRecord;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.Hold;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.record.DecisionRecord;
import dev.hyperion.autoscale.stage.RolloutFacts;
import dev.hyperion.autoscale.stage.RolloutRule;
import dev.hyperion.autoscale.stage.StageSettings;
import dev.hyperion.autoscale.stage.StagedObservation;
import dev.hyperion.deploy.DeploymentManager;
import dev.hyperion.deploy.DeploymentRecord;
import dev.hyperion.deploy.DeploymentStatus;
import dev.hyperion.deploy.RolloutKind;
import dev.hyperion.deploy.RolloutState;
import dev.hyperion.deploy.ScaleCause;
import dev.hyperion.spi.EngineContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/** The autoscaler of one application. Thread-safety: thread-safe. */
final class ApplicationScaler implements AutoScaler {
    private final ApplicationId application;
    private final ScalingPolicy policy;
    private final StageSettings stages;
    private final EngineContext context;
    private final Optional<MetricReader> metric; // of a threshold policy
    private final ScaleJournal journal;
    private final Overrides overrides;
    /** Held while a decision is made and begun, so that none follows an override that it does not know of. */
    private final ReentrantLock turn = new ReentrantLock();

    ApplicationScaler(
            ApplicationId application,
            boolean named,
            ScalingPolicy policy,
            StageSettings stages,
            TickJournal ticks,
            EngineContext context) {
        this.application = application;
        this.policy = policy;
        this.stages = stages;
        this.context = context;
        this.metric = policy instanceof ThresholdPolicy threshold
                ? Optional.of(new MetricReader(context.monitoring(), threshold, application))
                : Optional.empty();
        this.journal = new ScaleJournal(application, policy, ticks, context);
        this.overrides = new Overrides(application, named, policy, stages, journal, context);
    }

    @Override
    public ScalingPolicy policy() {
        return policy;
    }

    @Override
    public ExplainedDecision explain(OptionalInt replicas) {
        Instant now = context.clock().now();
        DecisionRecord record =
                DecisionRecord.decide(policy, overrides.settings(now), observe(replicas, now), journal.memory(), now);
        return new ExplainedDecision(record.decision(), record.toJson());
    }

    private StagedObservation observe(OptionalInt replicas, Instant now) {
        Optional<DeploymentStatus> status = context.deployments().flatMap(this::status);
        if (replicas.isPresent()) {
            return observe(replicas.getAsInt(), status, rolloutHold(), now);
        }
        if (status.isEmpty() || status.get().stable().isEmpty()) {
            return observe(
                    status.map(DeploymentStatus::activeReplicas).orElse(0),
                    status,
                    Optional.of(new Hold(
                            ReasonCode.NOT_DEPLOYED,
                            application + " is not deployed; name a replica count to see what would be decided")),
                    now);
        }
        return observe(status.get().desiredReplicas(), status, rolloutHold(), now);
    }

    /** Empty if it was never deployed; which ones were is not asked, for that is a question about all of them. */
    private Optional<DeploymentStatus> status(DeploymentManager manager) {
        try {
            return Optional.of(manager.status(application));
        } catch (RefusedException e) {
            return Optional.empty();
        }
    }

    private Optional<Hold> rolloutHold() {
        if (stages.rollouts() != RolloutRule.HOLD) {
            return Optional.empty();
        }
        return context.deployments()
                .flatMap(manager -> manager.open(application))
                .map(rollout -> new Hold(
                        ReasonCode.ROLLOUT_IN_PROGRESS,
                        "rollout " + rollout.id() + " is " + rollout.state().word()
                                + "; the replica count is its business until it ends"));
    }

    private StagedObservation observe(
            int replicas, Optional<DeploymentStatus> status, Optional<Hold> hold, Instant now) {
        Optional<RolloutFacts> rollout = status.flatMap(found -> OpenRollout.facts(found, replicas));
        if (policy instanceof TargetPolicy target) {
            TargetReader reader = new TargetReader(context.monitoring(), target, application, status, now);
            return new StagedObservation(reader.read(replicas), hold, rollout, List.of(), List.of());
        }
        MetricReader.Reading reading = metric.orElseThrow().read(now);
        return new StagedObservation(
                new Observation(application, replicas, reading.input(), reading.unusable(), Optional.empty()),
                hold,
                rollout,
                TargetReader.replicas(status, now),
                List.of());
    }

    /** What a turn came to: the decision, and what of it is still to be made durable. */
    record Acted(ScaleDecision decision, Optional<TickJournal.Tick> tick) {}

    /** Decides and applies; the deployment manager notes what it applied through {@link #record}. */
    Acted act(DeploymentManager manager) {
        settleOpenIntent(manager);
        Instant now = context.clock().now();
        StagedObservation seen = observe(OptionalInt.empty(), now); // may take long, so nobody is kept from overriding
        turn.lock();
        try {
            return act(manager, seen, now);
        } finally {
            turn.unlock();
        }
    }

    private Acted act(DeploymentManager manager, StagedObservation seen, Instant now) {
        overrides.expire(now);
        StageSettings settings = overrides.settings(now);
        DecisionRecord record = journal.decide(memory -> DecisionRecord.decide(policy, settings, seen, memory, now));
        ScaleDecision decision = record.decision();
        if (decision instanceof ScaleDecision.NoOp) {
            return new Acted(decision, Optional.of(journal.tick(record)));
        }
        journal.intend(record);
        try {
            manager.scale(application, decision.target(), new ScaleCause.Autoscaler(decision));
            return new Acted(decision, Optional.empty());
        } catch (HyperionException e) {
            journal.refused(decision, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /**
     * Finds out what became of an intent that a process left behind. While the rollout that carries it out is open there is
     * nothing to do but wait: it notes the end itself.
     */
    private void settleOpenIntent(DeploymentManager manager) {
        Optional<ScaleRecord> open = journal.open();
        if (open.isEmpty() || manager.open(application).isPresent()) {
            return;
        }
        ScaleRecord intent = open.get();
        Optional<DeploymentRecord> carriedOut = manager.history(application).stream()
                .filter(each -> each.kind() == RolloutKind.SCALE
                        && each.state() == RolloutState.SUCCEEDED
                        && !each.startedAt().isBefore(intent.at())
                        && each.replicas() == intent.decision().target())
                .reduce((first, second) -> second);
        if (carriedOut.isPresent()) {
            Instant at = carriedOut.get().endedAt().orElse(context.clock().now());
            journal.applied(new ScaleRecord(intent.decision(), carriedOut.get().replicas(), at));
        } else {
            journal.refused(intent.decision(), "no rollout carried it out");
        }
    }

    @Override
    public void record(ScaleDecision decision, int appliedReplicas) {
        journal.applied(
                new ScaleRecord(decision, appliedReplicas, context.clock().now()));
    }

    @Override
    public List<ScaleRecord> history() {
        return journal.records();
    }

    @Override
    public Stream<PastDecision> decisions(DecisionQuery query) {
        return journal.decisions(query);
    }

    @Override
    public List<ScaleOverride> overrides() {
        return overrides.at(context.clock().now());
    }

    @Override
    public ScaleOverride override(ScaleOverride override) {
        turn.lock();
        try {
            return overrides.say(override);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public ScaleOverride resume(String who, String why) {
        turn.lock();
        try {
            return overrides.resume(who, why);
        } finally {
            turn.unlock();
        }
    }
}
