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
    /** The simulated value is a utilization of the replicas' capacity, in percent. */
    double PERCENT = 100;

    String UTILIZATION = "the utilization of the ready replicas, in percent";

    ApplicationId SIMULATED = new ApplicationId("simulated");

    /**
     * Decides and remembers.
     *
     * @param utilization in percent of the ready replicas' capacity, NaN if not known
     * @param load in the trace's unit, NaN if not known
     */
    int decide(int wanted, int ready, double utilization, double load, Instant now);

    /** What has to be assumed of metrics that a trace of load does not tell by itself; a line for each. */
    static List<String> assumptions(ScalingPolicy policy) {
        List<String> lines = new ArrayList<>();
        if (policy instanceof ThresholdPolicy threshold) {
            assume(threshold.metric(), UTILIZATION, lines);
        } else if (policy instanceof TargetPolicy target) {
            target.metrics()
                    .forEach(metric -> assume(
                            metric.name(),
                            metric instanceof TargetMetric.ValuePerReplica
                                    ? "the trace itself, in its unit"
                                    : UTILIZATION,
                            lines));
        }
        return lines;
    }

    private static void assume(String metric, String as, List<String> lines) {
        if (!as.equals(UTILIZATION) || !metric.contains("utilization")) {
            lines.add(metric + " is taken as " + as);
        }
    }

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
        public int decide(int wanted, int ready, double utilization, double load, Instant now) {
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
        private static final Duration WINDOW = Duration.ofSeconds(30);
        private static final double MILLI = 1_000;

        /** The whole capacity of a replica: 100 %. */
        private static final long WHOLE_MILLI = 100_000;

        private static final ReplicaSample MISSING = new ReplicaSample.Missing(WHOLE_MILLI);

        /** Before any trace: who is ready is long since warm. */
        private static final Instant LONG_AGO = Instant.EPOCH;

        private final TargetPolicy policy;
        private final List<ReplicaFacts> readyOnes = new ArrayList<>();
        private final List<ReplicaFacts> pendingOnes = new ArrayList<>();
        private TargetHistory history = TargetHistory.NONE;

        Target(TargetPolicy policy) {
            this.policy = policy;
        }

        @Override
        public int decide(int wanted, int ready, double utilization, double load, Instant now) {
            boolean known = !Double.isNaN(load);
            ReplicaSample sample = known
                    ? new ReplicaSample.Measured(Math.round(utilization * MILLI), WHOLE_MILLI, now, WINDOW)
                    : MISSING;
            List<ReplicaFacts> replicas = new ArrayList<>(wanted);
            List<ReplicaSample> samples = new ArrayList<>(wanted);
            for (int i = 0; i < wanted; i++) {
                replicas.add(i < ready ? ready(i) : pending(i));
                samples.add(i < ready ? sample : MISSING);
            }
            MetricObservation perReplica = new MetricObservation.PerReplica(samples);
            List<MetricObservation> readings = new ArrayList<>(policy.metrics().size());
            for (TargetMetric metric : policy.metrics()) {
                readings.add(
                        metric instanceof TargetMetric.ValuePerReplica
                                ? whole(load, now)
                                : metric instanceof TargetMetric.Value
                                        ? whole(known ? utilization : load, now)
                                        : perReplica);
            }
            // a trace is coarser than any panic window, so both windows see the same
            TargetOutcome outcome = TargetDecider.decide(
                    policy,
                    new TargetObservation(
                            SIMULATED,
                            wanted,
                            wanted,
                            replicas,
                            readings,
                            policy.panic().isPresent() ? readings : List.of()),
                    history,
                    now);
            history = outcome.next().applied(wanted, outcome.target(), now);
            return outcome.target();
        }

        private ReplicaFacts ready(int index) {
            while (readyOnes.size() <= index) {
                readyOnes.add(new ReplicaFacts(
                        "r" + readyOnes.size(),
                        ReplicaFacts.Phase.RUNNING,
                        Optional.of(LONG_AGO),
                        Optional.of(new ReplicaFacts.Readiness(true, LONG_AGO))));
            }
            return readyOnes.get(index);
        }

        private ReplicaFacts pending(int index) {
            while (pendingOnes.size() <= index) {
                pendingOnes.add(new ReplicaFacts(
                        "r" + pendingOnes.size(), ReplicaFacts.Phase.PENDING, Optional.empty(), Optional.empty()));
            }
            return pendingOnes.get(index);
        }

        private static MetricObservation whole(double value, Instant now) {
            return Double.isNaN(value)
                    ? new MetricObservation.Failed("the trace has a gap")
                    : new MetricObservation.Whole(Math.round(value * MILLI), now);
        }
    }
}
