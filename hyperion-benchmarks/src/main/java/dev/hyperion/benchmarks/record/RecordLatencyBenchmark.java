// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.record;

import dev.hyperion.benchmarks.peers.Instruments;
import dev.hyperion.benchmarks.peers.Latencies;
import dev.hyperion.benchmarks.peers.LatencyInstrument;
import dev.hyperion.benchmarks.peers.RecordPeer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * What one {@code record} costs. All threads record into one instrument, resolved beforehand as an application keeps it in a
 * field; Hyperion through {@code meters().timer(..).record(..)}, never the bare recorder. Each method is a
 * {@link RecordPeer}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordLatencyBenchmark {
    /** The one instrument that all threads share. */
    @State(Scope.Benchmark)
    public static class Shared {
        private Instruments registry = label -> nanos -> {};
        private LatencyInstrument instrument = nanos -> {};

        /**
         * Opens the peer that the method is named after.
         *
         * @param benchmark which method
         */
        @Setup
        public void open(BenchmarkParams benchmark) {
            registry = RecordPeer.of(benchmark).open();
            instrument = registry.single();
        }

        /** Ends what runs in the background. */
        @TearDown
        public void close() {
            registry.close();
        }
    }

    @Benchmark
    public void longAdder(Shared shared, Latencies latencies) {
        shared.instrument.record(latencies.next());
    }

    @Benchmark
    public void hyperion(Shared shared, Latencies latencies) {
        shared.instrument.record(latencies.next());
    }

    @Benchmark
    public void micrometerPlain(Shared shared, Latencies latencies) {
        shared.instrument.record(latencies.next());
    }

    @Benchmark
    public void micrometerPercentiles(Shared shared, Latencies latencies) {
        shared.instrument.record(latencies.next());
    }

    @Benchmark
    public void micrometerHistogram(Shared shared, Latencies latencies) {
        shared.instrument.record(latencies.next());
    }

    @Benchmark
    public void micrometerPrometheusPlain(Shared shared, Latencies latencies) {
        shared.instrument.record(latencies.next());
    }

    @Benchmark
    public void micrometerPrometheusPercentiles(Shared shared, Latencies latencies) {
        shared.instrument.record(latencies.next());
    }

    @Benchmark
    public void micrometerPrometheusHistogram(Shared shared, Latencies latencies) {
        shared.instrument.record(latencies.next());
    }

    @Benchmark
    public void clientJavaClassic(Shared shared, Latencies latencies) {
        shared.instrument.record(latencies.next());
    }

    @Benchmark
    public void clientJavaNative(Shared shared, Latencies latencies) {
        shared.instrument.record(latencies.next());
    }

    @Benchmark
    public void clientJavaSummary(Shared shared, Latencies latencies) {
        shared.instrument.record(latencies.next());
    }

    @Benchmark
    public void dropwizardDecaying(Shared shared, Latencies latencies) {
        shared.instrument.record(latencies.next());
    }

    @Benchmark
    public void dropwizardSliding(Shared shared, Latencies latencies) {
        shared.instrument.record(latencies.next());
    }

    @Benchmark
    public void openTelemetryExplicit(Shared shared, Latencies latencies) {
        shared.instrument.record(latencies.next());
    }

    @Benchmark
    public void openTelemetryExponential(Shared shared, Latencies latencies) {
        shared.instrument.record(latencies.next());
    }

    @Benchmark
    public void spectator(Shared shared, Latencies latencies) {
        shared.instrument.record(latencies.next());
    }

    @Benchmark
    public void hdrRecorder(Shared shared, Latencies latencies) {
        shared.instrument.record(latencies.next());
    }
}
