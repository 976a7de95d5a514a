// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.cost;

import dev.hyperion.benchmarks.peers.Instruments;
import dev.hyperion.benchmarks.peers.Latencies;
import dev.hyperion.benchmarks.peers.LatencyInstrument;
import dev.hyperion.benchmarks.peers.RecordPeer;
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
    private static final int COLLECTIONS = 4;

    private SeriesMemory() {}

    /**
     * Measures one peer.
     *
     * @param starts how many JVMs
     * @param who the peer's method name in the benchmarks
     * @param peer the peer
     * @return bytes of an idle and of an active series
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
        return List.of(new Figure(who, "idle", bytes[0], "B"), new Figure(who, "active", bytes[1], "B"));
    }

    /**
     * Weighs in this JVM and prints both figures.
     *
     * @param args the peer
     */
    public static void main(String[] args) {
        RecordPeer peer = RecordPeer.valueOf(args[0]);
        try (Instruments registry = peer.open()) {
            Latencies latencies = new Latencies();
            List<LatencyInstrument> instruments = new ArrayList<>(SERIES);
            registry.series("first")
                    .record(latencies.next()); // classes and what they hold once are not a series' weight
            long before = live();
            for (int i = 0; i < SERIES; i++) {
                instruments.add(registry.series("series-" + i));
            }
            long idle = live();
            for (LatencyInstrument instrument : instruments) {
                for (int i = 0; i < RECORDS; i++) {
                    instrument.record(latencies.next());
                }
            }
            registry.settle((long) SERIES * RECORDS);
            long active = live();
            System.out.println(String.format(
                    Locale.ROOT,
                    "%.0f %.0f",
                    (idle - before) / (double) instruments.size(),
                    (active - before) / (double) instruments.size()));
        }
    }

    /** More than one, since what one collection finds dead may have held something else. */
    private static long live() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
