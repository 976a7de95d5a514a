// SPDX-License-Identifier: Apache-2.0
package dev.hyperion;

import java.time.Duration;
import java.util.Objects;

/**
 * The moment after which nobody waits for an answer any more. At the deadline the calling thread is interrupted and the
 * answer, if it still comes, is discarded.
 *
 * <p>Thread-safety: immutable.
 */
public final class Deadline {
    private final HyperionClock clock;
    private final long startNanos;
    private final Duration budget;

    private Deadline(HyperionClock clock, Duration budget) {
        this.clock = Objects.requireNonNull(clock, "clock");
        this.budget = Objects.requireNonNull(budget, "budget");
        this.startNanos = clock.monotonicNanos();
    }

    /**
     * A deadline from now.
     *
     * @param clock the clock it counts on
     * @param budget how long there is; zero or negative is a deadline that has passed
     * @return the deadline
     */
    public static Deadline in(HyperionClock clock, Duration budget) {
        return new Deadline(clock, budget);
    }

    /**
     * How much time is left.
     *
     * @return never negative; zero once the deadline has passed
     */
    public Duration remaining() {
        Duration left = budget.minusNanos(clock.monotonicNanos() - startNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /**
     * Whether the deadline has passed.
     *
     * @return true once {@link #remaining()} is zero
     */
    public boolean expired() {
        return remaining().isZero();
    }

    /**
     * Gives up if the deadline has passed; for use between the steps of a longer call.
     *
     * @param what what is being done, such as {@code waiting for the router}
     * @throws PluginException retryable, if the deadline has passed
     */
    public void check(String what) {
        if (expired()) {
            throw new PluginException(what + " took longer than " + budget.toMillis() + " ms; try again later", true);
        }
    }

    @Override
    public String toString() {
        return remaining().toMillis() + " ms of " + budget.toMillis() + " ms left";
    }
}
