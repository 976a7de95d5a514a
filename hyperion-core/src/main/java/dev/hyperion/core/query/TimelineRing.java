// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import dev.hyperion.monitoring.Statistic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One address at one resolution: a ring of closed slots, each one number, and the open slot that still collects.
 *
 * <p>The open slot merges distributions and adds counts, and takes the statistic when it closes; so a percentile of five
 * minutes is that of all records of the five minutes and not a mean of percentiles. Gauges are averaged. A slot in which
 * nothing was recorded has no point.
 *
 * <p>Thread-safety: thread-safe, blocking.
 */
final class TimelineRing {

    /** The value of a slot, told at the slot's end. */
    record Point(Instant at, double value) {}

    private final String name;
    private final Optional<Statistic> statistic;
    private final Duration resolution;
    private final Point[] points;
    private long closed;

    private long slotStart = Long.MIN_VALUE;
    private @Nullable Totals collected;
    private Duration length = Duration.ZERO;
    private double levels;
    private int levelCount;

    TimelineRing(String name, Optional<Statistic> statistic, Duration resolution, Duration kept) {
        this.name = name;
        this.statistic = statistic;
        this.resolution = resolution;
        this.points = new Point[(int) Math.max(1, kept.dividedBy(resolution))];
    }

    Duration resolution() {
        return resolution;
    }

    /** How far back the ring can reach once it is full. */
    Duration reach() {
        return resolution.multipliedBy(points.length);
    }

    /** Takes what happened since the last tick; closes the slot when a new one has begun. */
    synchronized void take(Raw.Group group, Instant at) {
        long start =
                Math.floorDiv(at.toEpochMilli() - 1, resolution.toMillis()); // a tick belongs to what lies before it
        if (start != slotStart) {
            close();
            slotStart = start;
        }
        if (group instanceof Raw.Level level) {
            level.value().ifPresent(value -> {
                levels += value;
                levelCount++;
            });
        } else if (group instanceof Raw.Counted counted) {
            collected = collected == null ? counted.totals() : collected.plus(counted.totals());
            length = length.plus(counted.length());
        }
    }

    private void close() {
        OptionalDouble value = OptionalDouble.empty();
        if (collected != null) {
            value = Evaluation.of(name, collected, length, statistic.orElse(Statistic.COUNT));
        } else if (levelCount > 0) {
            value = OptionalDouble.of(levels / levelCount);
        }
        if (value.isPresent()) {
            Instant end = Instant.ofEpochMilli((slotStart + 1) * resolution.toMillis());
            points[(int) (closed++ % points.length)] = new Point(end, value.getAsDouble());
        }
        collected = null;
        length = Duration.ZERO;
        levels = 0;
        levelCount = 0;
    }

    /** The closed slots that end after the given instant, oldest first. */
    synchronized List<Point> since(Instant from) {
        List<Point> found = new ArrayList<>();
        for (long i = Math.max(0, closed - points.length); i < closed; i++) {
            Point point = points[(int) (i % points.length)];
            if (point.at().isAfter(from)) {
                found.add(point);
            }
        }
        return found;
    }

    synchronized void clear() {
        closed = 0;
        slotStart = Long.MIN_VALUE;
        collected = null;
        length = Duration.ZERO;
        levels = 0;
        levelCount = 0;
    }
}
