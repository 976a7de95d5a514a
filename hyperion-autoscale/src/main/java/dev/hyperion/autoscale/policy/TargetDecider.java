// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScalingRules;
import dev.hyperion.autoscale.TargetPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The target policy, in the order in which it decides (Kubernetes' Horizontal Pod Autoscaler, {@code autoscaling/v2}):
 *
 * <ol>
 *   <li>No replicas although the lower bound is not 0: scaling is switched off. Out of bounds: corrected, without reading
 *       any metric.
 *   <li>Each metric proposes ({@link MetricProposal}); the largest usable proposal wins. A metric that cannot be used
 *       forbids going down, not up; if none can be used nothing changes.
 *   <li>The panic window, if the policy has one.
 *   <li>Stabilization: up not beyond the smallest, down not below the largest recommendation of the direction's window.
 *   <li>Limits per period, counted from how many replicas there were when the period began.
 *   <li>The bounds.
 * </ol>
 *
 * <p>Thread-safety: confined to one call; {@link #decide} is a pure function.
 */
public final class TargetDecider {
    // how far one decision goes up without behavior
    private static final double UP_FACTOR = 2;
    private static final double UP_AT_LEAST = 4;

    private final TargetPolicy policy;
    private final TargetObservation seen;
    private final TargetHistory history;
    private final Instant now;
    private final int wanted;
    private final TargetHistory remembered;

    private TargetDecider(TargetPolicy policy, TargetObservation seen, TargetHistory history, Instant now) {
        this.policy = policy;
        this.seen = seen;
        this.history = history;
        this.now = now;
        this.wanted = seen.wanted();
        this.remembered = remembering();
    }

    /**
     * Decides.
     *
     * @param policy the policy
     * @param observation what there is
     * @param history what was recommended and applied before
     * @param now the time of the decision
     * @return the decision with every stage in between
     * @throws IllegalArgumentException if the observation has not one reading for each metric of the policy
     */
    public static TargetOutcome decide(
            TargetPolicy policy, TargetObservation observation, TargetHistory history, Instant now) {
        if (observation.metrics().size() != policy.metrics().size()) {
            throw new IllegalArgumentException(observation.metrics().size() + " readings for "
                    + policy.metrics().size() + " metrics; expected one for each");
        }
        return new TargetDecider(policy, observation, history, now).decide();
    }

    private TargetOutcome decide() {
        if (wanted == 0 && policy.minReplicas() > 0) {
            return TargetOutcome.without(wanted, 0, ReasonCode.SCALING_DISABLED, remembered);
        }
        if (wanted > policy.maxReplicas()) {
            return TargetOutcome.without(wanted, policy.maxReplicas(), ReasonCode.ABOVE_MAX_REPLICAS, remembered);
        }
        if (wanted < policy.minReplicas()) {
            return TargetOutcome.without(wanted, policy.minReplicas(), ReasonCode.BELOW_MIN_REPLICAS, remembered);
        }
        MetricCalculator calculator = new MetricCalculator(policy, seen, now);
        List<MetricProposal> proposals = propose(calculator, seen.metrics());
        Combined combined = combine(proposals);
        if (!combined.usable()) {
            return new TargetOutcome(
                    wanted,
                    proposals,
                    List.of(),
                    wanted,
                    wanted,
                    wanted,
                    wanted,
                    wanted,
                    List.of(combined.reason()),
                    remembered);
        }
        List<ReasonCode> reasons = new ArrayList<>(4);
        reasons.add(combined.reason());
        int raw = activated(combined.replicas(), proposals, reasons);
        List<MetricProposal> shortProposals =
                policy.panic().isPresent() && !seen.shortMetrics().isEmpty()
                        ? propose(calculator, seen.shortMetrics())
                        : List.of();
        Panicked panicked = panic(raw, shortProposals, reasons);
        int stabilized = stabilize(panicked.replicas(), reasons);
        int limited = limit(stabilized, reasons);
        int bounded = bound(stabilized, limited, reasons);
        TargetHistory next = remembered.recommended(
                new TargetHistory.Change(now, panicked.replicas()), longestWindow(), panicked.state());
        return new TargetOutcome(
                wanted,
                proposals,
                shortProposals,
                raw,
                panicked.replicas(),
                stabilized,
                limited,
                bounded,
                reasons,
                next);
    }

    /** The count that is met at first is a recommendation too: a restart does not forget what somebody wanted. */
    private TargetHistory remembering() {
        return history.recommendations().isEmpty()
                ? history.recommended(new TargetHistory.Change(now, wanted), longestWindow(), history.panic())
                : history;
    }

    private Duration longestWindow() {
        Duration longest =
                longer(policy.up().stabilizationWindow(), policy.down().stabilizationWindow());
        return policy.panic().isPresent() ? longer(longest, policy.panic().get().downDelay()) : longest;
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private List<MetricProposal> propose(MetricCalculator calculator, List<MetricObservation> readings) {
        MetricProposal[] proposals = new MetricProposal[readings.size()];
        for (int i = 0; i < proposals.length; i++) {
            proposals[i] = calculator.propose(policy.metrics().get(i), readings.get(i));
        }
        return List.of(proposals);
    }

    private record Combined(boolean usable, int replicas, ReasonCode reason) {}

    private Combined combine(List<MetricProposal> proposals) {
        int largest = 0;
        boolean bad = false;
        boolean good = false;
        ReasonCode reason = ReasonCode.METRIC_FAILED;
        ReasonCode badReason = ReasonCode.METRIC_FAILED;
        for (MetricProposal proposal : proposals) {
            if (!proposal.usable()) {
                badReason = bad ? badReason : proposal.reason();
                bad = true;
            } else if (!good || largest == 0 || proposal.replicas() > largest) { // 0 gives way even to less
                largest = proposal.replicas();
                reason = proposal.reason();
                good = true;
            }
        }
        if (!good) {
            return new Combined(false, wanted, badReason);
        }
        return bad && largest < wanted
                ? new Combined(false, wanted, ReasonCode.DOWN_ON_PARTIAL_METRICS)
                : new Combined(true, Math.max(0, largest), reason);
    }

    /** A resting application wakes, and a woken one stays, while some value exceeds the activation. */
    private int activated(int replicas, List<MetricProposal> proposals, List<ReasonCode> reasons) {
        if (policy.minReplicas() > 0 || policy.activationMilli() == 0) {
            return replicas;
        }
        for (int i = 0; i < proposals.size(); i++) {
            boolean ofAll = seen.metrics().get(i) instanceof MetricObservation.Whole;
            boolean active = ofAll
                    ? ((MetricObservation.Whole) seen.metrics().get(i)).milli() > policy.activationMilli()
                    : wanted > 0
                            && (!proposals.get(i).usable() || proposals.get(i).current() > 0);
            if (active) {
                return Math.max(1, replicas);
            }
        }
        reasons.add(0, ReasonCode.BELOW_ACTIVATION);
        return 0;
    }

    private record Panicked(int replicas, Optional<TargetHistory.PanicState> state) {}

    private Panicked panic(int calm, List<MetricProposal> shortProposals, List<ReasonCode> reasons) {
        if (policy.panic().isEmpty()) {
            return new Panicked(calm, Optional.empty());
        }
        TargetPolicy.Panic rules = policy.panic().get();
        int ready = 0;
        for (ReplicaFacts replica : seen.replicas()) {
            ready += replica.runsAndIsReady() ? 1 : 0;
        }
        ready = Math.max(1, ready);
        int most = (int) Math.ceil(rules.maxUpRate() * ready);
        int least = (int) Math.floor(ready / rules.maxDownRate());
        int desired = Math.max(least, Math.min(most, calm));
        Optional<TargetHistory.PanicState> state = history.panic();
        Combined quick =
                shortProposals.isEmpty() ? new Combined(false, wanted, ReasonCode.PANIC) : combine(shortProposals);
        boolean over = quick.usable() && (double) quick.replicas() / ready >= rules.threshold();
        if (over) {
            state = Optional.of(new TargetHistory.PanicState(
                    now, state.map(TargetHistory.PanicState::most).orElse(0)));
        } else if (state.isPresent()
                && state.get().since().plus(rules.stableWindow()).isBefore(now)) {
            state = Optional.empty();
        }
        if (state.isPresent()) {
            int urgent = quick.usable() ? Math.max(least, Math.min(most, quick.replicas())) : desired;
            desired = Math.max(desired, urgent);
            if (desired > state.get().most()) {
                state = Optional.of(new TargetHistory.PanicState(now, desired));
            } else {
                desired = state.get().most();
            }
            reasons.add(0, ReasonCode.PANIC);
        }
        return new Panicked(delayed(desired, rules, reasons), state);
    }

    private int delayed(int desired, TargetPolicy.Panic rules, List<ReasonCode> reasons) {
        int largest = history.recommended().largest(desired, now.minus(rules.downDelay()));
        if (largest != desired) {
            reasons.add(ReasonCode.SCALE_DOWN_DELAY);
        }
        return largest;
    }

    private int stabilize(int recommended, List<ReasonCode> reasons) {
        if (policy.withoutBehavior()) {
            return largestOfWindow(recommended, reasons);
        }
        Changes before = remembered.recommended();
        int lowest = before.smallest(recommended, now.minus(policy.up().stabilizationWindow()));
        int highest = before.largest(recommended, now.minus(policy.down().stabilizationWindow()));
        int stabilized = Math.min(highest, Math.max(lowest, wanted));
        if (stabilized != recommended) {
            reasons.add(0, recommended >= wanted ? ReasonCode.SCALE_UP_STABILIZED : ReasonCode.SCALE_DOWN_STABILIZED);
        }
        return stabilized;
    }

    /** Without {@code behavior} the largest recommendation counts, also when going up, and also what is a window old. */
    private int largestOfWindow(int recommended, List<ReasonCode> reasons) {
        Duration window = policy.down().stabilizationWindow();
        // the count that is met at first is noted a moment before, which is too old for no window at all
        TargetHistory before = window.isZero() ? history : remembered;
        int largest =
                before.recommended().largest(recommended, now.minus(window).minusNanos(1));
        if (largest != recommended) {
            reasons.add(0, ReasonCode.SCALE_DOWN_STABILIZED);
        }
        return largest;
    }

    private int limit(int stabilized, List<ReasonCode> reasons) {
        if (policy.withoutBehavior()) {
            int most = (int) Math.max(UP_FACTOR * wanted, UP_AT_LEAST);
            if (stabilized > most) {
                reasons.add(0, ReasonCode.SCALE_UP_LIMIT);
            }
            return Math.min(stabilized, most);
        }
        if (stabilized > wanted) {
            int most = Math.max(wanted, mostAllowed());
            if (stabilized > most) {
                reasons.add(0, ReasonCode.SCALE_UP_LIMIT);
                return most;
            }
        } else if (stabilized < wanted) {
            int least = Math.min(wanted, leastAllowed());
            if (stabilized < least) {
                reasons.add(0, ReasonCode.SCALE_DOWN_LIMIT);
                return least;
            }
        }
        return stabilized;
    }

    private int atBegin(ScalingRules.Limit limit) {
        return wanted - history.addedSince(now.minus(limit.period()));
    }

    /** Percentages are rounded up, so that one replica is not held down by 50 %. */
    private int mostAllowed() {
        ScalingRules rules = policy.up();
        if (rules.select() == ScalingRules.Select.DISABLED) {
            return wanted;
        }
        boolean largest = rules.select() == ScalingRules.Select.MAX;
        int most = largest ? Integer.MIN_VALUE : Integer.MAX_VALUE;
        for (ScalingRules.Limit limit : rules.limits()) {
            int begin = atBegin(limit);
            int allowed = limit.unit() == ScalingRules.Unit.REPLICAS
                    ? begin + limit.value()
                    : (int) Math.ceil(begin * (1 + limit.value() / 100.0));
            most = largest ? Math.max(most, allowed) : Math.min(most, allowed);
        }
        return rules.limits().isEmpty() ? Integer.MAX_VALUE : most;
    }

    /** Percentages are cut off, towards fewer replicas. */
    private int leastAllowed() {
        ScalingRules rules = policy.down();
        if (rules.select() == ScalingRules.Select.DISABLED) {
            return wanted;
        }
        boolean largest = rules.select() == ScalingRules.Select.MAX;
        int least = largest ? Integer.MAX_VALUE : Integer.MIN_VALUE;
        for (ScalingRules.Limit limit : rules.limits()) {
            int begin = atBegin(limit);
            int allowed = limit.unit() == ScalingRules.Unit.REPLICAS
                    ? begin - limit.value()
                    : (int) (begin * (1 - limit.value() / 100.0));
            least = largest ? Math.min(least, allowed) : Math.max(least, allowed);
        }
        return rules.limits().isEmpty() ? Integer.MIN_VALUE : least;
    }

    private int bound(int stabilized, int limited, List<ReasonCode> reasons) {
        // where limit and bound agree, the controller names the bound
        if (stabilized > policy.maxReplicas() && limited >= policy.maxReplicas()) {
            reasons.add(0, ReasonCode.AT_MAX_REPLICAS);
            return policy.maxReplicas();
        }
        if (stabilized < policy.minReplicas() && limited <= policy.minReplicas()) {
            reasons.add(0, ReasonCode.AT_MIN_REPLICAS);
            return policy.minReplicas();
        }
        return limited;
    }
}
