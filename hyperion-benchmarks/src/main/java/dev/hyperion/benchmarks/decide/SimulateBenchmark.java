// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.decide;

import dev.hyperion.autoscale.SimulationRequest;
import dev.hyperion.autoscale.SimulationResult;
import dev.hyperion.core.Hyperion;
import dev.hyperion.spi.ScalingPolicies;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What one tick of a simulation costs, over a week of a load that follows the day; the trace is read as well. The compiler is
 * at work on a simulation for two seconds or so, in which a tick costs two to five times as much: iterations of this group
 * last a second at least, also where those of others are shorter, so that the two before the first measured one are enough.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SimulateBenchmark {
    private static final int TICKS = 7 * 24 * 60 * 4;

    /** A week in steps of five minutes; a decision every 15 s. */
    @State(Scope.Benchmark)
    public static class Week {
        private final SimulationRequest request = new SimulationRequest(
                "week.csv", trace(), OptionalDouble.of(50), Duration.ofSeconds(60), OptionalInt.of(4));
        private final Tried threshold = new Tried(Map.of());
        private final Tried target = new Tried(Map.of(
                "policy",
                "target",
                "metrics",
                List.of(Map.of("type", "utilization", "metric", "cpu.utilization", "target", 60)),
                "max_replicas",
                40));
        private final Tried guard = new Tried(Map.of(
                "guards",
                List.of(Map.of("metric", "cpu.utilization", "on_bad_data", "hold", "zero_suspicious_from", 5))));
        private final Tried schedule = new Tried(Map.of(
                "schedules",
                Map.of(
                        "working-hours",
                        Map.of(
                                "cron", "0 8 * * 1-5",
                                "zone", "Europe/Berlin",
                                "duration", "10h",
                                "min_replicas", 4))));
        private final Tried override = new Tried(Map.of(
                "overrides",
                List.of(Map.of(
                        "kind", "up-only",
                        "until", "2026-01-09T00:00:00Z",
                        "who", "ada",
                        "why", "the sale"))));
        private final Tried startAware = new Tried(Map.of("start_aware", Map.of("warm_up", "1m")));

        private static String trace() {
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
            return rows.toString();
        }
    }

    /** A policy as it is configured, tried as the command line does. */
    private static final class Tried {
        private final ScalingPolicies policies;

        Tried(Map<String, ?> autoscale) {
            policies = Hyperion.builder().config(Map.of("autoscale", autoscale)).scalingPolicies();
        }

        SimulationResult on(SimulationRequest request) {
            return policies.simulate(policies.all().get(0), request);
        }
    }

    /** A tick of the threshold policy. */
    @Benchmark
    @OperationsPerInvocation(TICKS)
    public SimulationResult simulatedThreshold(Week week) {
        return week.threshold.on(week.request);
    }

    /** With a guard of the metric. */
    @Benchmark
    @OperationsPerInvocation(TICKS)
    public SimulationResult simulatedGuard(Week week) {
        return week.guard.on(week.request);
    }

    /** With a schedule for ten hours of each working day. */
    @Benchmark
    @OperationsPerInvocation(TICKS)
    public SimulationResult simulatedSchedule(Week week) {
        return week.schedule.on(week.request);
    }

    /** With an override for half of the time. */
    @Benchmark
    @OperationsPerInvocation(TICKS)
    public SimulationResult simulatedOverride(Week week) {
        return week.override.on(week.request);
    }

    /** With replicas that are starting counted by what they will carry. */
    @Benchmark
    @OperationsPerInvocation(TICKS)
    public SimulationResult simulatedStartAware(Week week) {
        return week.startAware.on(week.request);
    }

    /** A tick of the target policy, some ten replicas strong. */
    @Benchmark
    @OperationsPerInvocation(TICKS)
    public SimulationResult simulatedTarget(Week week) {
        return week.target.on(week.request);
    }
}
