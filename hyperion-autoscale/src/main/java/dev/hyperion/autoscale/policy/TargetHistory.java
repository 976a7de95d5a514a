// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.policy;

import dev.hyperion.autoscale.ScalingRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a target policy remembers. All of it must survive a restart, or the next decision is another one.
 *
 * <p>Thread-safety: immutable.
 *
 * @param recommendations what was recommended before limits and bounds, oldest first; empty before the first decision, which
 *     then notes the count that it meets as one, so that nothing goes down before it has seen a whole window. Whoever wants
 *     to begin without that gives one that is too old to count
 * @param added when replicas were added, and how many, oldest first
 * @param removed when replicas were removed, and how many, oldest first
 * @param panic since when the short window leads, and what it wanted at most; empty in calm times
 */
public record TargetHistory(
        List<Change> recommendations, List<Change> added, List<Change> removed, Optional<PanicState> panic)
        implements ScalingHistory {
    /** Nothing was decided yet. */
    public static final TargetHistory NONE = new TargetHistory(List.of(), List.of(), List.of(), Optional.empty());

    /**
     * A number of replicas at a time: recommended, added or removed.
     *
     * <p>Thread-safety: immutable.
     *
     * @param at when
     * @param replicas how many, 0 or more
     */
    public record Change(Instant at, int replicas) {
        /** Checks that nothing is null. */
        public Change {
            Objects.requireNonNull(at, "at");
        }
    }

    /**
     * A panic.
     *
     * <p>Thread-safety: immutable.
     *
     * @param since when it began or was prolonged last
     * @param most the most that was wanted since it began
     */
    public record PanicState(Instant since, int most) {
        /** Checks that nothing is null. */
        public PanicState {
            Objects.requireNonNull(since, "since");
        }
    }

    /** Copies the lists. */
    public TargetHistory {
        Objects.requireNonNull(panic, "panic");
        recommendations = Changes.copyOf(recommendations);
        added = Changes.copyOf(added);
        removed = Changes.copyOf(removed);
    }

    @Override
    public TargetHistory applied(int before, int after, Instant at) {
        if (after == before) {
            return this;
        }
        return after > before
                ? new TargetHistory(
                        recommendations,
                        Changes.copyOf(added).and(new Change(at, after - before), ScalingRules.LONGEST_PERIOD),
                        removed,
                        panic)
                : new TargetHistory(
                        recommendations,
                        added,
                        Changes.copyOf(removed).and(new Change(at, before - after), ScalingRules.LONGEST_PERIOD),
                        panic);
    }

    TargetHistory recommended(Change recommendation, Duration keep, Optional<PanicState> newPanic) {
        return new TargetHistory(recommended().and(recommendation, keep), added, removed, newPanic);
    }

    Changes recommended() {
        return Changes.copyOf(recommendations);
    }

    /** How many more there are than when a period began, as far as this policy had them added and removed. */
    int addedSince(Instant begin) {
        return Changes.copyOf(added).sum(begin) - Changes.copyOf(removed).sum(begin);
    }
}
