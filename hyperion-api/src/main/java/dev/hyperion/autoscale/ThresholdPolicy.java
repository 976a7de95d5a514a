// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import dev.hyperion.HyperionException;
import dev.hyperion.monitoring.MetricQuery;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;

/**
 * Adds a fixed step above one threshold and removes it below another. Both comparisons are strict.
 *
 * <p>With load proportional to metric × replicas it cannot flap at constant load while {@code step ≤ min × (up/down − 1)}.
 *
 * <p>Thread-safety: immutable.
 *
 * @param metric the address of the metric, such as {@code cpu.utilization}
 * @param scaleUpThreshold above this a step is added, in the metric's unit; more than the other threshold
 * @param scaleDownThreshold below this a step is removed, in the metric's unit
 * @param scaleStep replicas per action, 1 or more
 * @param minReplicas the lower bound, 1 or more
 * @param maxReplicas the upper bound, at least the lower one
 * @param scaleUpCooldown no step up for so long after one was applied
 * @param scaleDownCooldown no step down for so long after any step was applied
 * @param interval how often a decision is made; more than zero
 * @param maxAge older readings count as missing; more than zero
 * @param reviewedOn when people last looked at it
 * @param approvedBy who approved it
 */
public record ThresholdPolicy(
        String metric,
        double scaleUpThreshold,
        double scaleDownThreshold,
        int scaleStep,
        int minReplicas,
        int maxReplicas,
        Duration scaleUpCooldown,
        Duration scaleDownCooldown,
        Duration interval,
        Duration maxAge,
        Optional<LocalDate> reviewedOn,
        Optional<String> approvedBy)
        implements ScalingPolicy {
    /**
     * Checks the numbers.
     *
     * @throws HyperionException if the metric is no address or a number breaks the rules above
     */
    public ThresholdPolicy {
        Objects.requireNonNull(reviewedOn, "reviewedOn");
        Objects.requireNonNull(approvedBy, "approvedBy");
        MetricQuery.parse(metric, Duration.ofSeconds(1));
        require(
                scaleDownThreshold < scaleUpThreshold,
                "scale_down_threshold",
                scaleDownThreshold,
                "less than scale_up_threshold " + scaleUpThreshold);
        require(scaleStep >= 1, "scale_step", scaleStep, "1 or more");
        require(minReplicas >= 1, "min_replicas", minReplicas, "1 or more");
        require(maxReplicas >= minReplicas, "max_replicas", maxReplicas, "at least min_replicas " + minReplicas);
        require(!scaleUpCooldown.isNegative(), "scale_up_cooldown", scaleUpCooldown, "zero or more");
        require(!scaleDownCooldown.isNegative(), "scale_down_cooldown", scaleDownCooldown, "zero or more");
        require(!interval.isNegative() && !interval.isZero(), "interval", interval, "more than zero");
        require(!maxAge.isNegative() && !maxAge.isZero(), "max_age", maxAge, "more than zero");
    }

    /**
     * The policy that holds where nothing else is configured: {@code cpu.utilization}, up above 75, down below 25, steps
     * of 1, 1 to 10 replicas, cooldowns of 120 s and 300 s, a decision every 15 s, readings at most 45 s old.
     *
     * @return the default policy
     */
    public static ThresholdPolicy defaults() {
        return new ThresholdPolicy(
                "cpu.utilization",
                75.0,
                25.0,
                1,
                1,
                10,
                Duration.ofSeconds(120),
                Duration.ofSeconds(300),
                Duration.ofSeconds(15),
                Duration.ofSeconds(45),
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public ThresholdPolicy withBounds(int min, int max) {
        return new ThresholdPolicy(
                metric,
                scaleUpThreshold,
                scaleDownThreshold,
                scaleStep,
                min,
                max,
                scaleUpCooldown,
                scaleDownCooldown,
                interval,
                maxAge,
                reviewedOn,
                approvedBy);
    }

    private static void require(boolean holds, String key, Object value, String expected) {
        if (!holds) {
            throw new HyperionException("scaling policy has " + key + " " + value + "; expected " + expected);
        }
    }
}
