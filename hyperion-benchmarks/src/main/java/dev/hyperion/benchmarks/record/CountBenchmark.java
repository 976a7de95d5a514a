// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.record;

import dev.hyperion.benchmarks.peers.CountPeer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;

/** What it costs to add one. All threads add to one counter, resolved beforehand. Each method is a {@link CountPeer}. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CountBenchmark {
    /** The one counter that all threads share. */
    @State(Scope.Benchmark)
    public static class Shared {
        private Runnable counter = () -> {};

        /**
         * Opens the peer that the method is named after.
         *
         * @param benchmark which method
         */
        @Setup
        public void open(BenchmarkParams benchmark) {
            counter = CountPeer.of(benchmark).open();
        }
    }

    @Benchmark
    public void longAdder(Shared shared) {
        shared.counter.run();
    }

    @Benchmark
    public void hyperion(Shared shared) {
        shared.counter.run();
    }

    @Benchmark
    public void micrometer(Shared shared) {
        shared.counter.run();
    }

    @Benchmark
    public void micrometerPrometheus(Shared shared) {
        shared.counter.run();
    }

    @Benchmark
    public void clientJava(Shared shared) {
        shared.counter.run();
    }

    @Benchmark
    public void dropwizard(Shared shared) {
        shared.counter.run();
    }

    @Benchmark
    public void openTelemetry(Shared shared) {
        shared.counter.run();
    }

    @Benchmark
    public void spectator(Shared shared) {
        shared.counter.run();
    }
}
