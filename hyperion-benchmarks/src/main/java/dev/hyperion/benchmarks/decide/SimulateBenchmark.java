// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.decide;

import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.SimulationResult;
import dev.hyperion.autoscale.SimulationSettings;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.autoscale.simulate.LoadTrace;
import dev.hyperion.autoscale.simulate.Simulator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What one tick of a simulation costs, over a week of a load that follows the day. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SimulateBenchmark {
    private static final int TICKS = 7 * 24 * 60 * 4;

    /** A week in steps of five minutes; a decision every 15 s. */
    @State(Scope.Benchmark)
    public static class Week {
        private final LoadTrace trace = trace();
        private final SimulationSettings settings = new SimulationSettings(50, Duration.ofSeconds(60), 4);
        private final ThresholdPolicy threshold = ThresholdPolicy.defaults();
        private final TargetPolicy target =
                TargetPolicy.of(List.of(new TargetMetric.Utilization("cpu.utilization", 60, true)), 1, 40);

        private static LoadTrace trace() {
            SplittableRandom random = new SplittableRandom(1);
            StringBuilder rows = new StringBuilder("timestamp,value\n");
            Instant begin = Instant.parse("2026-01-05T00:00:00Z");
            for (int i = 0; i < TICKS / 20; i++) {
                double hour = i / 12.0 % 24;
                double load = 400 + 300 * Math.sin((hour - 8) / 24 * 2 * Math.PI) + random.nextDouble() * 80;
                rows.append(begin.plusSeconds(300L * i))
                        .append(',')
                        .append(load)
                        .append('\n');
            }
            return LoadTrace.parse("week.csv", rows.toString());
        }

        SimulationResult run(ScalingPolicy policy) {
            return Simulator.run(policy, trace, settings);
        }
    }

    /** A tick of the threshold policy. */
    @Benchmark
    @OperationsPerInvocation(TICKS)
    public SimulationResult simulatedThreshold(Week week) {
        return week.run(week.threshold);
    }

    /** A tick of the target policy, some ten replicas strong. */
    @Benchmark
    @OperationsPerInvocation(TICKS)
    public SimulationResult simulatedTarget(Week week) {
        return week.run(week.target);
    }
}
