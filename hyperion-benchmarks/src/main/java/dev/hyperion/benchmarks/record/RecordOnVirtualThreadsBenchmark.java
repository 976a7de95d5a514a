// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.record;

import dev.hyperion.benchmarks.peers.Instruments;
import dev.hyperion.benchmarks.peers.Latencies;
import dev.hyperion.benchmarks.peers.LatencyInstrument;
import dev.hyperion.benchmarks.peers.RecordPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * What one {@code record} costs when 256 virtual threads share one instrument, each recording 16,384 latencies and then
 * gone: time on the wall by the number of records, so on two processors the best is half of what one thread takes. Starting
 * the threads is part of it, some 2 %. Needs Java 21. Each method is a {@link RecordPeer}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordOnVirtualThreadsBenchmark {
    private static final int THREADS = 256;
    private static final int RECORDS = 16_384;

    /** The one instrument that all threads share, and the executor that makes a virtual thread per task. */
    @State(Scope.Benchmark)
    public static class Shared {
        private Instruments registry = label -> nanos -> {};
        private LatencyInstrument instrument = nanos -> {};
        private ExecutorService threads = Executors.newCachedThreadPool();

        /**
         * Opens the peer that the method is named after.
         *
         * @param benchmark which method
         */
        @Setup
        public void open(BenchmarkParams benchmark) {
            registry = RecordPeer.of(benchmark).open();
            instrument = registry.single();
            threads.shutdown();
            threads = virtualThreads();
        }

        /** Ends what runs in the background. */
        @TearDown
        public void close() {
            threads.shutdown();
            registry.close();
        }

        /** The bytecode is Java 17's, which has no name for them yet. */
        private static ExecutorService virtualThreads() {
            try {
                return (ExecutorService) Executors.class
                        .getMethod("newVirtualThreadPerTaskExecutor")
                        .invoke(null);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("virtual threads need Java 21 or newer", e);
            }
        }

        final void recordAll() throws InterruptedException, ExecutionException {
            List<Future<?>> running = new ArrayList<>(THREADS);
            for (int i = 0; i < THREADS; i++) {
                running.add(threads.submit(() -> {
                    Latencies latencies = new Latencies();
                    for (int j = 0; j < RECORDS; j++) {
                        instrument.record(latencies.next());
                    }
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(THREADS * RECORDS)
    public void longAdder(Shared shared) throws InterruptedException, ExecutionException {
        shared.recordAll();
    }

    @Benchmark
    @OperationsPerInvocation(THREADS * RECORDS)
    public void hyperion(Shared shared) throws InterruptedException, ExecutionException {
        shared.recordAll();
    }

    @Benchmark
    @OperationsPerInvocation(THREADS * RECORDS)
    public void micrometerPlain(Shared shared) throws InterruptedException, ExecutionException {
        shared.recordAll();
    }
}
