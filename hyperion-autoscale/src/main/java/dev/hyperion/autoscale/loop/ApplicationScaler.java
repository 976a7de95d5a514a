// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.autoscale.DecisionBasis;
import dev.hyperion.autoscale.ExplainedDecision;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScaleRecord;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.Hold;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.policy.TargetHistory;
import dev.hyperion.autoscale.record.DecisionRecord;
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
    private final EngineContext context;
    private final MetricReader metrics;
    private final ScaleJournal journal;
    private volatile TargetHistory remembered = TargetHistory.NONE;

    ApplicationScaler(ApplicationId application, ScalingPolicy policy, EngineContext context) {
        this.application = application;
        this.policy = policy;
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

    /** A decision, and what a target policy remembers of it if it is the loop's own. */
    private record Look(ExplainedDecision explained, TargetHistory next) {}

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
        return context.deployments()
                .flatMap(manager -> manager.open(application))
                .map(rollout -> new Hold(
                        ReasonCode.ROLLOUT_IN_PROGRESS,
                        "rollout " + rollout.id() + " is " + rollout.state().word()
                                + "; the replica count is its business until it ends"));
    }

    private Look decide(int replicas, Optional<DeploymentStatus> status, Optional<Hold> hold) {
        Instant now = context.clock().now();
        if (policy instanceof TargetPolicy target) {
            return decide(target, replicas, status, hold, now);
        }
        ThresholdPolicy threshold = (ThresholdPolicy) policy;
        MetricReader.Reading reading = metrics.read(threshold, application, now);
        Observation seen = new Observation(application, replicas, reading.input(), reading.unusable(), hold);
        DecisionRecord record = DecisionRecord.decide(threshold, seen, journal.history(), now);
        return new Look(new ExplainedDecision(record.decision(), record.toJson()), remembered);
    }

    private Look decide(
            TargetPolicy target, int replicas, Optional<DeploymentStatus> status, Optional<Hold> hold, Instant now) {
        TargetReader reader = new TargetReader(context.monitoring(), target, application, status, now);
        DecisionRecord record = DecisionRecord.decide(target, reader.read(replicas), remembered, now);
        return new Look(
                new ExplainedDecision(
                        hold.map(why -> held(record.decision(), why)).orElse(record.decision()), record.toJson()),
                record.outcome().next().policy() instanceof TargetHistory next ? next : remembered);
    }

    /** What the policy alone would decide stands in the record. */
    private static ScaleDecision held(ScaleDecision decision, Hold hold) {
        DecisionBasis basis = decision.basis();
        return new ScaleDecision.NoOp(
                decision.current(),
                new DecisionBasis(
                        basis.id(),
                        basis.application(),
                        basis.inputs(),
                        List.of(),
                        List.of(hold.code()),
                        hold.because(),
                        basis.at()));
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
