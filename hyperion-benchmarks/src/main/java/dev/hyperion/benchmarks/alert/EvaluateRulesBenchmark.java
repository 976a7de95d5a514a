// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.alert;

import dev.hyperion.benchmarks.peers.Center;
import dev.hyperion.benchmarks.peers.Latencies;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.Comparison;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What one evaluation of all alert rules costs: ten rules on each of 1,000 timers, on percentiles, mean, maximum, count and
 * rate, none of which fires.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class EvaluateRulesBenchmark {
    private static final String[] CONDITIONS = {
        "p50 1 h",
        "p90 1 h",
        "p95 1 h",
        "p99 1 h",
        "p999 1 h",
        "mean 1 h",
        "max 1 h",
        "count 1000000",
        "rate 1000000/s",
        "rate 90000000/min"
    };

    /** The center with its rules. */
    @State(Scope.Benchmark)
    public static class Rules {
        @Param("10000")
        private int rules;

        private final Center center = new Center();
        private double[] values = {};
        private double[] thresholds = {};

        /** Adds the rules and lets a minute go by. */
        @Setup
        public void add() {
            Latencies latencies = new Latencies();
            int timers = Math.max(1, rules / CONDITIONS.length);
            for (int rule = 0; rule < rules; rule++) {
                String[] condition = CONDITIONS[rule % CONDITIONS.length].split(" ", 2);
                String metric = "latency{route=\"" + rule / CONDITIONS.length + "\"}." + condition[0];
                center.monitoring()
                        .addAlert(AlertRule.when("rule " + rule, metric, Comparison.GT, condition[1])
                                .build());
            }
            for (int second = 0; second < 60; second++) {
                for (int i = 0; i < timers; i++) {
                    Timer timer = center.monitoring().meters().timer("latency", "route", Integer.toString(i));
                    timer.record(latencies.next(), TimeUnit.NANOSECONDS);
                    timer.record(latencies.next(), TimeUnit.NANOSECONDS);
                }
                center.tick();
            }
            center.evaluateRules();
            values = new double[rules];
            thresholds = new double[rules];
        }

        /** Ends the center. */
        @TearDown
        public void close() {
            center.close();
        }
    }

    /** The floor: as many comparisons of numbers that are there already. */
    @Benchmark
    public int comparisons(Rules rules) {
        int hits = 0;
        for (int i = 0; i < rules.values.length; i++) {
            hits += rules.values[i] > rules.thresholds[i] ? 1 : 0;
        }
        return hits;
    }

    /** One evaluation. */
    @Benchmark
    public void hyperion(Rules rules) {
        rules.center.evaluateRules();
    }
}
