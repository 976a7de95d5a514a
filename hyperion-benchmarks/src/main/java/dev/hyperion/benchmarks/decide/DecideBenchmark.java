// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.decide;

import dev.hyperion.ApplicationId;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ScaleDecision;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.MetricObservation;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ReplicaSample;
import dev.hyperion.autoscale.policy.ScaleHistory;
import dev.hyperion.autoscale.policy.ScalingDecider;
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
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What one decision costs: the numbers of a threshold policy that changes nothing, and of a target policy with three metrics
 * and a hundred replicas; and telling them for people.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecideBenchmark {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final ApplicationId SHOP = new ApplicationId("shop");

    /** Values that ask for nothing, more of them than a branch predictor remembers. */
    @State(Scope.Thread)
    public static class Readings {
        private static final int MANY = 16_384;

        private final double[] values =
                new SplittableRandom(1).doubles(MANY, 26, 74).toArray();
        private int next;

        double next() {
            next = (next + 1) & (MANY - 1);
            return values[next];
        }
    }

    /** A threshold policy eight replicas strong that acted ten minutes ago. */
    @State(Scope.Benchmark)
    public static class Threshold {
        private final ThresholdPolicy policy = ThresholdPolicy.defaults();
        private final ScaleHistory history =
                ScaleHistory.NONE.applied(6, 8, NOON.minusSeconds(600)).applied(9, 8, NOON.minusSeconds(600));

        Observation seen(double value) {
            return new Observation(
                    SHOP,
                    8,
                    new MetricInput(
                            policy.metric(),
                            OptionalDouble.of(value),
                            Optional.of(NOON),
                            Optional.of(Duration.ZERO),
                            "benchmark"),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /** Three metrics of a hundred replicas, of which four are starting and three have no sample; five minutes of memory. */
    @State(Scope.Benchmark)
    public static class Target {
        private static final int REPLICAS = 100;

        private final TargetPolicy policy = TargetPolicy.of(
                List.of(
                        new TargetMetric.Utilization("cpu", 60, true),
                        new TargetMetric.PerReplica("queue", 10_000, false),
                        new TargetMetric.ValuePerReplica("requests", 50_000)),
                10,
                400);
        private final TargetObservation seen;
        private final TargetHistory history;

        /** Makes what there is. */
        public Target() {
            List<ReplicaFacts> replicas = new ArrayList<>();
            List<ReplicaSample> cpu = new ArrayList<>();
            List<ReplicaSample> queue = new ArrayList<>();
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < REPLICAS; i++) {
                Instant started = NOON.minusSeconds(i < 4 ? 20 : 9_999);
                replicas.add(new ReplicaFacts(
                        "r" + i,
                        ReplicaFacts.Phase.RUNNING,
                        Optional.of(started),
                        Optional.of(new ReplicaFacts.Readiness(true, started.plusSeconds(8)))));
                cpu.add(i > 96 ? new ReplicaSample.Missing(1_000) : sample(random.nextLong(500, 900)));
                queue.add(i > 96 ? new ReplicaSample.Missing(1_000) : sample(random.nextLong(5_000, 15_000)));
            }
            seen = TargetObservation.of(
                    SHOP,
                    REPLICAS,
                    REPLICAS,
                    replicas,
                    List.of(
                            new MetricObservation.PerReplica(cpu),
                            new MetricObservation.PerReplica(queue),
                            new MetricObservation.Whole(5_100_000, NOON)));
            List<TargetHistory.Change> recommendations = new ArrayList<>();
            for (int i = 20; i > 0; i--) {
                recommendations.add(new TargetHistory.Change(NOON.minusSeconds(15L * i), 95 + i % 7));
            }
            history = new TargetHistory(
                    recommendations,
                    List.of(new TargetHistory.Change(NOON.minusSeconds(200), 4)),
                    List.of(),
                    Optional.empty());
        }

        private static ReplicaSample sample(long milli) {
            return new ReplicaSample.Measured(milli, 1_000, NOON.minusSeconds(5), Duration.ofSeconds(30));
        }
    }

    /** The floor: two comparisons. */
    @Benchmark
    public int comparisons(Readings readings, Threshold threshold) {
        double value = readings.next();
        return value > threshold.policy.scaleUpThreshold() ? 1 : value < threshold.policy.scaleDownThreshold() ? -1 : 0;
    }

    /** The numbers of a threshold policy that changes nothing. */
    @Benchmark
    public int threshold(Readings readings, Threshold threshold) {
        return ThresholdDecider.target(threshold.policy, 8, readings.next(), threshold.history, NOON);
    }

    /** The same with its observation made, every stage, and the decision told for people. */
    @Benchmark
    public ScaleDecision thresholdExplained(Readings readings, Threshold threshold) {
        Observation seen = threshold.seen(readings.next());
        return ScalingDecider.explain(
                threshold.policy, seen, ScalingDecider.decide(threshold.policy, seen, threshold.history, NOON), NOON);
    }

    /** The numbers of a target policy. */
    @Benchmark
    public TargetOutcome target(Target target) {
        return TargetDecider.decide(target.policy, target.seen, target.history, NOON);
    }

    /** The same with the decision told for people. */
    @Benchmark
    public ScaleDecision targetExplained(Target target) {
        TargetOutcome outcome = TargetDecider.decide(target.policy, target.seen, target.history, NOON);
        return ScalingDecider.explain(target.policy, target.seen, outcome, NOON);
    }
}
