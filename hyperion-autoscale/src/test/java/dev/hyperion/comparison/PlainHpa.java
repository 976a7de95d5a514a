// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.comparison;

import dev.hyperion.autoscale.ScalingRules;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.policy.MetricObservation;
import dev.hyperion.autoscale.policy.ReplicaFacts;
import dev.hyperion.autoscale.policy.ReplicaSample;
import dev.hyperion.autoscale.policy.TargetObservation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Kubernetes' Horizontal Pod Autoscaler a second time, as its documentation tells it: slow, with maps of names, and with a
 * memory that reuses what is outdated. It shares nothing with the target policy but the records of input. What the language of
 * the controller leaves open, a count beyond 32 bits, is the nearest count here.
 */
final class PlainHpa {
    /** What a metric came to; not {@code usable} if it is an error. */
    record Proposal(
            boolean usable,
            int replicas,
            long current,
            long average,
            double ratio,
            double again,
            int ready,
            int unready,
            int missing) {
        static final Proposal ERROR = new Proposal(false, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** What a decision came to. */
    record Result(
            List<Proposal> proposals,
            int raw,
            int stabilized,
            int rateLimited,
            int bounded,
            String able,
            String limited,
            boolean decided) {}

    private static final class Entry {
        int replicas;
        Instant at;

        Entry(int replicas, Instant at) {
            this.replicas = replicas;
            this.at = at;
        }
    }

    private final TargetPolicy policy;
    private final List<Entry> recommendations = new ArrayList<>();
    private final List<Entry> ups = new ArrayList<>();
    private final List<Entry> downs = new ArrayList<>();

    PlainHpa(TargetPolicy policy) {
        this.policy = policy;
    }

    void remember(int recommended, Instant at) {
        recommendations.add(new Entry(recommended, at));
    }

    void rememberUp(int by, Instant at) {
        ups.add(new Entry(by, at));
    }

    void rememberDown(int by, Instant at) {
        downs.add(new Entry(by, at));
    }

    /**
     * Notes that the scale was changed. The controller reuses an event that no limit of its own direction counts any more,
     * although one of the other direction may; we differ there, so here it is reused once nothing counts it.
     */
    void rescaled(int from, int to, Instant now) {
        if (policy.withoutBehavior() || from == to) {
            return;
        }
        long longest = 0;
        for (ScalingRules rules : List.of(policy.up(), policy.down())) {
            for (ScalingRules.Limit limit : rules.limits()) {
                longest = Math.max(longest, limit.period().toMillis());
            }
        }
        List<Entry> events = to > from ? ups : downs;
        Entry old = null;
        for (Entry event : events) {
            if (event.at.isBefore(now.minusMillis(longest))) {
                old = event;
            }
        }
        note(events, old, Math.abs(to - from), now);
    }

    private static void note(List<Entry> entries, Entry old, int replicas, Instant now) {
        if (old == null) {
            entries.add(new Entry(replicas, now));
        } else {
            old.replicas = replicas;
            old.at = now;
        }
    }

    Result decide(TargetObservation seen, Instant now) {
        int current = seen.wanted();
        if (recommendations.isEmpty()) {
            // the controller's clock goes on between this and the decision, so a window of zero does not reach back to
            // it; a
            // clock that is read once per decision cannot tell more than that
            remember(current, policy.down().stabilizationWindow().isZero() ? now.minusNanos(1) : now);
        }
        if (current == 0 && policy.minReplicas() != 0) {
            return corrected(0);
        }
        if (current > policy.maxReplicas()) {
            return corrected(policy.maxReplicas());
        }
        if (current < policy.minReplicas()) {
            return corrected(policy.minReplicas());
        }
        List<Proposal> proposals = new ArrayList<>();
        int replicas = 0;
        int invalid = 0;
        for (int i = 0; i < policy.metrics().size(); i++) {
            Proposal each =
                    propose(policy.metrics().get(i), seen, seen.metrics().get(i), now);
            proposals.add(each);
            if (!each.usable()) {
                invalid++;
            } else if (replicas == 0 || each.replicas() > replicas) {
                replicas = each.replicas();
            }
        }
        if (invalid == proposals.size() || (invalid > 0 && replicas < current)) {
            return new Result(proposals, current, current, current, current, "SucceededGetScale", "", false);
        }
        int desired = Math.max(0, replicas);
        return policy.withoutBehavior()
                ? withoutBehavior(proposals, current, desired, now)
                : withBehavior(proposals, current, desired, now);
    }

    private static Result corrected(int to) {
        return new Result(List.of(), to, to, to, to, "SucceededGetScale", "", false);
    }

    private Result withoutBehavior(List<Proposal> proposals, int current, int desired, Instant now) {
        int stabilized = desired;
        Entry old = null;
        for (Entry each : recommendations) {
            if (each.at.isBefore(now.minus(policy.down().stabilizationWindow()))) {
                old = each;
            } else if (each.replicas > stabilized) {
                stabilized = each.replicas;
            }
        }
        note(recommendations, old, desired, now);
        String able = stabilized == desired ? "ReadyForNewScale" : "ScaleDownStabilized";
        int limit = toInt(Math.max(2.0 * current, 4.0));
        int limited = Math.min(stabilized, limit);
        if (stabilized < policy.minReplicas()) {
            return new Result(
                    proposals, desired, stabilized, limited, policy.minReplicas(), able, "TooFewReplicas", true);
        }
        int most = Math.min(limit, policy.maxReplicas());
        if (stabilized > most) {
            String why = policy.maxReplicas() > limit ? "ScaleUpLimit" : "TooManyReplicas";
            return new Result(proposals, desired, stabilized, limited, most, able, why, true);
        }
        return new Result(proposals, desired, stabilized, limited, stabilized, able, "DesiredWithinRange", true);
    }

    private Result withBehavior(List<Proposal> proposals, int current, int desired, Instant now) {
        Instant upCut = now.minus(policy.up().stabilizationWindow());
        Instant downCut = now.minus(policy.down().stabilizationWindow());
        int up = desired;
        int down = desired;
        Entry old = null;
        for (Entry each : recommendations) {
            if (each.at.isAfter(upCut)) {
                up = Math.min(up, each.replicas);
            }
            if (each.at.isAfter(downCut)) {
                down = Math.max(down, each.replicas);
            }
            if (each.at.isBefore(upCut) && each.at.isBefore(downCut)) {
                old = each;
            }
        }
        note(recommendations, old, desired, now);
        int stabilized = current;
        if (stabilized < up) {
            stabilized = up;
        }
        if (stabilized > down) {
            stabilized = down;
        }
        String able = stabilized == desired
                ? "ReadyForNewScale"
                : desired >= current ? "ScaleUpStabilized" : "ScaleDownStabilized";
        if (stabilized > current) {
            int limit = Math.max(current, allowed(policy.up(), current, true, now));
            int most = Math.min(limit, policy.maxReplicas());
            if (stabilized > most) {
                String why = policy.maxReplicas() > limit ? "ScaleUpLimit" : "TooManyReplicas";
                return new Result(proposals, desired, stabilized, Math.min(stabilized, limit), most, able, why, true);
            }
        } else if (stabilized < current) {
            int limit = Math.min(current, allowed(policy.down(), current, false, now));
            int least = Math.max(limit, policy.minReplicas());
            if (stabilized < least) {
                String why = policy.minReplicas() < limit ? "ScaleDownLimit" : "TooFewReplicas";
                return new Result(proposals, desired, stabilized, Math.max(stabilized, limit), least, able, why, true);
            }
        }
        return new Result(proposals, desired, stabilized, stabilized, stabilized, able, "DesiredWithinRange", true);
    }

    private int allowed(ScalingRules rules, int current, boolean up, Instant now) {
        if (rules.select() == ScalingRules.Select.DISABLED) {
            return current;
        }
        List<Integer> allowed = new ArrayList<>();
        for (ScalingRules.Limit limit : rules.limits()) {
            int start = current - changes(ups, limit.period(), now) + changes(downs, limit.period(), now);
            if (limit.unit() == ScalingRules.Unit.REPLICAS) {
                allowed.add(up ? start + limit.value() : start - limit.value());
            } else if (up) {
                allowed.add(toInt(Math.ceil((double) start * (1 + (double) limit.value() / 100))));
            } else {
                allowed.add(toInt((double) start * (1 - (double) limit.value() / 100)));
            }
        }
        boolean largest = up == (rules.select() == ScalingRules.Select.MAX);
        return largest
                ? allowed.stream().mapToInt(Integer::intValue).max().orElseThrow()
                : allowed.stream().mapToInt(Integer::intValue).min().orElseThrow();
    }

    private static int changes(List<Entry> events, Duration period, Instant now) {
        int changes = 0;
        for (Entry event : events) {
            if (event.at.isAfter(now.minus(period))) {
                changes += event.replicas;
            }
        }
        return changes;
    }

    private Proposal propose(TargetMetric metric, TargetObservation seen, MetricObservation reading, Instant now) {
        if (reading instanceof MetricObservation.Failed) {
            return Proposal.ERROR;
        }
        if (metric instanceof TargetMetric.Value target) {
            return value(target.milli(), seen, ((MetricObservation.Whole) reading).milli());
        }
        if (metric instanceof TargetMetric.ValuePerReplica target) {
            return share(target.milli(), seen.present(), ((MetricObservation.Whole) reading).milli());
        }
        return new Samples(seen, ((MetricObservation.PerReplica) reading).samples(), metric, now).propose();
    }

    private boolean tolerated(double ratio) {
        double least = 1.0 - policy.down().tolerance();
        double most = 1.0 + policy.up().tolerance();
        return least <= ratio && ratio <= most;
    }

    private Proposal value(long target, TargetObservation seen, long usage) {
        double ratio = (double) usage / (double) target;
        if (seen.wanted() == 0) {
            return new Proposal(true, toInt(Math.ceil(ratio)), usage, usage, ratio, ratio, 0, 0, 0);
        }
        int ready = 0;
        for (ReplicaFacts replica : seen.replicas()) {
            boolean runs =
                    replica.phase() == ReplicaFacts.Phase.RUNNING || replica.phase() == ReplicaFacts.Phase.TERMINATING;
            if (runs && replica.readiness().map(ReplicaFacts.Readiness::ready).orElse(false)) {
                ready++;
            }
        }
        if (tolerated(ratio)) {
            return new Proposal(true, seen.wanted(), usage, usage, ratio, ratio, ready, 0, 0);
        }
        return seen.replicas().isEmpty()
                ? Proposal.ERROR
                : new Proposal(true, toInt(Math.ceil(ratio * ready)), usage, usage, ratio, ratio, ready, 0, 0);
    }

    private Proposal share(long target, int present, long usage) {
        double ratio = (double) usage / ((double) target * (double) present);
        int replicas = tolerated(ratio) ? present : toInt(Math.ceil((double) usage / (double) target));
        long each;
        if ((double) usage >= (double) Long.MAX_VALUE) {
            each = Long.MAX_VALUE;
        } else if (present == 0) {
            each = 0;
        } else {
            each = (long) Math.ceil((double) usage / (double) present);
        }
        return new Proposal(true, replicas, each, each, ratio, ratio, present, 0, 0);
    }

    private static int toInt(double number) {
        if (Double.isNaN(number)) {
            return 0;
        }
        if (number >= Integer.MAX_VALUE) {
            return Integer.MAX_VALUE;
        }
        return number <= Integer.MIN_VALUE ? Integer.MIN_VALUE : (int) number;
    }

    /** One metric of replicas. */
    private final class Samples {
        private final TargetObservation seen;
        private final TargetMetric metric;
        private final Map<String, Long> usage = new HashMap<>();
        private final Map<String, Long> requests = new HashMap<>();
        private final Set<String> unready = new HashSet<>();
        private final Set<String> missing = new HashSet<>();
        private int ready;

        Samples(TargetObservation seen, List<ReplicaSample> samples, TargetMetric metric, Instant now) {
            this.seen = seen;
            this.metric = metric;
            for (int i = 0; i < samples.size(); i++) {
                ReplicaFacts replica = seen.replicas().get(i);
                requests.put(replica.id(), samples.get(i).requestMilli());
                if (replica.phase() == ReplicaFacts.Phase.FAILED || replica.phase() == ReplicaFacts.Phase.TERMINATING) {
                    continue;
                }
                if (replica.phase() == ReplicaFacts.Phase.PENDING) {
                    unready.add(replica.id());
                } else if (!(samples.get(i) instanceof ReplicaSample.Measured sample)) {
                    missing.add(replica.id());
                } else if (inflated() && isUnready(replica, sample, now)) {
                    unready.add(replica.id());
                } else {
                    ready++;
                    usage.put(replica.id(), sample.milli());
                }
            }
        }

        private boolean inflated() {
            return metric instanceof TargetMetric.Utilization utilization
                    ? utilization.inflatedByStart()
                    : ((TargetMetric.PerReplica) metric).inflatedByStart();
        }

        private boolean isUnready(ReplicaFacts replica, ReplicaSample.Measured sample, Instant now) {
            if (replica.readiness().isEmpty() || replica.startedAt().isEmpty()) {
                return true;
            }
            Instant start = replica.startedAt().get();
            Instant since = replica.readiness().get().since();
            // nobody can tell is neither true nor false
            boolean isFalse = !replica.readiness().get().ready()
                    && !replica.readiness().get().lost();
            if (start.plus(policy.startUp().warmUp()).isAfter(now)) {
                return isFalse || sample.takenAt().isBefore(since.plus(sample.window()));
            }
            return isFalse && start.plus(policy.startUp().readinessDelay()).isAfter(since);
        }

        Proposal propose() {
            if (usage.isEmpty()) {
                return Proposal.ERROR;
            }
            boolean percent = metric instanceof TargetMetric.Utilization;
            if (percent && requests.values().stream().anyMatch(request -> request < 0)) {
                return Proposal.ERROR;
            }
            if (percent && requestsOfUsage() == 0) {
                return Proposal.ERROR;
            }
            long current = current();
            long average = sum(usage) / usage.size();
            double ratio = ratio();
            boolean upWithUnready = !unready.isEmpty() && ratio > 1.0;
            if (!upWithUnready && missing.isEmpty()) {
                int replicas = tolerated(ratio) ? seen.wanted() : toInt(Math.ceil(ratio * ready));
                return proposal(replicas, current, average, ratio, ratio);
            }
            for (String name : missing) {
                if (ratio < 1.0) {
                    usage.put(name, whatAMissingOneUses(name));
                } else if (ratio > 1.0) {
                    usage.put(name, 0L);
                }
            }
            if (upWithUnready) {
                for (String name : unready) {
                    usage.put(name, 0L);
                }
            }
            if (percent && requestsOfUsage() == 0) {
                return Proposal.ERROR;
            }
            double again = ratio();
            boolean turned = (ratio < 1.0 && again > 1.0) || (ratio > 1.0 && again < 1.0);
            if (tolerated(again) || turned) {
                return proposal(seen.wanted(), current, average, ratio, again);
            }
            int replicas = toInt(Math.ceil(again * usage.size()));
            boolean otherWay = (again < 1.0 && replicas > seen.wanted()) || (again > 1.0 && replicas < seen.wanted());
            return proposal(otherWay ? seen.wanted() : replicas, current, average, ratio, again);
        }

        private Proposal proposal(int replicas, long current, long average, double ratio, double again) {
            return new Proposal(true, replicas, current, average, ratio, again, ready, unready.size(), missing.size());
        }

        private long whatAMissingOneUses(String name) {
            return metric instanceof TargetMetric.Utilization utilization
                    ? requests.get(name) * Math.max(100L, utilization.percent()) / 100
                    : ((TargetMetric.PerReplica) metric).milli();
        }

        private long requestsOfUsage() {
            long sum = 0;
            for (String name : usage.keySet()) {
                sum += requests.get(name);
            }
            return sum;
        }

        private long current() {
            return metric instanceof TargetMetric.Utilization
                    ? (int) (sum(usage) * 100 / requestsOfUsage())
                    : sum(usage) / usage.size();
        }

        private double ratio() {
            return metric instanceof TargetMetric.Utilization utilization
                    ? (double) current() / (double) utilization.percent()
                    : (double) current() / (double) ((TargetMetric.PerReplica) metric).milli();
        }

        private static long sum(Map<String, Long> values) {
            long sum = 0;
            for (long value : values.values()) {
                sum += value;
            }
            return sum;
        }
    }
}
