// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.cost;

import dev.hyperion.core.Hyperion;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The program of {@link EmbeddingCost}: starts Hyperion or nothing, and prints time, threads and live heap. */
public final class EmbeddedStart {
    private EmbeddedStart() {}

    /**
     * Starts and prints.
     *
     * @param args {@code hyperion} or {@code nothing}
     */
    public static void main(String[] args) {
        long begin = System.nanoTime();
        @Nullable Hyperion hyperion = args[0].equals("hyperion") ? Hyperion.start() : null;
        if (hyperion != null) {
            hyperion.monitoring().meters().timer("latency").record(Duration.ofMillis(1));
        }
        double millis = (System.nanoTime() - begin) / 1e6;
        System.gc();
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        System.out.println(
                String.format(Locale.ROOT, "%.1f %d %.2f", millis, threads, heap.getUsed() / 1024.0 / 1024.0));
        if (hyperion != null) {
            hyperion.close();
        }
    }
}
