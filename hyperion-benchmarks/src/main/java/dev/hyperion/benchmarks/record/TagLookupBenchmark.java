// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.record;

import dev.hyperion.benchmarks.peers.Latencies;
import dev.hyperion.benchmarks.peers.TagInstrument;
import dev.hyperion.benchmarks.peers.TagPeer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * What a record costs whose series is known only when it happens: a tag's value is looked up per call. There are 16 values
 * in random order, Strings that exist already, as a status or a route does. Each method is a {@link TagPeer}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TagLookupBenchmark {
    /** The one registry that all threads share. */
    @State(Scope.Benchmark)
    public static class Shared {
        private TagInstrument instrument = (outcome, nanos) -> {};

        /**
         * Opens the peer that the method is named after.
         *
         * @param benchmark which method
         */
        @Setup
        public void open(BenchmarkParams benchmark) {
            instrument = TagPeer.of(benchmark).open();
        }
    }

    /**
     * The values, the same for every peer and, as an application's constants are, for all threads; drawn from the low bits of
     * the latencies, which are as good as random.
     */
    @State(Scope.Benchmark)
    public static class Outcomes {
        private final String[] values = new String[16];

        /** Writes them down. */
        @Setup
        public void name() {
            for (int i = 0; i < values.length; i++) {
                values[i] = "outcome-" + i;
            }
        }

        final String of(long nanos) {
            return values[(int) nanos & 15];
        }
    }

    @Benchmark
    public void longAdder(Shared shared, Outcomes outcomes, Latencies latencies) {
        long nanos = latencies.next();
        shared.instrument.record(outcomes.of(nanos), nanos);
    }

    @Benchmark
    public void concurrentHashMap(Shared shared, Outcomes outcomes, Latencies latencies) {
        long nanos = latencies.next();
        shared.instrument.record(outcomes.of(nanos), nanos);
    }

    @Benchmark
    public void hyperionTimer(Shared shared, Outcomes outcomes, Latencies latencies) {
        long nanos = latencies.next();
        shared.instrument.record(outcomes.of(nanos), nanos);
    }

    @Benchmark
    public void hyperionCounter(Shared shared, Outcomes outcomes, Latencies latencies) {
        long nanos = latencies.next();
        shared.instrument.record(outcomes.of(nanos), nanos);
    }

    @Benchmark
    public void hyperionProvider(Shared shared, Outcomes outcomes, Latencies latencies) {
        long nanos = latencies.next();
        shared.instrument.record(outcomes.of(nanos), nanos);
    }

    @Benchmark
    public void micrometerTimer(Shared shared, Outcomes outcomes, Latencies latencies) {
        long nanos = latencies.next();
        shared.instrument.record(outcomes.of(nanos), nanos);
    }

    @Benchmark
    public void micrometerCounter(Shared shared, Outcomes outcomes, Latencies latencies) {
        long nanos = latencies.next();
        shared.instrument.record(outcomes.of(nanos), nanos);
    }

    @Benchmark
    public void micrometerProvider(Shared shared, Outcomes outcomes, Latencies latencies) {
        long nanos = latencies.next();
        shared.instrument.record(outcomes.of(nanos), nanos);
    }

    @Benchmark
    public void clientJavaHistogram(Shared shared, Outcomes outcomes, Latencies latencies) {
        long nanos = latencies.next();
        shared.instrument.record(outcomes.of(nanos), nanos);
    }

    @Benchmark
    public void clientJavaCounter(Shared shared, Outcomes outcomes, Latencies latencies) {
        long nanos = latencies.next();
        shared.instrument.record(outcomes.of(nanos), nanos);
    }

    @Benchmark
    public void openTelemetry(Shared shared, Outcomes outcomes, Latencies latencies) {
        long nanos = latencies.next();
        shared.instrument.record(outcomes.of(nanos), nanos);
    }
}
