// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import dev.hyperion.monitoring.MetricCatalogue;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The gauges about this process that every registry of ours has.
 *
 * <ul>
 *   <li>{@code cpu.utilization}: percent of the processors this process may use, over the time between two {@link #sample()
 *       samples}; no value until there are two
 *   <li>{@code cpu.machine.utilization}: percent of the machine or container
 *   <li>{@code memory.usage}: bytes, by {@code area} {@code heap}, {@code nonheap} and, on Linux, {@code resident}
 * </ul>
 *
 * <p>Thread-safety: thread-safe.
 */
public final class JvmMeters {
    private final ProcessStats stats;
    private final LongSupplier monotonicNanos;
    private long sampledAt;
    private long sampledCpu = -1;
    private volatile double processPercent = Double.NaN;
    private volatile double machinePercent = Double.NaN;
    private volatile double residentBytes = Double.NaN;

    /**
     * Registers the gauges.
     *
     * @param meters where
     * @param stats what they tell
     * @param monotonicNanos the clock that CPU time is compared with
     */
    public JvmMeters(MeterRegistry meters, ProcessStats stats, LongSupplier monotonicNanos) {
        this.stats = stats;
        this.monotonicNanos = monotonicNanos;
        sample();
        MetricCatalogue.CPU_UTILIZATION.gauge(meters, this, each -> each.processPercent);
        MetricCatalogue.CPU_MACHINE_UTILIZATION.gauge(meters, this, each -> each.machinePercent);
        MetricCatalogue.MEMORY_USAGE.gauge(meters, stats, ProcessStats::heapBytes, "heap");
        MetricCatalogue.MEMORY_USAGE.gauge(meters, stats, ProcessStats::nonHeapBytes, "nonheap");
        if (stats.residentBytes().isPresent()) {
            MetricCatalogue.MEMORY_USAGE.gauge(meters, this, each -> each.residentBytes, "resident");
        }
    }

    /** Takes the next sample. Called about once a second by the monitoring center; may read a file of {@code /proc}. */
    public synchronized void sample() {
        machinePercent = stats.machineLoad().orElse(Double.NaN) * 100;
        OptionalLong resident = stats.residentBytes();
        residentBytes = resident.isPresent() ? resident.getAsLong() : Double.NaN;
        long now = monotonicNanos.getAsLong();
        OptionalLong cpu = stats.cpuNanos();
        if (cpu.isEmpty()) {
            return;
        }
        if (sampledCpu >= 0 && now > sampledAt) {
            double share = (double) (cpu.getAsLong() - sampledCpu) / (now - sampledAt) / stats.processors();
            processPercent = Math.max(0, Math.min(100, share * 100));
        }
        sampledCpu = cpu.getAsLong();
        sampledAt = now;
    }
}
