// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.designs;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What one record costs in each design; all threads record into the same one. Run with {@code -t 1}, 2 and 8. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecorderDesigns {
    /** Which design. */
    @Param({"longAdder", "chosen", "bareBuckets", "bucketsAndSum", "ownedSlots", "intPages", "oneArray", "perThread"})
    public String design = "chosen";

    private Design recorder = new Design.Chosen();
    private final AtomicLong records = new AtomicLong();

    /** The latencies that a thread records, log-normal around 5 ms, and how many it has recorded. */
    @State(Scope.Thread)
    public static class Latencies {
        private static final int SIZE = 1 << 12;
        private final long[] nanos = new long[SIZE];
        private long done;

        /** Draws them from a fixed seed. */
        @Setup
        public void draw() {
            Random random = new Random(20_260_101L);
            for (int i = 0; i < SIZE; i++) {
                nanos[i] = (long) (5_000_000 * Math.exp(random.nextGaussian()));
            }
        }

        /**
         * Tells how many records this thread has made.
         *
         * @param designs the benchmark
         */
        @TearDown(Level.Trial)
        public void tell(RecorderDesigns designs) {
            designs.records.addAndGet(done);
        }
    }

    /** Makes an empty recorder. */
    @Setup
    public void create() {
        int stripes = Integer.highestOneBit(Math.max(1, Runtime.getRuntime().availableProcessors() * 2 - 1));
        recorder = switch (design) {
            case "longAdder" -> new Design.Adder();
            case "chosen" -> new Design.Chosen();
            case "bareBuckets" -> new Design.BareBuckets(stripes);
            case "bucketsAndSum" -> new Design.BucketsAndSum(stripes);
            case "ownedSlots" -> new Design.OwnedSlots(4 * stripes);
            case "intPages" -> new Design.IntPages();
            case "oneArray" -> new Design.OneArray();
            case "perThread" -> new Design.PerThread();
            default -> throw new IllegalArgumentException("no design is named " + design);
        };
    }

    /** A design that loses records has no price worth telling. */
    @TearDown
    public void check() {
        if (recorder.count() < records.get()) {
            throw new IllegalStateException(
                    design + " counted " + recorder.count() + " of at least " + records.get() + " records");
        }
    }

    /**
     * Records one latency.
     *
     * @param latencies what to record
     */
    @Benchmark
    public void record(Latencies latencies) {
        recorder.record(latencies.nanos[(int) (latencies.done++ & (Latencies.SIZE - 1))]);
    }
}
