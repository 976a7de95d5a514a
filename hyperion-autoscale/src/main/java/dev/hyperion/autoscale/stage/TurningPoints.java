// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.stage;

import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ScaleOverride;
import dev.hyperion.autoscale.ScalingRules;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.policy.MetricProposal;
import dev.hyperion.autoscale.policy.ScaleHistory;
import dev.hyperion.autoscale.policy.TargetHistory;
import dev.hyperion.autoscale.policy.TargetOutcome;
import dev.hyperion.autoscale.told.Told;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What would have made a decision another one, in lines for people. Thread-safety: confined to one call. */
public final class TurningPoints {
    private final StagedOutcome outcome;
    private final Instant now;
    private final List<String> points = new ArrayList<>();

    private TurningPoints(StagedOutcome outcome, Instant now) {
        this.outcome = outcome;
        this.now = now;
    }

    /**
     * Finds them.
     *
     * @param settings what stands around the policy
     * @param history what was remembered
     * @param outcome what was decided
     * @param now the time of the decision
     * @return one line each, such as {@code would scale up above 75}; empty if nothing could have changed it
     */
    public static List<String> of(StageSettings settings, StagedHistory history, StagedOutcome outcome, Instant now) {
        TurningPoints found = new TurningPoints(outcome, now);
        if (outcome.effective() instanceof ThresholdPolicy policy) {
            found.threshold(policy, (ScaleHistory) history.policy());
        } else if (outcome.alone() instanceof TargetOutcome alone) {
            found.target((TargetPolicy) outcome.effective(), (TargetHistory) history.policy(), alone);
        }
        found.stages(settings);
        return List.copyOf(found.points);
    }

    private boolean because(ReasonCode code) {
        return outcome.reasons().contains(code);
    }

    private void threshold(ThresholdPolicy policy, ScaleHistory history) {
        if (because(ReasonCode.SCALE_UP_COOLDOWN)) {
            point("the scale-up cooldown ends in "
                    + Told.seconds(history.upCooldownLeft(policy.scaleUpCooldown(), now)));
        }
        if (because(ReasonCode.SCALE_DOWN_COOLDOWN)) {
            point("the scale-down cooldown ends in "
                    + Told.seconds(history.downCooldownLeft(policy.scaleDownCooldown(), now)));
        }
        if (outcome.alone().reasons().get(0).isBadData()) {
            point("would follow a reading that is at most " + Told.seconds(policy.maxAge()) + " old");
        } else if (because(ReasonCode.WITHIN_THRESHOLDS)) {
            point("would scale up above " + Told.number(policy.scaleUpThreshold()));
            point("would scale down below " + Told.number(policy.scaleDownThreshold()));
        } else if (because(ReasonCode.ABOVE_SCALE_UP_THRESHOLD)) {
            point("would not scale up at " + Told.number(policy.scaleUpThreshold()) + " or below");
        } else if (because(ReasonCode.BELOW_SCALE_DOWN_THRESHOLD)) {
            point("would not scale down at " + Told.number(policy.scaleDownThreshold()) + " or above");
        }
    }

    private void target(TargetPolicy policy, TargetHistory history, TargetOutcome alone) {
        for (int i = 0; i < alone.proposals().size(); i++) {
            MetricProposal proposal = alone.proposals().get(i);
            if (proposal.usable()) {
                point(tolerated(policy, policy.metrics().get(i)));
            } else {
                point(proposal.metric() + " would be followed if it could be read");
            }
        }
        if (because(ReasonCode.SCALE_UP_STABILIZED)) {
            stabilized(history, alone, policy.up().stabilizationWindow(), true);
        } else if (because(ReasonCode.SCALE_DOWN_STABILIZED)) {
            stabilized(history, alone, policy.down().stabilizationWindow(), false);
        }
        if (because(ReasonCode.SCALE_UP_LIMIT) && policy.withoutBehavior()) {
            point("the next decision may go further up");
        } else if (because(ReasonCode.SCALE_UP_LIMIT)) {
            limited("up", policy.up(), history.added());
        } else if (because(ReasonCode.SCALE_DOWN_LIMIT)) {
            limited("down", policy.down(), history.removed());
        }
    }

    private static String tolerated(TargetPolicy policy, TargetMetric metric) {
        double wanted = metric instanceof TargetMetric.Utilization percent
                ? percent.percent()
                : metric instanceof TargetMetric.PerReplica mean
                        ? mean.milli() / 1_000.0
                        : metric instanceof TargetMetric.Value value
                                ? value.milli() / 1_000.0
                                : ((TargetMetric.ValuePerReplica) metric).milli() / 1_000.0;
        String unit = metric instanceof TargetMetric.Utilization ? " %" : "";
        return metric.name() + " would scale up above "
                + Told.number(wanted * (1 + policy.up().tolerance())) + unit
                + " and down below " + Told.number(wanted * (1 - policy.down().tolerance())) + unit
                + (metric instanceof TargetMetric.ValuePerReplica ? " per replica" : "");
    }

    /** It ends when the last recommendation that is at least as strict leaves the window. */
    private void stabilized(TargetHistory history, TargetOutcome alone, Duration window, boolean up) {
        Duration left = Duration.ZERO;
        for (TargetHistory.Change each : history.recommendations()) {
            boolean strict = up ? each.replicas() <= alone.stabilized() : each.replicas() >= alone.stabilized();
            Duration leaves = Duration.between(now, each.at().plus(window));
            if (strict && leaves.compareTo(left) > 0) {
                left = leaves;
            }
        }
        point("the recommendation of " + alone.stabilized() + " replicas leaves the stabilization window in "
                + Told.seconds(left.isZero() ? window : left));
    }

    private void limited(String direction, ScalingRules rules, List<TargetHistory.Change> changes) {
        if (rules.select() == ScalingRules.Select.DISABLED) {
            point("scaling " + direction + " is switched off");
            return;
        }
        Duration soonest = Duration.ZERO;
        for (ScalingRules.Limit limit : rules.limits()) {
            for (TargetHistory.Change change : changes) {
                Duration leaves = Duration.between(now, change.at().plus(limit.period()));
                if (!leaves.isNegative() && !leaves.isZero() && (soonest.isZero() || leaves.compareTo(soonest) < 0)) {
                    soonest = leaves;
                }
            }
        }
        point(
                soonest.isZero()
                        ? "the limit allows another step " + direction + " at the next decision"
                        : "the limit allows more " + direction + " in " + Told.seconds(soonest));
    }

    private void stages(StageSettings settings) {
        for (ScaleOverride each : settings.overrides()) {
            if (each.activeAt(now)) {
                point(each.told() + ", which ends in " + Told.seconds(Duration.between(now, each.expiresAt())));
            }
        }
        if (because(ReasonCode.AT_MAX_REPLICAS)) {
            point("max_replicas " + outcome.effective().maxReplicas() + " allows no more");
        }
        if (because(ReasonCode.AT_MIN_REPLICAS)) {
            point("min_replicas " + outcome.effective().minReplicas() + " allows no fewer");
        }
    }

    private void point(String line) {
        points.add(line);
    }
}
