// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.stage;

import dev.hyperion.autoscale.policy.MetricObservation;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ReplicaSample;
import dev.hyperion.autoscale.policy.TargetObservation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Counts the replicas of a rollout once: those beyond the wanted number do not exist, and what they carry is spread over the
 * others. So the load of both versions is met by the replicas of one, and a canary adds none.
 *
 * <p>Example: 4 replicas at 40 % and a full set of 4 new ones at 40 % count as 4 at 80 %.
 */
final class RolloutCount {
    private RolloutCount() {}

    static TargetObservation once(TargetObservation seen, List<String> extra) {
        Set<String> extras = new HashSet<>(extra);
        List<ReplicaFacts> kept = new ArrayList<>();
        for (ReplicaFacts replica : seen.replicas()) {
            if (!extras.contains(replica.id())) {
                kept.add(replica);
            }
        }
        if (kept.size() == seen.replicas().size()) {
            return seen;
        }
        return new TargetObservation(
                seen.application(),
                seen.wanted(),
                Math.min(seen.present(), Math.max(seen.wanted(), kept.size())),
                kept,
                once(seen.replicas(), extras, seen.metrics()),
                once(seen.replicas(), extras, seen.shortMetrics()));
    }

    private static List<MetricObservation> once(
            List<ReplicaFacts> replicas, Set<String> extras, List<MetricObservation> readings) {
        List<MetricObservation> counted = new ArrayList<>(readings.size());
        for (MetricObservation reading : readings) {
            counted.add(
                    reading instanceof MetricObservation.PerReplica each
                            ? new MetricObservation.PerReplica(once(replicas, extras, each), each.source())
                            : reading);
        }
        return counted;
    }

    private static List<ReplicaSample> once(
            List<ReplicaFacts> replicas, Set<String> extras, MetricObservation.PerReplica each) {
        long carried = 0;
        int carriers = 0;
        for (int i = 0; i < replicas.size(); i++) {
            if (each.samples().get(i) instanceof ReplicaSample.Measured sample
                    && replicas.get(i).runsAndIsReady()) {
                boolean isExtra = extras.contains(replicas.get(i).id());
                carried += isExtra ? sample.milli() : 0;
                carriers += isExtra ? 0 : 1;
            }
        }
        List<ReplicaSample> samples = new ArrayList<>();
        long share = carriers == 0 ? 0 : carried / carriers;
        long rest = carriers == 0 ? 0 : carried % carriers;
        for (int i = 0; i < replicas.size(); i++) {
            if (extras.contains(replicas.get(i).id())) {
                continue;
            }
            ReplicaSample sample = each.samples().get(i);
            if (sample instanceof ReplicaSample.Measured measured
                    && replicas.get(i).runsAndIsReady()) {
                long more = share + (rest > 0 ? 1 : 0);
                rest -= rest > 0 ? 1 : 0;
                sample = new ReplicaSample.Measured(
                        measured.milli() + more, measured.requestMilli(), measured.takenAt(), measured.window());
            }
            samples.add(sample);
        }
        return samples;
    }
}
