// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.invariant;

import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ScalingObservation;
import dev.hyperion.autoscale.stage.StagedOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

/** Under a threshold policy whose metric is the load's share of the capacity, in percent. */
final class ThresholdLife extends Life {
    private final ThresholdPolicy threshold;

    ThresholdLife(Decider decider, Random random) {
        super(decider, random);
        threshold = anyPolicy(random);
        begin(threshold);
    }

    static ThresholdPolicy anyPolicy(Random random) {
        double down = 5 + random.nextDouble() * 40;
        int min = 1 + random.nextInt(4);
        return new ThresholdPolicy(
                "cpu",
                down + 1 + random.nextDouble() * 50,
                down,
                1 + random.nextInt(4),
                min,
                min + random.nextInt(12),
                Duration.ofSeconds(random.nextInt(6) * 20L),
                Duration.ofSeconds(random.nextInt(6) * 40L),
                Duration.ofSeconds(15),
                MAX_AGE,
                Optional.empty(),
                Optional.empty());
    }

    static Observation reading(int replicas, double value, Duration age) {
        return new Observation(
                SHOP,
                replicas,
                new MetricInput("cpu", OptionalDouble.of(value), Optional.empty(), Optional.of(age), "test"),
                Optional.empty(),
                Optional.empty());
    }

    static Observation without(int replicas, ReasonCode code) {
        return new Observation(
                SHOP,
                replicas,
                new MetricInput("cpu", OptionalDouble.empty(), Optional.empty(), Optional.empty(), "none"),
                Optional.of(code),
                Optional.empty());
    }

    @Override
    ScalingObservation seen(double load, Fault fault, List<ReplicaFacts> replicas) {
        return switch (fault) {
            case NONE -> reading(wanted, value(load), Duration.ofSeconds(5));
            case MISSING -> without(wanted, ReasonCode.METRIC_MISSING);
            case FAILED -> without(wanted, ReasonCode.METRIC_FAILED);
            case NOT_A_NUMBER -> reading(wanted, Double.NaN, Duration.ofSeconds(5));
            case STALE -> reading(wanted, value(load), MAX_AGE.plusSeconds(1));
            case ZERO -> reading(wanted, 0, Duration.ofSeconds(5));
        };
    }

    @Override
    boolean isBad(Fault fault) {
        return fault != Fault.NONE && fault != Fault.ZERO;
    }

    @Override
    double value(double load) {
        return wanted == 0 ? 100 : load / wanted * 60;
    }

    @Override
    String guardedMetric() {
        return "cpu";
    }

    @Override
    void checkPace(StagedOutcome outcome, boolean corrected, boolean pinned) {
        int change = outcome.target() - wanted;
        if (change == 0 || corrected || pinned) {
            return;
        }
        if (change > 0) {
            Broken.unless(
                    since(lastUp()) >= threshold.scaleUpCooldown().toSeconds(),
                    Invariant.COOLDOWN,
                    () -> this + " " + outcome);
        } else {
            Broken.unless(
                    since(lastStep()) >= threshold.scaleDownCooldown().toSeconds(),
                    Invariant.COOLDOWN,
                    () -> this + " " + outcome);
        }
        boolean fallback = outcome.reasons().contains(ReasonCode.FALLBACK_REPLICAS);
        Broken.unless(
                fallback || Math.abs(change) <= threshold.scaleStep(),
                Invariant.ONE_ACTION,
                () -> this + " " + outcome);
    }
}
