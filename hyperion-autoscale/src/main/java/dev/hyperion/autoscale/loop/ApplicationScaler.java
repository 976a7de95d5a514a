// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.autoscale.ExplainedDecision;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScaleRecord;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.Hold;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.policy.ScalingObservation;
import dev.hyperion.autoscale.record.DecisionRecord;
import dev.hyperion.autoscale.stage.RolloutRule;
import dev.hyperion.autoscale.stage.StageSettings;
import dev.hyperion.autoscale.stage.StagedHistory;
import dev.hyperion.autoscale.stage.StagedObservation;
import dev.hyperion.deploy.DeploymentManager;
import dev.hyperion.deploy.DeploymentStatus;
import dev.hyperion.deploy.ScaleCause;
import dev.hyperion.spi.EngineContext;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The autoscaler of one application. Thread-safety: thread-safe. */
final class ApplicationScaler implements AutoScaler {
    private final ApplicationId application;
    private final ScalingPolicy policy;
    private final StageSettings stages;
    private final EngineContext context;
    private final MetricReader metrics;
    private final ScaleJournal journal;
    private volatile StagedHistory remembered;

    ApplicationScaler(ApplicationId application, ScalingPolicy policy, StageSettings stages, EngineContext context) {
        this.application = application;
        this.policy = policy;
        this.stages = stages;
        this.remembered = StagedHistory.none(policy);
        this.context = context;
        this.metrics = new MetricReader(context.monitoring());
        this.journal = new ScaleJournal(application, context);
    }

    @Override
    public ScalingPolicy policy() {
        return policy;
    }

    @Override
    public ExplainedDecision explain(OptionalInt replicas) {
        return look(replicas).explained();
    }

    /** A decision, and what is to be remembered of it if it is the loop's own. */
    private record Look(ExplainedDecision explained, StagedHistory next) {}

    private Look look(OptionalInt replicas) {
        Optional<DeploymentStatus> status = context.deployments()
                .filter(manager -> manager.applications().contains(application))
                .map(manager -> manager.status(application));
        if (replicas.isPresent()) {
            return decide(replicas.getAsInt(), status, rolloutHold());
        }
        if (status.isEmpty() || status.get().stable().isEmpty()) {
            return decide(
                    status.map(DeploymentStatus::activeReplicas).orElse(0),
                    status,
                    Optional.of(new Hold(
                            ReasonCode.NOT_DEPLOYED,
                            application + " is not deployed; name a replica count to see what would be decided")));
        }
        return decide(status.get().desiredReplicas(), status, rolloutHold());
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

    private Look decide(int replicas, Optional<DeploymentStatus> status, Optional<Hold> hold) {
        Instant now = context.clock().now();
        StagedHistory history = remembered;
        ScalingObservation seen;
        if (policy instanceof TargetPolicy target) {
            seen = new TargetReader(context.monitoring(), target, application, status, now).read(replicas);
        } else {
            ThresholdPolicy threshold = (ThresholdPolicy) policy;
            MetricReader.Reading reading = metrics.read(threshold, application, now);
            seen = new Observation(application, replicas, reading.input(), reading.unusable(), Optional.empty());
            history = new StagedHistory(journal.history(), history.guards());
        }
        DecisionRecord record = DecisionRecord.decide(
                policy,
                stages,
                new StagedObservation(
                        seen,
                        hold,
                        status.flatMap(found -> OpenRollout.facts(found, replicas)),
                        policy instanceof ThresholdPolicy ? TargetReader.replicas(status, now) : List.of(),
                        List.of()),
                history,
                now);
        return new Look(
                new ExplainedDecision(record.decision(), record.toJson()),
                record.outcome().next());
    }

    /** Decides and applies; the deployment manager notes what it applied through {@link #record}. */
    ScaleDecision act(DeploymentManager manager) {
        Look look = look(OptionalInt.empty());
        remembered = look.next();
        ScaleDecision decision = look.explained().decision();
        if (decision instanceof ScaleDecision.NoOp) {
            return decision;
        }
        journal.intend(decision);
        try {
            manager.scale(application, decision.target(), new ScaleCause.Autoscaler(decision));
            return decision;
        } catch (HyperionException e) {
            journal.refused(decision, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    @Override
    public void record(ScaleDecision decision, int appliedReplicas) {
        Instant now = context.clock().now();
        boolean known = journal.records().stream()
                .anyMatch(each ->
                        each.decision().basis().id().equals(decision.basis().id()));
        journal.applied(new ScaleRecord(decision, appliedReplicas, now));
        if (!known) {
            remembered = remembered.applied(decision.current(), appliedReplicas, now);
        }
    }

    @Override
    public List<ScaleRecord> history() {
        return journal.records();
    }
}
