// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.stage;

import dev.hyperion.autoscale.ScaleOverride;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What stands around a policy's decision. With {@link #NONE} the policy decides alone.
 *
 * <p>Thread-safety: immutable.
 *
 * @param guards at most one for each metric
 * @param schedules bounds by the hour
 * @param overrides what people want for a while
 * @param rollouts what an open rollout means
 * @param startAware how starting replicas count; empty to leave it to the policy
 */
public record StageSettings(
        List<MetricGuard> guards,
        List<Schedule> schedules,
        List<ScaleOverride> overrides,
        RolloutRule rollouts,
        Optional<StartAware> startAware) {
    /** Nothing: the policy decides alone. */
    public static final StageSettings NONE =
            new StageSettings(List.of(), List.of(), List.of(), RolloutRule.IGNORE, Optional.empty());

    /** Copies the lists. */
    public StageSettings {
        Objects.requireNonNull(rollouts, "rollouts");
        Objects.requireNonNull(startAware, "startAware");
        guards = List.copyOf(guards);
        schedules = List.copyOf(schedules);
        overrides = List.copyOf(overrides);
    }

    /**
     * The same with other overrides, which come and go while the rest stays.
     *
     * @param newOverrides what people want now
     * @return new settings
     */
    public StageSettings with(List<ScaleOverride> newOverrides) {
        return new StageSettings(guards, schedules, newOverrides, rollouts, startAware);
    }

    /**
     * What does not fit a policy.
     *
     * @param policy the policy
     * @return one line for each mistake, which begins with the key; empty if all fits
     */
    public List<String> misfits(ScalingPolicy policy) {
        List<String> misfits = new ArrayList<>();
        List<String> metrics = metrics(policy);
        List<String> guarded = new ArrayList<>();
        for (MetricGuard guard : guards) {
            if (!metrics.contains(guard.metric())) {
                misfits.add("guards has a guard of " + guard.metric() + "; expected one of " + metrics);
            } else if (guarded.contains(guard.metric())) {
                misfits.add("guards has two guards of " + guard.metric() + "; expected one");
            }
            guarded.add(guard.metric());
        }
        for (Schedule schedule : schedules) {
            if (schedule.minReplicas().orElse(1) == 0 && policy.minReplicas() > 0) {
                misfits.add("schedules." + schedule.name()
                        + ".min_replicas is 0; expected 1 or more, or min_replicas 0 in the policy itself");
            }
        }
        return misfits;
    }

    private static List<String> metrics(ScalingPolicy policy) {
        return policy instanceof ThresholdPolicy threshold
                ? List.of(threshold.metric())
                : ((TargetPolicy) policy)
                        .metrics().stream().map(TargetMetric::name).toList();
    }
}
