// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScalingRules;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import java.time.Instant;
import java.util.List;

/**
 * What one metric proposes: {@code ceil(ratio × replicas counted)}, with {@code ratio = value / target}, and the present
 * count while the ratio is within tolerance of 1. The algorithm is the HPA's (Kubernetes documentation, "Horizontal Pod
 * Autoscaling", algorithm details; behaviour as of 1.33 and later):
 *
 * <ul>
 *   <li>Replicas that ended or are on their way out do not exist. Replicas that are pending, and for a metric that a start
 *       inflates those that are not ready or warming up, are <i>unready</i>; running ones without a sample are
 *       <i>missing</i>. The first ratio is that of all others.
 *   <li>With missing replicas, or with unready ones and a ratio above 1, the ratio is taken again: missing ones count as
 *       using their whole request (the target if that is above 100 %) when it goes down, nothing when it goes up; unready
 *       ones count as using nothing. If that brings it within tolerance, or across 1, nothing changes.
 *   <li>Utilization is whole percent, cut off, of the sum of requests; a mean is a whole number of thousandths, cut off.
 *   <li>One value multiplies the replicas that are ready, those on their way out included as long as they are.
 * </ul>
 *
 * <p>Example: 4 replicas at 90 %, target 60 %: ratio 1.5, proposal 6. With two of the four missing: as if they used
 * nothing, ratio 0.75, across 1, so 4.
 *
 * <p>Sums are 64-bit integers and wrap like the controller's; a proposal beyond the range of {@code int} is the largest one.
 *
 * <p>Thread-safety: confined to one call.
 */
final class MetricCalculator {
    private static final String NO_SAMPLES = "no replica that counts has a sample";

    private final TargetObservation seen;
    private final ScalingRules up;
    private final ScalingRules down;
    private final TargetPolicy.StartUp startUp;
    private final Instant warmSince;

    // what became of each replica for the metric at hand
    private final byte[] group;
    private int counted;
    private int unready;
    private int missing;
    // of those that are counted
    private long used;
    private long requested;
    private int withoutRequest; // the first replica that requests none of it, counted or not; -1 if each does

    private static final byte IGNORED = 0;
    private static final byte COUNTED = 1;
    private static final byte UNREADY = 2;
    private static final byte MISSING = 3;

    MetricCalculator(TargetPolicy policy, TargetObservation seen, Instant now) {
        this.seen = seen;
        this.up = policy.up();
        this.down = policy.down();
        this.startUp = policy.startUp();
        this.warmSince = now.minus(startUp.warmUp());
        this.group = new byte[seen.replicas().size()];
    }

    MetricProposal propose(TargetMetric metric, MetricObservation reading) {
        if (reading instanceof MetricObservation.Failed failed) {
            return MetricProposal.unusable(metric.name(), failed.code(), failed.why());
        }
        if (metric instanceof TargetMetric.Utilization target && reading instanceof MetricObservation.PerReplica each) {
            return utilization(target, each.samples());
        }
        if (metric instanceof TargetMetric.PerReplica target && reading instanceof MetricObservation.PerReplica each) {
            return mean(target, each.samples());
        }
        if (metric instanceof TargetMetric.Value target && reading instanceof MetricObservation.Whole whole) {
            return value(target, whole.milli());
        }
        if (metric instanceof TargetMetric.ValuePerReplica target && reading instanceof MetricObservation.Whole whole) {
            return share(target, whole.milli());
        }
        return MetricProposal.unusable(
                metric.name(), ReasonCode.METRIC_FAILED, "the reading is not of the kind that the target asks for");
    }

    private boolean within(double ratio) {
        return 1.0 - down.tolerance() <= ratio && ratio <= 1.0 + up.tolerance();
    }

    private static int ceil(double replicas) {
        return (int) Math.ceil(replicas);
    }

    private void sort(List<ReplicaSample> samples, boolean inflatedByStart) {
        counted = 0;
        unready = 0;
        missing = 0;
        used = 0;
        requested = 0;
        withoutRequest = -1;
        List<ReplicaFacts> replicas = seen.replicas();
        for (int i = 0; i < group.length; i++) {
            ReplicaSample sample = samples.get(i);
            byte kind = groupOf(replicas.get(i), sample, inflatedByStart);
            group[i] = kind;
            if (kind == COUNTED) {
                counted++;
                used += ((ReplicaSample.Measured) sample).milli();
                requested += sample.requestMilli();
            } else {
                unready += kind == UNREADY ? 1 : 0;
                missing += kind == MISSING ? 1 : 0;
            }
            if (sample.requestMilli() < 0 && withoutRequest < 0) {
                withoutRequest = i;
            }
        }
    }

    private byte groupOf(ReplicaFacts replica, ReplicaSample sample, boolean inflatedByStart) {
        switch (replica.phase()) {
            case FAILED, TERMINATING:
                return IGNORED;
            case PENDING:
                return UNREADY;
            case RUNNING:
                break;
        }
        if (!(sample instanceof ReplicaSample.Measured measured)) {
            return MISSING;
        }
        return inflatedByStart && starting(replica, measured) ? UNREADY : COUNTED;
    }

    private boolean starting(ReplicaFacts replica, ReplicaSample.Measured sample) {
        if (replica.readiness().isEmpty() || replica.startedAt().isEmpty()) {
            return true;
        }
        ReplicaFacts.Readiness readiness = replica.readiness().get();
        Instant started = replica.startedAt().get();
        if (started.isAfter(warmSince)) {
            return readiness.refused()
                    || sample.takenAt().isBefore(readiness.since().plus(sample.window()));
        }
        // it has had its time; if it is not ready now, it counts unless it never was
        return readiness.refused() && started.plus(startUp.readinessDelay()).isAfter(readiness.since());
    }

    private MetricProposal utilization(TargetMetric.Utilization target, List<ReplicaSample> samples) {
        if (group.length == 0) {
            return MetricProposal.unusable(target.name(), ReasonCode.METRIC_MISSING, "there are no replicas");
        }
        sort(samples, target.inflatedByStart());
        if (counted == 0) {
            return unusable(target.name(), ReasonCode.METRIC_MISSING, NO_SAMPLES);
        }
        if (withoutRequest >= 0) {
            return unusable(
                    target.name(),
                    ReasonCode.METRIC_FAILED,
                    "replica " + seen.replicas().get(withoutRequest).id()
                            + " requests none of it, so there is no percentage");
        }
        if (requested == 0) {
            return unusable(
                    target.name(), ReasonCode.METRIC_FAILED, "the replicas request 0 of it, so there is no percentage");
        }
        int percent = percent(used, requested);
        long average = used / counted;
        double ratio = (double) percent / target.percent();
        boolean unreadyCount = unready > 0 && ratio > 1.0;
        if (!unreadyCount && missing == 0) {
            return plain(target.name(), ratio, percent, average);
        }
        long whole = Math.max(100, target.percent());
        for (int i = 0; i < group.length; i++) {
            if (group[i] == MISSING && ratio != 1.0) {
                used += ratio < 1.0 ? samples.get(i).requestMilli() * whole / 100 : 0;
                requested += samples.get(i).requestMilli();
            } else if (group[i] == UNREADY && unreadyCount) {
                requested += samples.get(i).requestMilli();
            }
        }
        if (requested == 0) { // only by going round: the sum of the others was not 0
            return unusable(
                    target.name(), ReasonCode.METRIC_FAILED, "the replicas request too much of it to be added up");
        }
        double again = (double) percent(used, requested) / target.percent();
        return cautious(target.name(), ratio, again, percent, average, unreadyCount);
    }

    private static int percent(long used, long requested) {
        return (int) (used * 100 / requested);
    }

    private MetricProposal mean(TargetMetric.PerReplica target, List<ReplicaSample> samples) {
        if (group.length == 0) {
            return MetricProposal.unusable(target.name(), ReasonCode.METRIC_MISSING, "there are no replicas");
        }
        sort(samples, target.inflatedByStart());
        if (counted == 0) {
            return unusable(target.name(), ReasonCode.METRIC_MISSING, NO_SAMPLES);
        }
        long mean = used / counted;
        double ratio = (double) mean / target.milli();
        boolean unreadyCount = unready > 0 && ratio > 1.0;
        if (!unreadyCount && missing == 0) {
            return plain(target.name(), ratio, mean, mean);
        }
        int all = counted;
        if (ratio != 1.0) {
            used += ratio < 1.0 ? target.milli() * missing : 0;
            all += missing;
        }
        all += unreadyCount ? unready : 0;
        long cautiousMean = used / all;
        double again = (double) cautiousMean / target.milli();
        return cautious(target.name(), ratio, again, mean, mean, unreadyCount);
    }

    /** Not to be used, but how many replicas were of which kind is known. */
    private MetricProposal unusable(String metric, ReasonCode reason, String why) {
        return new MetricProposal(metric, 0, Double.NaN, Double.NaN, 0, 0, counted, unready, missing, reason, why);
    }

    private MetricProposal plain(String metric, double ratio, long current, long average) {
        int replicas = within(ratio) ? seen.wanted() : ceil(ratio * counted);
        return proposal(metric, replicas, ratio, ratio, current, average, within(ratio));
    }

    /** Where some replicas were guessed: a guess may only weaken what the others say, never turn it round. */
    private MetricProposal cautious(
            String metric, double ratio, double again, long current, long average, boolean unreadyCount) {
        boolean turned = (ratio < 1.0 && again > 1.0) || (ratio > 1.0 && again < 1.0);
        if (within(again) || turned) {
            return proposal(metric, seen.wanted(), ratio, again, current, average, true);
        }
        int all = counted + (ratio == 1.0 ? 0 : missing) + (unreadyCount ? unready : 0);
        int replicas = ceil(again * all);
        boolean wrongWay = (again < 1.0 && replicas > seen.wanted()) || (again > 1.0 && replicas < seen.wanted());
        return wrongWay
                ? proposal(metric, seen.wanted(), ratio, again, current, average, true)
                : proposal(metric, replicas, ratio, again, current, average, false);
    }

    private MetricProposal value(TargetMetric.Value target, long milli) {
        unready = 0;
        missing = 0;
        double ratio = (double) milli / target.milli();
        if (seen.wanted() == 0) {
            counted = 0;
            return proposal(target.name(), ceil(ratio), ratio, ratio, milli, milli, false);
        }
        counted = 0;
        for (ReplicaFacts replica : seen.replicas()) {
            counted += replica.multiplies() ? 1 : 0;
        }
        if (within(ratio)) {
            return proposal(target.name(), seen.wanted(), ratio, ratio, milli, milli, true);
        }
        if (seen.replicas().isEmpty()) {
            return MetricProposal.unusable(target.name(), ReasonCode.METRIC_MISSING, "there are no replicas");
        }
        return proposal(target.name(), ceil(ratio * counted), ratio, ratio, milli, milli, false);
    }

    private MetricProposal share(TargetMetric.ValuePerReplica target, long milli) {
        counted = seen.present();
        unready = 0;
        missing = 0;
        double ratio = milli / ((double) target.milli() * seen.present());
        int replicas = within(ratio) ? seen.present() : ceil((double) milli / target.milli());
        long each = shareOf(milli, seen.present());
        return proposal(target.name(), replicas, ratio, ratio, each, each, within(ratio));
    }

    private static long shareOf(long milli, int replicas) {
        if ((double) milli >= Long.MAX_VALUE) { // as the controller has it: beyond what a double tells apart
            return Long.MAX_VALUE;
        }
        return replicas == 0 ? 0 : (long) Math.ceil((double) milli / replicas);
    }

    private MetricProposal proposal(
            String metric, int replicas, double ratio, double again, long current, long average, boolean held) {
        ReasonCode reason = held
                ? ReasonCode.WITHIN_TOLERANCE
                : replicas > seen.wanted()
                        ? ReasonCode.ABOVE_TARGET
                        : replicas < seen.wanted() ? ReasonCode.BELOW_TARGET : ReasonCode.AT_TARGET;
        return new MetricProposal(
                metric, replicas, ratio, again, current, average, counted, unready, missing, reason, "");
    }
}
