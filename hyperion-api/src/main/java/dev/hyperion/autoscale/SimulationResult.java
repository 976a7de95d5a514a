// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * How a policy would have done on a trace.
 *
 * <p>Thread-safety: immutable.
 *
 * @param trace the trace's name
 * @param settings what the trace did not tell, as it was taken
 * @param ticks how many decisions were made
 * @param overload how long the load was more than the ready replicas carry
 * @param replicaMinutes replicas that were asked for, in minutes of one replica
 * @param scaleUps how many actions added replicas
 * @param scaleDowns how many actions removed replicas
 * @param reversals actions against the direction of the one before, within a quarter of an hour after it
 * @param timeToCapacity how long an overload lasted, at most
 * @param leastReplicas the fewest there were
 * @param mostReplicas the most there were
 * @param course the load, the capacity and the replicas over time, for a picture
 * @param notes what the trace had that a reader must know
 */
public record SimulationResult(
        String trace,
        SimulationSettings settings,
        long ticks,
        Duration overload,
        double replicaMinutes,
        int scaleUps,
        int scaleDowns,
        int reversals,
        Duration timeToCapacity,
        int leastReplicas,
        int mostReplicas,
        List<Moment> course,
        List<String> notes) {
    /** Copies the lists. */
    public SimulationResult {
        Objects.requireNonNull(settings, "settings");
        course = List.copyOf(course);
        notes = List.copyOf(notes);
    }

    /**
     * One stretch of the course.
     *
     * <p>Thread-safety: immutable.
     *
     * @param at its begin
     * @param load the largest load in it, in the trace's unit; NaN if it is not known
     * @param capacity the smallest capacity of the ready replicas in it, in the trace's unit
     * @param replicas how many replicas were asked for at its end
     * @param scaleUps how many actions in it added replicas
     * @param scaleDowns how many actions in it removed replicas
     * @param overload for how long of it the load was more than the ready replicas carry
     */
    public record Moment(
            Instant at, double load, double capacity, int replicas, int scaleUps, int scaleDowns, Duration overload) {}
}
