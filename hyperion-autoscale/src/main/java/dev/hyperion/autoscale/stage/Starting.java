// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.stage;

import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.policy.Observation;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ReplicaSample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Counts replicas that are starting, by {@link StartAware}. Thread-safety: immutable. */
final class Starting {
    private final StartAware rules;
    private final Instant now;

    Starting(StartAware rules, Instant now) {
        this.rules = rules;
        this.now = now;
    }

    int count(List<ReplicaFacts> replicas) {
        int starting = 0;
        for (ReplicaFacts replica : replicas) {
            starting += isStarting(replica) ? 1 : 0;
        }
        return starting;
    }

    private boolean isStarting(ReplicaFacts replica) {
        return switch (replica.phase()) {
            case FAILED, TERMINATING -> false;
            case PENDING -> awaited(replica);
            case RUNNING -> replica.runsAndIsReady() ? isWarmingUp(replica) : awaited(replica);
        };
    }

    private boolean awaited(ReplicaFacts replica) {
        return replica.startedAt()
                .map(at -> at.plus(rules.patience()).isAfter(now))
                .orElse(true);
    }

    private boolean isWarmingUp(ReplicaFacts replica) {
        return replica.startedAt()
                .filter(at -> at.plus(rules.warmUp()).isAfter(now))
                .isPresent();
    }

    /** For a target policy: no metric counts what a start inflates. */
    TargetPolicy applyTo(TargetPolicy policy) {
        List<TargetMetric> metrics = new ArrayList<>(policy.metrics().size());
        for (TargetMetric metric : policy.metrics()) {
            if (metric instanceof TargetMetric.Utilization each) {
                metrics.add(new TargetMetric.Utilization(each.name(), each.percent(), true));
            } else if (metric instanceof TargetMetric.PerReplica each) {
                metrics.add(new TargetMetric.PerReplica(each.name(), each.milli(), true));
            } else {
                metrics.add(metric);
            }
        }
        return policy.with(
                metrics,
                new TargetPolicy.StartUp(rules.warmUp(), policy.startUp().readinessDelay()));
    }

    /** For a threshold policy: the mean over those that are past their start, if each one's sample is known. */
    Observation applyTo(Observation seen, List<ReplicaFacts> replicas, List<ReplicaSample> samples) {
        if (samples.isEmpty() || count(replicas) == 0) {
            return seen;
        }
        int counted = 0;
        double sum = 0;
        for (int i = 0; i < replicas.size(); i++) {
            if (samples.get(i) instanceof ReplicaSample.Measured sample
                    && replicas.get(i).runsAndIsReady()
                    && !isWarmingUp(replicas.get(i))) {
                counted++;
                sum += sample.milli() / 1_000.0;
            }
        }
        MetricInput input = seen.input();
        return new Observation(
                seen.application(),
                seen.replicas(),
                new MetricInput(
                        input.metric(),
                        counted == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / counted),
                        input.takenAt(),
                        input.age(),
                        counted + " of " + replicas.size() + " replicas are past their start"),
                counted == 0 ? Optional.of(ReasonCode.METRIC_MISSING) : seen.unusable(),
                seen.hold());
    }

    /** What a replica will read once the starting ones carry their share, if the load is shared evenly. */
    static double expected(double value, int wanted, int starting) {
        int carrying = Math.max(0, wanted - starting);
        return wanted == 0 ? value : value * carrying / wanted;
    }
}
