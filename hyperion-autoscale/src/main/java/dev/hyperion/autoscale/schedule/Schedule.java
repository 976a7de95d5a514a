// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.schedule;

import dev.hyperion.HyperionException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Bounds for a while, again and again: they may be higher or lower than the policy's own.
 *
 * <p>Where several are active at once, the highest of their lower bounds and the lowest of their upper bounds count. A bound
 * that a schedule sets beats the policy's other bound, so that a schedule can lift both or lower both; of two schedules that
 * contradict each other the lower bound wins: too many replicas do less harm than too few.
 *
 * <p>Thread-safety: immutable.
 *
 * @param name which
 * @param cron when it begins, in local time
 * @param zone whose local time; a time that a clock change skips begins that much later, one that comes twice begins once
 * @param duration for how long each time; more than zero, at most 31 days
 * @param minReplicas the lower bound meanwhile, 0 or more; empty for the policy's
 * @param maxReplicas the upper bound meanwhile, 1 or more; empty for the policy's
 */
public record Schedule(
        String name,
        CronExpression cron,
        ZoneId zone,
        Duration duration,
        OptionalInt minReplicas,
        OptionalInt maxReplicas) {
    private static final Duration LONGEST = Duration.ofDays(31);

    /**
     * Checks the numbers.
     *
     * @throws HyperionException if a number is out of range, or there is no bound
     */
    public Schedule {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(cron, "cron");
        require(
                name,
                !duration.isNegative() && !duration.isZero() && duration.compareTo(LONGEST) <= 0,
                "duration",
                duration,
                "more than zero, at most 31 days");
        require(name, minReplicas.orElse(0) >= 0, "min_replicas", minReplicas.orElse(0), "0 or more");
        require(name, maxReplicas.orElse(1) >= 1, "max_replicas", maxReplicas.orElse(1), "1 or more");
        require(
                name,
                minReplicas.isPresent() || maxReplicas.isPresent(),
                "bounds",
                "none",
                "min_replicas, max_replicas or both");
        require(
                name,
                minReplicas.orElse(0) <= maxReplicas.orElse(Integer.MAX_VALUE),
                "max_replicas",
                maxReplicas.orElse(0),
                "at least min_replicas " + minReplicas.orElse(0));
    }

    private static void require(String name, boolean holds, String key, Object value, String expected) {
        if (!holds) {
            throw new HyperionException("schedule " + name + " has " + key + " " + value + "; expected " + expected);
        }
    }

    /**
     * Whether it counts at a time.
     *
     * @param now the time
     * @return true from each beginning for the duration; at its very end no longer
     */
    public boolean activeAt(Instant now) {
        Optional<ZonedDateTime> begin = cron.lastAt(now.atZone(zone), (int) duration.toDays() + 1);
        return begin.filter(at -> now.isBefore(at.toInstant().plus(duration))).isPresent();
    }

    /**
     * The bounds in force.
     *
     * <p>Thread-safety: immutable.
     *
     * @param minReplicas the lower bound
     * @param maxReplicas the upper bound
     * @param minFrom the schedule that set the lower bound; empty if it is the policy's
     * @param maxFrom the schedule that set the upper bound; empty if it is the policy's
     */
    public record Bounds(int minReplicas, int maxReplicas, Optional<String> minFrom, Optional<String> maxFrom) {
        /**
         * What some schedules make of a policy's bounds.
         *
         * @param min the policy's lower bound
         * @param max the policy's upper bound
         * @param schedules the schedules
         * @param now the time
         * @return the policy's own if no schedule is active
         */
        public static Bounds at(int min, int max, List<Schedule> schedules, Instant now) {
            Optional<Schedule> highest = Optional.empty();
            Optional<Schedule> lowest = Optional.empty();
            for (Schedule schedule : schedules) {
                if (!schedule.activeAt(now)) {
                    continue;
                }
                if (schedule.minReplicas.isPresent()
                        && schedule.minReplicas.getAsInt()
                                > highest.map(each -> each.minReplicas.orElse(0))
                                        .orElse(-1)) {
                    highest = Optional.of(schedule);
                }
                if (schedule.maxReplicas.isPresent()
                        && schedule.maxReplicas.getAsInt()
                                < lowest.map(each -> each.maxReplicas.orElse(0)).orElse(Integer.MAX_VALUE)) {
                    lowest = Optional.of(schedule);
                }
            }
            int least = highest.map(each -> each.minReplicas.orElse(0)).orElse(min);
            int most = lowest.map(each -> each.maxReplicas.orElse(0)).orElse(max);
            Optional<String> minFrom = highest.map(Schedule::name);
            Optional<String> maxFrom = lowest.map(Schedule::name);
            if (least > most) {
                if (minFrom.isPresent()) {
                    return new Bounds(least, Math.max(1, least), minFrom, minFrom);
                }
                return new Bounds(most, most, maxFrom, maxFrom);
            }
            return new Bounds(least, most, minFrom, maxFrom);
        }
    }
}
