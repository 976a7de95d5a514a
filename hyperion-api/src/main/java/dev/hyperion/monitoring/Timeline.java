// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The course of one address.
 *
 * <p>Thread-safety: immutable.
 *
 * @param address what it shows
 * @param resolution the distance of its points; a stretch without data has no points
 * @param points in the order of time
 */
public record Timeline(String address, Duration resolution, List<Point> points) {
    /** Copies the points. */
    public Timeline {
        points = List.copyOf(points);
    }

    /**
     * One point.
     *
     * <p>Thread-safety: immutable.
     *
     * @param at the end of the stretch it stands for
     * @param value its value
     */
    public record Point(Instant at, double value) {}
}
