// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.invariant;

import dev.hyperion.autoscale.ScalingRules;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.policy.MetricObservation;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ReplicaSample;
import dev.hyperion.autoscale.policy.ScalingObservation;
import dev.hyperion.autoscale.policy.TargetObservation;
import dev.hyperion.autoscale.policy.TargetOutcome;
import dev.hyperion.autoscale.stage.StagedOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/** Under a target policy of one or two metrics; the first one is guarded, and the one that fails. */
final class TargetLife extends Life {
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private final TargetPolicy target;

    // what was recommended, and when
    private final Deque<long[]> recommended = new ArrayDeque<>();

    TargetLife(Decider decider, Random random) {
        super(decider, random);
        target = anyPolicy(random);
        begin(target);
    }

    static TargetPolicy anyPolicy(Random random) {
        List<TargetMetric> metrics = new ArrayList<>();
        metrics.add(anyMetric("first", random));
        if (random.nextInt(3) == 0) {
            metrics.add(anyMetric("second", random));
        }
        int min = 1 + random.nextInt(3);
        TargetPolicy policy = TargetPolicy.of(metrics, min, min + random.nextInt(9))
                .with(anyRules(random, random.nextInt(3) * 30), anyRules(random, random.nextInt(5) * 45));
        return random.nextInt(5) == 0 ? policy.asWithoutBehavior() : policy;
    }

    private static TargetMetric anyMetric(String name, Random random) {
        long milli = 200 + random.nextInt(1_000);
        return switch (random.nextInt(4)) {
            case 0 -> new TargetMetric.Utilization(name, 20 + random.nextInt(100), random.nextBoolean());
            case 1 -> new TargetMetric.PerReplica(name, milli, random.nextBoolean());
            case 2 -> new TargetMetric.Value(name, milli);
            default -> new TargetMetric.ValuePerReplica(name, milli);
        };
    }

    private static ScalingRules anyRules(Random random, int window) {
        List<ScalingRules.Limit> limits = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            boolean percent = random.nextBoolean();
            limits.add(new ScalingRules.Limit(
                    percent ? ScalingRules.Unit.PERCENT : ScalingRules.Unit.REPLICAS,
                    1 + random.nextInt(percent ? 100 : 4),
                    Duration.ofSeconds(15L * (1 + random.nextInt(4)))));
        }
        return new ScalingRules(
                Duration.ofSeconds(window),
                limits,
                random.nextInt(12) == 0
                        ? ScalingRules.Select.DISABLED
                        : random.nextBoolean() ? ScalingRules.Select.MAX : ScalingRules.Select.MIN,
                random.nextInt(3) * 0.1);
    }

    /** One reading of a load in replicas' worth of it, of the metric's kind. */
    static MetricObservation reading(TargetMetric metric, double load, List<ReplicaFacts> replicas, Instant takenAt) {
        int ready = 0;
        for (ReplicaFacts replica : replicas) {
            ready += replica.runsAndIsReady() ? 1 : 0;
        }
        if (metric instanceof TargetMetric.ValuePerReplica) {
            return new MetricObservation.Whole((long) (load * 1_000), takenAt);
        }
        long each = (long) (load * 1_000 / Math.max(1, ready));
        if (metric instanceof TargetMetric.Value) {
            return new MetricObservation.Whole(each, takenAt);
        }
        ReplicaSample sample = new ReplicaSample.Measured(each, 1_000, takenAt, WINDOW);
        List<ReplicaSample> samples = new ArrayList<>(replicas.size());
        for (ReplicaFacts replica : replicas) {
            samples.add(replica.runsAndIsReady() ? sample : new ReplicaSample.Missing(1_000));
        }
        return new MetricObservation.PerReplica(samples);
    }

    @Override
    ScalingObservation seen(double load, Fault fault, List<ReplicaFacts> replicas) {
        List<MetricObservation> readings = new ArrayList<>(2);
        TargetMetric first = target.metrics().get(0);
        readings.add(
                switch (fault) {
                    case NONE -> reading(first, load, replicas, now);
                    case MISSING, NOT_A_NUMBER -> missing(first, replicas);
                    case FAILED -> new MetricObservation.Failed("no answer");
                    case STALE ->
                        reading(first, load, replicas, now.minus(MAX_AGE).minusSeconds(1));
                    case ZERO -> reading(first, 0, replicas, now);
                });
        if (target.metrics().size() > 1) {
            readings.add(reading(target.metrics().get(1), load, replicas, now));
        }
        return TargetObservation.of(SHOP, wanted, wanted, replicas, readings);
    }

    private static MetricObservation missing(TargetMetric metric, List<ReplicaFacts> replicas) {
        if (metric instanceof TargetMetric.Value || metric instanceof TargetMetric.ValuePerReplica) {
            return new MetricObservation.Failed("nothing was recorded");
        }
        List<ReplicaSample> samples = new ArrayList<>(replicas.size());
        for (int i = 0; i < replicas.size(); i++) {
            samples.add(new ReplicaSample.Missing(1_000));
        }
        return new MetricObservation.PerReplica(samples);
    }

    @Override
    boolean isBad(Fault fault) {
        return switch (fault) {
            case NONE, ZERO -> false;
            case MISSING, NOT_A_NUMBER, FAILED -> true;
            case STALE -> !settings.guards().isEmpty();
        };
    }

    @Override
    double value(double load) {
        return Math.floor(load * 1_000 / Math.max(1, wanted)) / 1_000; // at least that, of whatever kind it is
    }

    @Override
    String guardedMetric() {
        return "first";
    }

    @Override
    void checkPace(StagedOutcome outcome, boolean corrected, boolean pinned) {
        TargetOutcome alone = (TargetOutcome) outcome.alone();
        int change = outcome.target() - wanted;
        long window = target.down().stabilizationWindow().toSeconds();
        if (change < 0 && !corrected && !pinned) {
            Broken.unless(
                    target.withoutBehavior() || target.down().select() != ScalingRules.Select.DISABLED,
                    Invariant.COOLDOWN,
                    () -> this + " " + outcome);
            for (long[] each : recommended) {
                Broken.unless(
                        since(each[0]) >= window || outcome.target() >= each[1],
                        Invariant.COOLDOWN,
                        () -> this + " " + outcome);
            }
        }
        if (!alone.proposals().isEmpty() && !alone.next().equals(memory().policy())) {
            recommended.addLast(new long[] {stamp(), alone.panicked()});
            while (recommended.size() > 30) {
                recommended.pollFirst();
            }
        }
    }
}
