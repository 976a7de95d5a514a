// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.ScaleRecord;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.Hold;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.policy.ScalingDecider;
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
    private final ThresholdPolicy policy;
    private final EngineContext context;
    private final MetricReader metrics;
    private final ScaleJournal journal;

    ApplicationScaler(ApplicationId application, ThresholdPolicy policy, EngineContext context) {
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
    public ScaleDecision plan(OptionalInt replicas) {
        if (replicas.isPresent()) {
            return decide(replicas.getAsInt(), rolloutHold());
        }
        Optional<DeploymentStatus> status = context.deployments()
                .filter(manager -> manager.applications().contains(application))
                .map(manager -> manager.status(application));
        if (status.isEmpty() || status.get().stable().isEmpty()) {
            return decide(
                    status.map(DeploymentStatus::activeReplicas).orElse(0),
                    Optional.of(new Hold(
                            ReasonCode.NOT_DEPLOYED,
                            application + " is not deployed; name a replica count to see what would be decided")));
        }
        return decide(status.get().desiredReplicas(), rolloutHold());
    }

    private Optional<Hold> rolloutHold() {
        return context.deployments()
                .flatMap(manager -> manager.open(application))
                .map(rollout -> new Hold(
                        ReasonCode.ROLLOUT_IN_PROGRESS,
                        "rollout " + rollout.id() + " is " + rollout.state().word()
                                + "; the replica count is its business until it ends"));
    }

    private ScaleDecision decide(int replicas, Optional<Hold> hold) {
        Instant now = context.clock().now();
        MetricReader.Reading reading = metrics.read(policy, application, now);
        Observation seen = new Observation(application, replicas, reading.input(), reading.unusable(), hold);
        return ScalingDecider.explain(policy, seen, ScalingDecider.decide(policy, seen, journal.history(), now), now);
    }

    /** Decides and applies; the deployment manager notes what it applied through {@link #record}. */
    ScaleDecision act(DeploymentManager manager) {
        ScaleDecision decision = plan(OptionalInt.empty());
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
        journal.applied(
                new ScaleRecord(decision, appliedReplicas, context.clock().now()));
    }

    @Override
    public List<ScaleRecord> history() {
        return journal.records();
    }
}
