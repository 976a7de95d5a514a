// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import dev.hyperion.HyperionException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Keeps metrics at their targets, by the algorithm of Kubernetes' Horizontal Pod Autoscaler ({@code autoscaling/v2}, <a
 * href="https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details">algorithm
 * details</a>).
 *
 * <p>Thread-safety: immutable.
 *
 * @param metrics what should be kept where; at least one. The largest proposal wins
 * @param minReplicas the lower bound, 0 or more; 0 lets an application rest, which takes a metric that is not of replicas
 * @param maxReplicas the upper bound, at least the lower one and 1 or more
 * @param up how fast replicas may come
 * @param down how fast replicas may go
 * @param withoutBehavior whether to be as fast as the HPA is for an object without {@code behavior}: the largest
 *     recommendation of the stabilization window of {@code down} counts in both directions, and one decision at most
 *     doubles the replicas, or makes them 4. Limits, {@code select} and the other window then do nothing
 * @param startUp when a replica counts
 * @param panic a short window beside the long one; empty for HPA's behaviour
 * @param activationMilli with {@code minReplicas} 0: the value, in thousandths, that some metric must exceed for the first
 *     replica to come; separate from the target, so that a trickle wakes nobody
 * @param interval how often a decision is made; more than zero
 * @param maxAge older readings count as failed; more than zero
 * @param reviewedOn when people last looked at it
 * @param approvedBy who approved it
 */
public record TargetPolicy(
        List<TargetMetric> metrics,
        int minReplicas,
        int maxReplicas,
        ScalingRules up,
        ScalingRules down,
        boolean withoutBehavior,
        StartUp startUp,
        Optional<Panic> panic,
        long activationMilli,
        Duration interval,
        Duration maxAge,
        Optional<LocalDate> reviewedOn,
        Optional<String> approvedBy)
        implements ScalingPolicy {

    /**
     * When a replica's sample of a metric that its start inflates counts: HPA's {@code cpu-initialization-period} and {@code
     * initial-readiness-delay}.
     *
     * <p>Thread-safety: immutable.
     *
     * @param warmUp for so long after its start a replica counts only if it is ready and its sample's window began after
     *     it became so; zero or more
     * @param readinessDelay a replica that is not ready, and last changed within so long after its start, has never been
     *     ready; zero or more
     */
    public record StartUp(Duration warmUp, Duration readinessDelay) {
        /** HPA's defaults: 5 min and 30 s. */
        public static final StartUp DEFAULTS = new StartUp(Duration.ofMinutes(5), Duration.ofSeconds(30));

        /**
         * Checks the durations.
         *
         * @throws HyperionException if one is negative
         */
        public StartUp {
            if (warmUp.isNegative() || readinessDelay.isNegative()) {
                throw new HyperionException(
                        "start-up has the times " + warmUp + " and " + readinessDelay + "; expected zero or more");
            }
        }
    }

    /**
     * A short window beside the long one, as in <a
     * href="https://knative.dev/docs/serving/autoscaling/kpa-specific/">Knative's KPA</a>: when the short one wants a
     * multiple of what there is, it leads, and nothing is scaled down until it has been calm for a whole long window.
     *
     * <p>Thread-safety: immutable.
     *
     * @param window the short window, more than zero and less than {@code stableWindow}
     * @param stableWindow the long window
     * @param threshold panic begins when the short window's proposal is at least so many times the ready replicas; more
     *     than 1
     * @param maxUpRate at most so many times the ready replicas in one decision; more than 1
     * @param maxDownRate at least the ready replicas divided by so much; more than 1
     * @param downDelay the largest proposal of so long a time counts; zero or more
     */
    public record Panic(
            Duration window,
            Duration stableWindow,
            double threshold,
            double maxUpRate,
            double maxDownRate,
            Duration downDelay) {
        /** Knative's defaults: 6 s in 60 s, 200 %, at most 1000 times up and half down, no delay. */
        public static final Panic DEFAULTS =
                new Panic(Duration.ofSeconds(6), Duration.ofSeconds(60), 2.0, 1_000.0, 2.0, Duration.ZERO);

        /**
         * Checks the numbers.
         *
         * @throws HyperionException if one is out of range
         */
        public Panic {
            if (window.isNegative() || window.isZero() || window.compareTo(stableWindow) >= 0) {
                throw new HyperionException("panic window is " + window
                        + "; expected more than zero and less than the stable window " + stableWindow);
            }
            require(threshold > 1, "threshold", threshold, "more than 1");
            require(maxUpRate > 1, "max_up_rate", maxUpRate, "more than 1");
            require(maxDownRate > 1, "max_down_rate", maxDownRate, "more than 1");
            require(!downDelay.isNegative(), "down_delay", downDelay, "zero or more");
        }

        private static void require(boolean holds, String key, Object value, String expected) {
            if (!holds) {
                throw new HyperionException("panic has " + key + " " + value + "; expected " + expected);
            }
        }
    }

    /**
     * Checks the numbers and copies the list.
     *
     * @throws HyperionException if a number breaks the rules above
     */
    public TargetPolicy {
        Objects.requireNonNull(up, "up");
        Objects.requireNonNull(down, "down");
        Objects.requireNonNull(startUp, "startUp");
        Objects.requireNonNull(panic, "panic");
        Objects.requireNonNull(reviewedOn, "reviewedOn");
        Objects.requireNonNull(approvedBy, "approvedBy");
        metrics = List.copyOf(metrics);
        require(!metrics.isEmpty(), "metrics", metrics, "at least one");
        require(minReplicas >= 0, "min_replicas", minReplicas, "0 or more");
        require(
                maxReplicas >= Math.max(1, minReplicas),
                "max_replicas",
                maxReplicas,
                "at least 1 and min_replicas " + minReplicas);
        require(activationMilli >= 0, "activation", activationMilli, "0 or more");
        require(!interval.isNegative() && !interval.isZero(), "interval", interval, "more than zero");
        require(!maxAge.isNegative() && !maxAge.isZero(), "max_age", maxAge, "more than zero");
        require(
                minReplicas > 0 || metrics.stream().anyMatch(TargetPolicy::readableAtZero),
                "min_replicas",
                minReplicas,
                "1 or more, or a metric of the application as a whole: without replicas nobody measures the others");
    }

    private static boolean readableAtZero(TargetMetric metric) {
        return metric instanceof TargetMetric.Value || metric instanceof TargetMetric.ValuePerReplica;
    }

    /**
     * A policy with HPA's defaults for everything but the metrics and the bounds; a decision every 15 s. The rules are those
     * of a {@code behavior} in which nothing is written; those of an object without any are {@link #asWithoutBehavior()}.
     *
     * @param metrics what should be kept where
     * @param minReplicas the lower bound
     * @param maxReplicas the upper bound
     * @return the policy
     */
    public static TargetPolicy of(List<TargetMetric> metrics, int minReplicas, int maxReplicas) {
        return new TargetPolicy(
                metrics,
                minReplicas,
                maxReplicas,
                ScalingRules.upDefaults(),
                ScalingRules.downDefaults(),
                false,
                StartUp.DEFAULTS,
                Optional.empty(),
                0,
                Duration.ofSeconds(15),
                Duration.ofSeconds(45),
                Optional.empty(),
                Optional.empty());
    }

    /**
     * The same policy with other rules.
     *
     * @param newUp how fast replicas may come
     * @param newDown how fast replicas may go
     * @return a new policy
     */
    public TargetPolicy with(ScalingRules newUp, ScalingRules newDown) {
        return with(metrics, minReplicas, maxReplicas, newUp, newDown, withoutBehavior, startUp);
    }

    /**
     * The same policy, as fast as the HPA is for an object without {@code behavior}.
     *
     * @return a new policy
     */
    public TargetPolicy asWithoutBehavior() {
        return with(metrics, minReplicas, maxReplicas, up, down, true, startUp);
    }

    @Override
    public TargetPolicy withBounds(int min, int max) {
        return with(metrics, min, max, up, down, withoutBehavior, startUp);
    }

    /**
     * The same policy with other metrics and start-up rules.
     *
     * @param newMetrics what should be kept where
     * @param newStartUp when a replica counts
     * @return a new policy
     */
    public TargetPolicy with(List<TargetMetric> newMetrics, StartUp newStartUp) {
        return with(newMetrics, minReplicas, maxReplicas, up, down, withoutBehavior, newStartUp);
    }

    private TargetPolicy with(
            List<TargetMetric> newMetrics,
            int min,
            int max,
            ScalingRules newUp,
            ScalingRules newDown,
            boolean newWithoutBehavior,
            StartUp newStartUp) {
        return new TargetPolicy(
                newMetrics,
                min,
                max,
                newUp,
                newDown,
                newWithoutBehavior,
                newStartUp,
                panic,
                activationMilli,
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
