// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.simulate;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.MetricObservation;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ReplicaSample;
import dev.hyperion.autoscale.policy.ScaleHistory;
import dev.hyperion.autoscale.policy.TargetDecider;
import dev.hyperion.autoscale.policy.TargetHistory;
import dev.hyperion.autoscale.policy.TargetObservation;
import dev.hyperion.autoscale.policy.TargetOutcome;
import dev.hyperion.autoscale.policy.ThresholdDecider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A policy with its memory, asked tick by tick through the decision code that acts on real replicas. */
sealed interface SimulatedPolicy {
    /** Thousandths of a percent in one: the simulated value is a utilization of the replicas' capacity. */
    double PERCENT = 100;

    ApplicationId SIMULATED = new ApplicationId("simulated");

    /** Decides and remembers; {@code utilization} is in percent of the ready replicas' capacity, NaN if not known. */
    int decide(int wanted, int ready, double utilization, Instant now);

    static SimulatedPolicy of(ScalingPolicy policy) {
        return policy instanceof ThresholdPolicy threshold
                ? new Threshold(threshold)
                : new Target((TargetPolicy) policy);
    }

    /** The threshold policy, on the utilization. */
    final class Threshold implements SimulatedPolicy {
        private final ThresholdPolicy policy;
        private ScaleHistory history = ScaleHistory.NONE;

        Threshold(ThresholdPolicy policy) {
            this.policy = policy;
        }

        @Override
        public int decide(int wanted, int ready, double utilization, Instant now) {
            if (Double.isNaN(utilization)) {
                return Math.max(policy.minReplicas(), Math.min(policy.maxReplicas(), wanted));
            }
            int target = ThresholdDecider.target(policy, wanted, utilization, history, now);
            history = history.applied(wanted, target, now);
            return target;
        }
    }

    /** The target policy, each metric shown in its own kind from the one load that a trace has. */
    final class Target implements SimulatedPolicy {
        private static final long WHOLE = 1_000_000;
        private static final Duration WINDOW = Duration.ofSeconds(30);

        private final TargetPolicy policy;
        private TargetHistory history = TargetHistory.NONE;

        Target(TargetPolicy policy) {
            this.policy = policy;
        }

        @Override
        public int decide(int wanted, int ready, double utilization, Instant now) {
            List<ReplicaFacts> replicas = new ArrayList<>(wanted);
            List<ReplicaSample> samples = new ArrayList<>(wanted);
            Instant before = now.minusSeconds(86_400);
            for (int i = 0; i < wanted; i++) {
                boolean isReady = i < ready;
                replicas.add(new ReplicaFacts(
                        "r" + i,
                        isReady ? ReplicaFacts.Phase.RUNNING : ReplicaFacts.Phase.PENDING,
                        isReady ? Optional.of(before) : Optional.empty(),
                        isReady ? Optional.of(new ReplicaFacts.Readiness(true, before)) : Optional.empty()));
                samples.add(
                        isReady && !Double.isNaN(utilization)
                                ? new ReplicaSample.Measured(
                                        Math.round(utilization / PERCENT * WHOLE), WHOLE, now, WINDOW)
                                : new ReplicaSample.Missing(WHOLE));
            }
            List<MetricObservation> readings = new ArrayList<>();
            for (TargetMetric metric : policy.metrics()) {
                readings.add(reading(metric, samples, utilization * ready, now));
            }
            TargetOutcome outcome = TargetDecider.decide(
                    policy, TargetObservation.of(SIMULATED, wanted, wanted, replicas, readings), history, now);
            history = outcome.next().applied(wanted, outcome.target(), now);
            return outcome.target();
        }

        /** A value for the application as a whole is the load in percent of one replica's capacity. */
        private static MetricObservation reading(
                TargetMetric metric, List<ReplicaSample> samples, double whole, Instant now) {
            if (metric instanceof TargetMetric.Value || metric instanceof TargetMetric.ValuePerReplica) {
                return Double.isNaN(whole)
                        ? new MetricObservation.Failed("the trace has a gap")
                        : new MetricObservation.Whole(Math.round(whole * 1_000), now);
            }
            return new MetricObservation.PerReplica(samples);
        }
    }
}
