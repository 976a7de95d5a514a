// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.local.process;

import dev.hyperion.Deadline;
import dev.hyperion.HyperionClock;
import dev.hyperion.PluginException;
import dev.hyperion.monitoring.Coverage;
import dev.hyperion.monitoring.MetricCatalogue;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.ReplicaState;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.monitoring.SampleValue;
import dev.hyperion.monitoring.Window;
import dev.hyperion.spi.GroupId;
import dev.hyperion.spi.MetricSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What replicas use, one sample each: {@code cpu.utilization} in percent of their allotment and {@code memory.usage} in bytes,
 * of the area {@code resident}. Thread-safety: thread-safe.
 */
final class ProcessMetricSource implements MetricSource {
    private static final String CPU = MetricCatalogue.CPU_UTILIZATION.name();
    private static final String MEMORY = MetricCatalogue.MEMORY_USAGE.name();

    private final ProcessDeployBackend backend;
    private final HyperionClock clock;

    /** What one replica uses. */
    record Use(
            GroupId group,
            String replica,
            boolean ready,
            Instant startedAt,
            OptionalDouble cpuPercent,
            long residentBytes) {}

    ProcessMetricSource(ProcessDeployBackend backend, HyperionClock clock) {
        this.backend = backend;
        this.clock = clock;
    }

    @Override
    public void check(MetricQuery query) {
        if (!query.name().equals(CPU) && !query.name().equals(MEMORY)) {
            throw new PluginException(
                    "the process backend has no metric '" + query.name() + "'; it has " + CPU + " and " + MEMORY,
                    false);
        }
    }

    @Override
    public MetricResult query(MetricQuery query, Deadline deadline) {
        check(query);
        Instant now = clock.now();
        List<Sample> samples = new ArrayList<>();
        int asked = 0;
        for (Use use : backend.uses()) {
            OptionalDouble value = query.name().equals(CPU) ? use.cpuPercent() : OptionalDouble.of(use.residentBytes());
            Map<String, String> labels = new HashMap<>();
            labels.put("application", use.group().application().value());
            labels.put("version", use.group().version().value());
            labels.put("replica", use.replica());
            if (query.name().equals(MEMORY)) {
                labels.put("area", "resident");
            }
            if (wanted(query, use, labels)) {
                asked++;
                if (value.isPresent()) {
                    samples.add(new Sample(
                            labels,
                            new SampleValue.Scalar(value.getAsDouble()),
                            now,
                            Optional.of(new ReplicaState(use.replica(), use.ready(), use.startedAt()))));
                }
            }
        }
        return samples.isEmpty()
                ? new MetricResult.NoData("no replica has a figure of " + query.address())
                : new MetricResult.Samples(samples, new Window(now, now), new Coverage(samples.size(), asked));
    }

    private static boolean wanted(MetricQuery query, Use use, Map<String, String> labels) {
        return query.scope()
                        .application()
                        .filter(each -> !each.equals(use.group().application()))
                        .isEmpty()
                && query.scope()
                        .version()
                        .filter(each -> !each.equals(use.group().version()))
                        .isEmpty()
                && labels.entrySet().containsAll(query.tags().entrySet());
    }

    @Override
    public void close() {}
}
