// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.decide;

import dev.hyperion.autoscale.AutoScaler;
import dev.hyperion.autoscale.ExplainedDecision;
import dev.hyperion.core.Hyperion;
import io.micrometer.core.instrument.DistributionSummary;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a turn of the loop costs but for its journal: reading the metric, deciding, telling why, writing the record. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ExplainBenchmark {
    private static final double PERCENT = 51.3;

    /** A running instance that leads, with a metric that it records itself. */
    @State(Scope.Benchmark)
    public static class Running {
        private final Hyperion hyperion = Hyperion.builder()
                .config(Map.of("autoscale", Map.of("metric", "load.mean")))
                .httpPort(0)
                .start();
        private final AutoScaler scaler = hyperion.autoScaler("shop").orElseThrow();
        private final DistributionSummary load = DistributionSummary.builder("load")
                .register(hyperion.monitoring().meters());

        /** Ends it. */
        @TearDown(Level.Trial)
        public void stop() {
            hyperion.close();
        }
    }

    /** A threshold policy that changes nothing. */
    @Benchmark
    public ExplainedDecision explained(Running running) {
        running.load.record(PERCENT); // or the window would be empty some time
        return running.scaler.explain(OptionalInt.of(8));
    }
}
