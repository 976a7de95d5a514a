// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

/**
 * Where one rule stands for one label set.
 *
 * <p>The states and their Prometheus counterparts: {@link #INACTIVE} and {@link #RESOLVED} are {@code inactive},
 * {@link #PENDING} is {@code pending}, {@link #FIRING} is {@code firing}. With an evaluation every {@code i}, a rule of
 * {@code N} hits fires at the evaluation at which Prometheus fires one with {@code for: (N - 1) * i}, and a rule that lasts
 * {@code d} at that at which Prometheus fires one with {@code for: d}: the first at which the condition has been seen to hold
 * for {@code d}, counted from the first evaluation that saw it. {@code keep_firing_for} counts from the first evaluation
 * that was clear, and a hit in between starts it over. Missing data differs: in Prometheus a series that is absent is clear,
 * here it changes nothing unless the rule says {@link OnMissing#RESOLVE}.
 */
public enum AlertState {
    /** The condition does not hold. */
    INACTIVE,
    /** The condition holds, not yet often or long enough. */
    PENDING,
    /** The alert is raised; also while {@code keep_firing_for} or the clear threshold keeps it so. */
    FIRING,
    /** The condition ended after it was raised; told as such until it holds again. */
    RESOLVED
}
