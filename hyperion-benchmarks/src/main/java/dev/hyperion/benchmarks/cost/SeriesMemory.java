// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.cost;

import dev.hyperion.benchmarks.peers.Instruments;
import dev.hyperion.benchmarks.peers.Latencies;
import dev.hyperion.benchmarks.peers.LatencyInstrument;
import dev.hyperion.benchmarks.peers.RecordPeer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.noop.NoopTimer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What one series weighs: the heap that is live after 1,000 of them were made, and after one thread has recorded 1,000
 * latencies into each, less what was live before, by their number. Everything that the peer keeps is in it: meter, names,
 * maps, buffers, and what its background has taken notice of; so is the lambda of 16 to 24 bytes that calls it.
 */
public final class SeriesMemory {
    private static final int SERIES = 1_000;
    private static final int RECORDS = 1_000;
    private static final int COLLECTIONS = 3;
    private static final int NOTHING = 1_000; // bytes: one per series

    private SeriesMemory() {}

    /**
     * Measures one peer.
     *
     * @param starts how many JVMs
     * @param who the peer's method name in the benchmarks
     * @param peer the peer
     * @return bytes of an idle and of an active series, and of what Micrometer keeps of any meter: its names in two maps
     * @throws IOException if a JVM fails
     * @throws InterruptedException if it is interrupted
     */
    public static List<Figure> measure(int starts, String who, RecordPeer peer)
            throws IOException, InterruptedException {
        double[] bytes = FreshJvm.medians(
                starts,
                System.getProperty("java.class.path"),
                List.of("-XX:+UseSerialGC", "-Xms1g", "-Xmx1g"),
                SeriesMemory.class,
                peer.name());
        return List.of(
                new Figure(who, "idle", bytes[0], "B"),
                new Figure(who, "active", bytes[1], "B"),
                new Figure(who, "names", bytes[2], "B"));
    }

    /**
     * Weighs in this JVM and prints the figures.
     *
     * @param args the peer
     */
    public static void main(String[] args) {
        double names = names(); // first, for a peer that was closed may be dying for a while
        double[] all = weigh(RecordPeer.valueOf(args[0]));
        System.out.println(String.format(Locale.ROOT, "%.0f %.0f %.0f", all[0], all[1], names));
    }

    private static double[] weigh(RecordPeer peer) {
        try (Instruments registry = peer.open()) {
            Latencies latencies = new Latencies();
            List<LatencyInstrument> instruments = new ArrayList<>(SERIES);
            registry.series(label(SERIES))
                    .record(latencies.next()); // classes and what they hold once are not a series' weight
            long before = live();
            for (int i = 0; i < SERIES; i++) {
                instruments.add(registry.series(label(i)));
            }
            long idle = live();
            for (LatencyInstrument instrument : instruments) {
                for (int i = 0; i < RECORDS; i++) {
                    instrument.record(latencies.next());
                }
            }
            registry.settle((long) SERIES * RECORDS);
            long active = live();
            double made = instruments.size();
            return new double[] {(idle - before) / made, (active - before) / made};
        }
    }

    private static String label(int i) {
        return "series-" + i;
    }

    /** A registry whose timers are nothing but their names. */
    private static final class NamesOnly extends SimpleMeterRegistry {
        @Override
        protected Timer newTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector pauses) {
            return new NoopTimer(id);
        }
    }

    private static double names() {
        NamesOnly names = new NamesOnly();
        names.timer("latency", "series", label(SERIES));
        long before = live();
        for (int i = 0; i < SERIES; i++) {
            names.timer("latency", "series", label(i));
        }
        double each = (live() - before) / (double) SERIES;
        names.close();
        return each;
    }

    /** Collects until nothing more is found: what one collection finds dead may have held something else, the first of a JVM megabytes. */
    private static long live() {
        long used = Long.MAX_VALUE;
        for (int unchanged = 0; unchanged < COLLECTIONS; unchanged++) {
            System.gc();
            long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            if (now < used - NOTHING) {
                unchanged = -1;
            }
            used = Math.min(used, now);
        }
        return used;
    }
}
