// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.simulate;

import dev.hyperion.autoscale.PolicyFinding;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.ScalingRules;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Finds policies that are valid and cannot work well, before they act. Looks at the policy alone: needs no traffic. */
public final class PolicyLint {
    private static final Duration SLOW = Duration.ofMinutes(30);

    /** Rounding matters for few replicas or not at all. */
    private static final int LOOKED_AT = 200;

    private final List<PolicyFinding> findings = new ArrayList<>();

    private PolicyLint() {}

    /**
     * Looks at a policy.
     *
     * @param policy the policy
     * @return what was found, the worst first; empty if nothing was
     */
    public static List<PolicyFinding> lint(ScalingPolicy policy) {
        PolicyLint lint = new PolicyLint();
        if (policy.minReplicas() == policy.maxReplicas()) {
            lint.warn("max_replicas", "is min_replicas " + policy.minReplicas() + ", so nothing is ever scaled");
        }
        if (policy instanceof ThresholdPolicy threshold) {
            lint.threshold(threshold);
        } else if (policy instanceof TargetPolicy target) {
            lint.target(target);
        }
        lint.findings.sort((a, b) -> a.level().compareTo(b.level()));
        return List.copyOf(lint.findings);
    }

    /**
     * With load proportional to utilization × replicas, a step down from {@code n} to {@code n − step} multiplies the
     * utilization by {@code n / (n − step)}. What was just below {@code down} must not come to lie above {@code up}; that
     * factor is largest at the lower bound, {@code (min + step) / min}. So it cannot flap while {@code step ≤ min × (up /
     * down − 1)}.
     */
    private void threshold(ThresholdPolicy policy) {
        double ratio = policy.scaleUpThreshold() / policy.scaleDownThreshold();
        double most = policy.minReplicas() * (ratio - 1);
        if (policy.scaleDownThreshold() > 0
                && policy.scaleStep() > most
                && policy.maxReplicas() > policy.minReplicas()) {
            int above = policy.minReplicas() + policy.scaleStep();
            long fewest = (long) Math.ceil(policy.scaleStep() / (ratio - 1));
            error(
                    "scale_step",
                    policy.scaleStep() + " flaps at constant load: " + above + " replicas just below "
                            + policy.scaleDownThreshold() + " become " + policy.minReplicas() + " at "
                            + Math.round(policy.scaleDownThreshold() * above / policy.minReplicas()) + ", above "
                            + policy.scaleUpThreshold() + "; make scale_step " + (int) Math.floor(most)
                            + " or less, or min_replicas " + fewest + " or more");
        }
        if (policy.maxAge().compareTo(policy.interval()) < 0) {
            warn(
                    "max_age",
                    policy.maxAge().toSeconds() + " s is less than the interval "
                            + policy.interval().toSeconds()
                            + " s: a source that is asked once per interval always looks stale");
        }
        Duration pace = longer(policy.scaleUpCooldown(), policy.interval());
        int steps = (policy.maxReplicas() - policy.minReplicas() + policy.scaleStep() - 1) / policy.scaleStep();
        Duration whole = pace.multipliedBy(steps);
        if (whole.compareTo(SLOW) > 0) {
            warn(
                    "scale_step",
                    "from " + policy.minReplicas() + " to " + policy.maxReplicas() + " replicas takes "
                            + whole.toMinutes() + " min at " + policy.scaleStep() + " per " + pace.toSeconds()
                            + " s; consider a larger step, a shorter cooldown, or the target policy");
        }
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    private void target(TargetPolicy policy) {
        if (isDisabled(policy, policy.up())) {
            warn("behavior.scale_up.select", "is disabled, so replicas are never added");
        }
        if (isDisabled(policy, policy.down())) {
            warn("behavior.scale_down.select", "is disabled, so replicas are never removed");
        }
        if (policy.down().stabilizationWindow().compareTo(policy.interval()) < 0
                && !isDisabled(policy, policy.down())) {
            warn(
                    "behavior.scale_down.stabilization_window",
                    policy.down().stabilizationWindow().toSeconds()
                            + " s remembers no earlier recommendation: one quiet reading removes replicas");
        }
        policy.metrics().forEach(metric -> rounding(policy, metric));
        tolerance("behavior.scale_up.tolerance", policy.up());
        tolerance("behavior.scale_down.tolerance", policy.down());
    }

    /**
     * The mean over replicas is known in whole units only, percents or thousandths, rounded down. So {@code r} replicas may look
     * too busy, and those that this asks for too idle, at the same load. Where that happens, it does so one or two units above
     * the target: further up the one that is rounded away no longer matters.
     */
    private void rounding(TargetPolicy policy, TargetMetric metric) {
        boolean percents = metric instanceof TargetMetric.Utilization;
        long units = metric instanceof TargetMetric.Utilization utilization
                ? utilization.percent()
                : metric instanceof TargetMetric.PerReplica each ? each.milli() : 0;
        if (units == 0 || isDisabled(policy, policy.up()) || isDisabled(policy, policy.down())) {
            return;
        }
        int fewest = Math.max(1, policy.minReplicas());
        for (long replicas = fewest; replicas < Math.min(policy.maxReplicas(), fewest + LOOKED_AT); replicas++) {
            for (long seen = units + 1; seen <= units + 2; seen++) {
                long more = up(replicas * seen, units);
                long after = replicas * seen / more;
                if ((double) seen / units > 1 + policy.up().tolerance()
                        && more <= policy.maxReplicas()
                        && (double) after / units < 1 - policy.down().tolerance()
                        && up(more * after, units) < more) {
                    error(
                            "behavior.scale_up.tolerance",
                            policy.up().tolerance() + " flaps at some constant loads: " + metric.name()
                                    + " is rounded down to whole " + (percents ? "percents" : "thousandths") + ", so "
                                    + replicas + " replicas at " + seen + " become " + more + " at " + after
                                    + ", and go back; the usual value is 0.1");
                    return;
                }
            }
        }
    }

    /** What {@code select} says does nothing in a policy without behavior. */
    private static boolean isDisabled(TargetPolicy policy, ScalingRules rules) {
        return !policy.withoutBehavior() && rules.select() == ScalingRules.Select.DISABLED;
    }

    private static long up(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    private void tolerance(String key, ScalingRules rules) {
        if (rules.tolerance() == 0) {
            warn(key, "is 0 and follows every wobble of the metric; the usual value is 0.1");
        }
    }

    private void error(String key, String message) {
        findings.add(new PolicyFinding(PolicyFinding.Level.ERROR, key, message));
    }

    private void warn(String key, String message) {
        findings.add(new PolicyFinding(PolicyFinding.Level.WARNING, key, message));
    }
}
