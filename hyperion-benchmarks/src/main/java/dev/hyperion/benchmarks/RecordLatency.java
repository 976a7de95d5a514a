// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks;

import dev.hyperion.core.Hyperion;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What one {@code timer.record(nanos)} costs on a timer that tells percentiles, through the public call, beside
 * Micrometer's own timers and the cheapest thing there is to count with. All threads record into the same timer.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordLatency {
    /** Latencies as services have them: a body around 5 ms and a long tail, the same for every thread and peer. */
    @State(Scope.Thread)
    public static class Latencies {
        private static final int SIZE = 1 << 12;
        private final long[] nanos = new long[SIZE];
        private int next;

        /** Draws them from a log-normal distribution with a fixed seed. */
        @Setup
        public void draw() {
            Random random = new Random(20_260_101L);
            for (int i = 0; i < SIZE; i++) {
                nanos[i] = (long) (5_000_000 * Math.exp(random.nextGaussian()));
            }
        }

        long next() {
            return nanos[next++ & (SIZE - 1)];
        }
    }

    /** Hyperion's timer: percentiles always. */
    @State(Scope.Benchmark)
    public static class HyperionTimer extends Peer {
        // what an application has, ticking in the background and all
        private static final Hyperion INSTANCE = Hyperion.start();

        @Override
        MeterRegistry registry() {
            return INSTANCE.monitoring().meters();
        }

        @Override
        public void close() {
            INSTANCE.close();
        }
    }

    /** Micrometer's timer without percentiles: count, sum and a decaying maximum. */
    @State(Scope.Benchmark)
    public static class MicrometerPlain extends Peer {
        @Override
        MeterRegistry registry() {
            return new SimpleMeterRegistry();
        }
    }

    /** Micrometer's timer with client-side percentiles, what comes nearest to Hyperion's. */
    @State(Scope.Benchmark)
    public static class MicrometerPercentiles extends Peer {
        @Override
        MeterRegistry registry() {
            return new SimpleMeterRegistry();
        }

        @Override
        Timer timer(MeterRegistry registry) {
            return Timer.builder("latency").publishPercentiles(0.5, 0.95, 0.99).register(registry);
        }
    }

    /** A registry and its one timer. */
    public abstract static class Peer {
        private final MeterRegistry registry = registry();
        private final Timer timer = timer(registry);

        abstract MeterRegistry registry();

        Timer timer(MeterRegistry of) {
            return of.timer("latency");
        }

        final Timer timer() {
            return timer;
        }

        /** Ends what the registry runs in the background. */
        @TearDown
        public void close() {
            registry.close();
        }
    }

    /** The bare counter. */
    @State(Scope.Benchmark)
    public static class Adder {
        private final LongAdder sum = new LongAdder();
    }

    /**
     * Records into Hyperion's timer.
     *
     * @param peer the timer
     * @param latencies what to record
     */
    @Benchmark
    public void hyperion(HyperionTimer peer, Latencies latencies) {
        peer.timer().record(latencies.next(), TimeUnit.NANOSECONDS);
    }

    /**
     * Records into Micrometer's timer without percentiles.
     *
     * @param peer the timer
     * @param latencies what to record
     */
    @Benchmark
    public void micrometerPlain(MicrometerPlain peer, Latencies latencies) {
        peer.timer().record(latencies.next(), TimeUnit.NANOSECONDS);
    }

    /**
     * Records into Micrometer's timer with percentiles.
     *
     * @param peer the timer
     * @param latencies what to record
     */
    @Benchmark
    public void micrometerPercentiles(MicrometerPercentiles peer, Latencies latencies) {
        peer.timer().record(latencies.next(), TimeUnit.NANOSECONDS);
    }

    /**
     * Adds to a bare {@link LongAdder}: no count, no percentiles, the floor.
     *
     * @param peer the adder
     * @param latencies what to add
     */
    @Benchmark
    public void longAdder(Adder peer, Latencies latencies) {
        peer.sum.add(latencies.next());
    }
}
