// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.health;

import dev.hyperion.monitoring.MetricCatalogue;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The gauges {@code hyperion.health.replicas}, one per application, version and state of its replicas.
 *
 * <p>Thread-safety: thread-safe, blocking among writers.
 */
public final class ReplicaGauges {
    private final MeterRegistry meters;
    private final Map<Group, Shown> shown = new HashMap<>();

    private record Shown(AtomicLong count, Gauge gauge) {}

    /**
     * What replicas are counted by. Thread-safety: immutable.
     *
     * @param application the application's name
     * @param version the version they run
     * @param state in lower case, such as {@code ready} or {@code starting}
     */
    public record Group(String application, String version, String state) {}

    /**
     * Creates gauges that show nothing yet.
     *
     * @param meters where they are registered
     */
    public ReplicaGauges(MeterRegistry meters) {
        this.meters = meters;
    }

    /**
     * Shows the replicas as they were just observed; a group that is not among them is not shown any more.
     *
     * @param replicas how many there are of each group
     */
    public synchronized void show(Map<Group, Long> replicas) {
        replicas.forEach((group, count) ->
                shown.computeIfAbsent(group, this::register).count().set(count));
        Set<Group> gone = new HashSet<>(shown.keySet());
        gone.removeAll(replicas.keySet());
        for (Group group : gone) {
            Shown last = shown.remove(group);
            if (last != null) {
                meters.remove(last.gauge());
            }
        }
    }

    private Shown register(Group group) {
        AtomicLong count = new AtomicLong();
        Gauge gauge = MetricCatalogue.HEALTH_REPLICAS.gauge(
                meters, count, AtomicLong::get, group.application(), group.version(), group.state());
        return new Shown(count, gauge);
    }
}
