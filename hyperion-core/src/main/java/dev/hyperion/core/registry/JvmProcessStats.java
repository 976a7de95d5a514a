// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The running JVM, by its management beans and {@code /proc/self/status}. */
final class JvmProcessStats implements ProcessStats {
    private static final Path STATUS = Path.of("/proc/self/status");

    private final @Nullable OperatingSystemMXBean system =
            ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean bean ? bean : null;
    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();

    @Override
    public OptionalLong cpuNanos() {
        long nanos = system == null ? -1 : system.getProcessCpuTime();
        return nanos < 0 ? OptionalLong.empty() : OptionalLong.of(nanos);
    }

    @Override
    public int processors() {
        return Math.max(1, Runtime.getRuntime().availableProcessors());
    }

    @Override
    public OptionalDouble machineLoad() {
        double load = system == null ? -1 : system.getCpuLoad();
        return load >= 0 && load <= 1 ? OptionalDouble.of(load) : OptionalDouble.empty();
    }

    @Override
    public long heapBytes() {
        return memory.getHeapMemoryUsage().getUsed();
    }

    @Override
    public long nonHeapBytes() {
        return memory.getNonHeapMemoryUsage().getUsed();
    }

    @Override
    public OptionalLong residentBytes() {
        if (!Files.isReadable(STATUS)) {
            return OptionalLong.empty();
        }
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    return OptionalLong.of(Long.parseLong(line.replaceAll("\\D", "")) * 1_024);
                }
            }
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty(); // not the /proc that we know: the same as none
        }
        return OptionalLong.empty();
    }
}
