// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.read;

import dev.hyperion.benchmarks.peers.Fleet;
import dev.hyperion.monitoring.Distribution;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it costs to make one histogram of the replicas' and to tell the fleet's p99. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class MergeBenchmark {
    /** The replicas' histograms. */
    @State(Scope.Benchmark)
    public static class Replicas {
        @Param("1000")
        private int replicas;

        private Fleet fleet = new Fleet(0);
        private long[][] arrays = {};

        /** Lets them record. */
        @Setup
        public void record() {
            fleet = new Fleet(replicas);
            arrays = new long[replicas][2_304];
        }
    }

    /** The floor: arrays of the same number of buckets, added up. */
    @Benchmark
    public long[] arrays(Replicas replicas) {
        long[] sum = new long[2_304];
        for (long[] each : replicas.arrays) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += each[i];
            }
        }
        return sum;
    }

    /** {@link Distribution#merge(java.util.Collection)}, all at once. */
    @Benchmark
    public double hyperion(Replicas replicas) {
        return Distribution.merge(replicas.fleet.distributions()).quantile(0.99);
    }

    /** {@link Histogram#add}, one after the other. */
    @Benchmark
    public long hdrHistogram(Replicas replicas) {
        Histogram all = new Histogram(1_000, 3_600_000_000_000L, 2);
        for (Histogram each : replicas.fleet.histograms()) {
            all.add(each);
        }
        return all.getValueAtPercentile(99);
    }
}
