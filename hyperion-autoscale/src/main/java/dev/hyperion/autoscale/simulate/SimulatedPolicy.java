// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.simulate;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.MetricObservation;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ReplicaSample;
import dev.hyperion.autoscale.policy.ScaleHistory;
import dev.hyperion.autoscale.policy.TargetDecider;
import dev.hyperion.autoscale.policy.TargetHistory;
import dev.hyperion.autoscale.policy.TargetObservation;
import dev.hyperion.autoscale.policy.TargetOutcome;
import dev.hyperion.autoscale.policy.ThresholdDecider;
import dev.hyperion.autoscale.stage.StageSettings;
import dev.hyperion.autoscale.stage.StagedHistory;
import dev.hyperion.autoscale.stage.StagedObservation;
import dev.hyperion.autoscale.stage.StagedOutcome;
import dev.hyperion.autoscale.stage.Stages;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

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

    static SimulatedPolicy of(ScalingPolicy policy, StageSettings stages) {
        // a rollout never happens on a trace, so its rule does not count
        boolean alone = stages.guards().isEmpty()
                && stages.schedules().isEmpty()
                && stages.overrides().isEmpty()
                && stages.startAware().isEmpty();
        if (!alone) {
            return new Staged(policy, stages);
        }
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
        private final TargetPolicy policy;
        private final Fleet fleet = new Fleet();
        private TargetHistory history = TargetHistory.NONE;

        Target(TargetPolicy policy) {
            this.policy = policy;
        }

        @Override
        public int decide(int wanted, int ready, double utilization, double load, Instant now) {
            TargetOutcome outcome = TargetDecider.decide(
                    policy, fleet.seen(policy, wanted, ready, utilization, load, now), history, now);
            history = outcome.next().applied(wanted, outcome.target(), now);
            return outcome.target();
        }
    }

    /** A policy of either kind with what stands around it. */
    final class Staged implements SimulatedPolicy {
        private final ScalingPolicy policy;
        private final StageSettings stages;
        private final Fleet fleet = new Fleet();
        private StagedHistory history;

        Staged(ScalingPolicy policy, StageSettings stages) {
            this.policy = policy;
            this.stages = stages;
            this.history = StagedHistory.none(policy);
        }

        @Override
        public int decide(int wanted, int ready, double utilization, double load, Instant now) {
            StagedObservation seen = policy instanceof TargetPolicy target
                    ? StagedObservation.of(fleet.seen(target, wanted, ready, utilization, load, now))
                    : new StagedObservation(
                            threshold((ThresholdPolicy) policy, wanted, utilization, now),
                            Optional.empty(),
                            Optional.empty(),
                            fleet.replicas(wanted, ready),
                            List.of());
            StagedOutcome outcome = Stages.decide(policy, stages, seen, history, now);
            history = outcome.next().applied(wanted, outcome.target(), now);
            return outcome.target();
        }

        private static Observation threshold(ThresholdPolicy policy, int wanted, double utilization, Instant now) {
            boolean known = !Double.isNaN(utilization);
            return new Observation(
                    SIMULATED,
                    wanted,
                    new MetricInput(
                            policy.metric(),
                            known ? OptionalDouble.of(utilization) : OptionalDouble.empty(),
                            known ? Optional.of(now) : Optional.empty(),
                            known ? Optional.of(Duration.ZERO) : Optional.empty(),
                            known ? "the trace" : "the trace has a gap"),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /** The replicas of a simulation and what is measured of them. Thread-safety: confined. */
    final class Fleet {
        private static final Duration WINDOW = Duration.ofSeconds(30);
        private static final double MILLI = 1_000;

        /** The whole capacity of a replica: 100 %. */
        private static final long WHOLE_MILLI = 100_000;

        private static final ReplicaSample MISSING = new ReplicaSample.Missing(WHOLE_MILLI);

        /** Before any trace: who is ready is long since warm. */
        private static final Instant LONG_AGO = Instant.EPOCH;

        private final List<ReplicaFacts> readyOnes = new ArrayList<>();
        private final List<ReplicaFacts> pendingOnes = new ArrayList<>();
        private List<ReplicaFacts> last = List.of();
        private int lastWanted;
        private int lastReady;

        TargetObservation seen(
                TargetPolicy policy, int wanted, int ready, double utilization, double load, Instant now) {
            boolean known = !Double.isNaN(load);
            ReplicaSample sample = known
                    ? new ReplicaSample.Measured(Math.round(utilization * MILLI), WHOLE_MILLI, now, WINDOW)
                    : MISSING;
            ReplicaSample[] samples = new ReplicaSample[wanted];
            Arrays.fill(samples, 0, Math.min(ready, wanted), sample);
            Arrays.fill(samples, Math.min(ready, wanted), wanted, MISSING);
            MetricObservation perReplica = new MetricObservation.PerReplica(List.of(samples));
            MetricObservation[] each = new MetricObservation[policy.metrics().size()];
            for (int i = 0; i < each.length; i++) {
                TargetMetric metric = policy.metrics().get(i);
                each[i] = metric instanceof TargetMetric.ValuePerReplica
                        ? whole(load, now)
                        : metric instanceof TargetMetric.Value ? whole(known ? utilization : load, now) : perReplica;
            }
            List<MetricObservation> readings = List.of(each);
            // a trace is coarser than any panic window, so both windows see the same
            return new TargetObservation(
                    SIMULATED,
                    wanted,
                    wanted,
                    replicas(wanted, ready),
                    readings,
                    policy.panic().isPresent() ? readings : List.of());
        }

        /** Most ticks see the replicas of the tick before. */
        List<ReplicaFacts> replicas(int wanted, int ready) {
            if (wanted != lastWanted || ready != lastReady) {
                last = List.copyOf(made(wanted, ready));
                lastWanted = wanted;
                lastReady = ready;
            }
            return last;
        }

        private List<ReplicaFacts> made(int wanted, int ready) {
            List<ReplicaFacts> replicas = new ArrayList<>(wanted);
            for (int i = 0; i < wanted; i++) {
                replicas.add(i < ready ? ready(i) : pending(i));
            }
            return replicas;
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
