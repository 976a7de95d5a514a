// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import dev.hyperion.HyperionException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How fast one direction may go: HPA's {@code behavior.scaleUp} and {@code behavior.scaleDown}.
 *
 * <p>Thread-safety: immutable.
 *
 * @param stabilizationWindow up takes the smallest, down the largest recommendation of so long a time; 0 to 1 h
 * @param limits how many replicas may come or go per period; none forbids nothing but what {@code select} says
 * @param select which of several limits counts
 * @param tolerance how far the ratio of value and target may be from 1 without a change, 0 or more
 */
public record ScalingRules(Duration stabilizationWindow, List<Limit> limits, Select select, double tolerance) {
    /** No limit has a longer period, so older changes of the replica count never matter. */
    public static final Duration LONGEST_PERIOD = Duration.ofMinutes(30);

    private static final Duration LONGEST_WINDOW = Duration.ofHours(1);
    private static final Duration PERIOD = Duration.ofSeconds(15);
    private static final double TOLERANCE = 0.1;

    /** Which of several limits counts. */
    public enum Select {
        /** The one that allows the largest change. */
        MAX,
        /** The one that allows the smallest change. */
        MIN,
        /** None: this direction is switched off. */
        DISABLED
    }

    /** What a limit counts. */
    public enum Unit {
        /** Replicas. */
        REPLICAS,
        /** Percent of the replicas that there were when the period began. */
        PERCENT
    }

    /**
     * How many replicas may come or go per period.
     *
     * <p>Thread-safety: immutable.
     *
     * @param unit what is counted
     * @param value how many, 1 or more
     * @param period in which time, 1 s to 30 min
     */
    public record Limit(Unit unit, int value, Duration period) {
        /**
         * Checks the numbers.
         *
         * @throws HyperionException if one is out of range
         */
        public Limit {
            Objects.requireNonNull(unit, "unit");
            if (value < 1) {
                throw new HyperionException("scaling limit is " + value + "; expected 1 or more");
            }
            if (period.compareTo(Duration.ofSeconds(1)) < 0 || period.compareTo(LONGEST_PERIOD) > 0) {
                throw new HyperionException("scaling limit has the period " + period + "; expected 1 s to 30 min");
            }
        }
    }

    /**
     * Checks the numbers and copies the list.
     *
     * @throws HyperionException if one is out of range
     */
    public ScalingRules {
        Objects.requireNonNull(select, "select");
        limits = List.copyOf(limits);
        if (stabilizationWindow.isNegative() || stabilizationWindow.compareTo(LONGEST_WINDOW) > 0) {
            throw new HyperionException("stabilization window is " + stabilizationWindow + "; expected 0 s to 1 h");
        }
        if (!(tolerance >= 0)) {
            throw new HyperionException("tolerance is " + tolerance + "; expected 0 or more");
        }
    }

    /**
     * HPA's defaults for scaling up: no stabilization, the larger of 4 replicas and 100 % each 15 s, tolerance 0.1.
     *
     * @return the rules
     */
    public static ScalingRules upDefaults() {
        return new ScalingRules(
                Duration.ZERO,
                List.of(new Limit(Unit.REPLICAS, 4, PERIOD), new Limit(Unit.PERCENT, 100, PERIOD)),
                Select.MAX,
                TOLERANCE);
    }

    /**
     * HPA's defaults for scaling down: stabilized over 300 s, 100 % each 15 s, tolerance 0.1.
     *
     * @return the rules
     */
    public static ScalingRules downDefaults() {
        return new ScalingRules(
                Duration.ofMinutes(5), List.of(new Limit(Unit.PERCENT, 100, PERIOD)), Select.MAX, TOLERANCE);
    }
}
