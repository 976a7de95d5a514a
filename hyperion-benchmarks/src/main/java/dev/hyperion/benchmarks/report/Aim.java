// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.report;

import static dev.hyperion.benchmarks.report.Aim.Bound.AT_LEAST;
import static dev.hyperion.benchmarks.report.Aim.Bound.AT_MOST;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.regex.Pattern;

/**
 * One thing that Hyperion wants to reach.
 *
 * <p>Thread-safety: immutable.
 *
 * @param what in words
 * @param bound whether less or more is better
 * @param limit what is still good
 * @param format how figures of this kind are told
 * @param reading where the figure comes from
 */
record Aim(String what, Bound bound, double limit, DoubleFunction<String> format, Reading reading) {
    private static final String BARE = "longAdder";
    private static final Pattern TRAILING_ZEROS = Pattern.compile("\\.0+(?= )|(?<=\\.\\d{0,2}[1-9])0+(?= )");

    /** Rounds to none: JMH and the JVM allocate that much beside the calls. */
    private static final double NOTHING = 0.49;

    enum Bound {
        AT_MOST("≤ "),
        AT_LEAST("≥ ");

        private final String sign;

        Bound(String sign) {
            this.sign = sign;
        }
    }

    /** Finds the figure among the results of one Java version. */
    @FunctionalInterface
    interface Reading {
        OptionalDouble of(Results results, int jdk);
    }

    /** All of them, in the order in which they are told. */
    static List<Aim> all() {
        return List.of(
                times("record into a timer, 1 thread, beside `LongAdder`", 1.25, alone("record", "hyperion", BARE)),
                times("the same, all threads into one timer", 1.25, together("record", "hyperion", BARE)),
                garbage("bytes allocated per record", NOTHING, "record", "hyperion"),
                new Aim(
                        "the same call on Micrometer's timer with percentiles, 1 thread",
                        AT_LEAST,
                        25,
                        Numbers::times,
                        alone("record", "micrometerPercentiles", "hyperion")),
                new Aim(
                        "the same, all threads",
                        AT_LEAST,
                        80,
                        Numbers::times,
                        together("record", "micrometerPercentiles", "hyperion")),
                times("record on 256 virtual threads, beside `LongAdder`", 1.25, alone("virtual", "hyperion", BARE)),
                times("add to a counter, 1 thread, beside `LongAdder`", 1.1, alone("count", "hyperion", BARE)),
                times("the same, all threads into one counter", 1.1, together("count", "hyperion", BARE)),
                times("a timer by a tag value, 1 thread, beside `LongAdder`", 3, alone("tags", "hyperionTimer", BARE)),
                times("the same, all threads", 3, together("tags", "hyperionTimer", BARE)),
                garbage("bytes allocated per such call", NOTHING, "tags", "hyperionTimer"),
                times(
                        "a counter by a tag value, 1 thread, beside `LongAdder`",
                        3,
                        alone("tags", "hyperionCounter", BARE)),
                times("the same, all threads", 3, together("tags", "hyperionCounter", BARE)),
                garbage("bytes allocated per such call", NOTHING, "tags", "hyperionCounter"),
                atMost("heap of a timer beside its names, idle", 300, Numbers::bytes, besideNames("idle")),
                atMost("the same, active", 8_000, Numbers::bytes, besideNames("active")),
                atMost("p50, p95 and p99 of a window", 10, Aim::micros, time("read", "hyperion")),
                garbage("garbage of that", 1_000, "read", "hyperion"),
                atMost("scrape of 10,000 timers, none changed", 20, Aim::millis, time("scrape", "hyperionIdle")),
                garbage("garbage of that", 1e6, "scrape", "hyperionIdle"),
                atMost("the same, a tenth changed", 20, Aim::millis, time("scrape", "hyperionTenthChanged")),
                garbage("garbage of that", 1e6, "scrape", "hyperionTenthChanged"),
                atMost("the same, all changed", 20, Aim::millis, time("scrape", "hyperionAllChanged")),
                garbage("garbage of that", 1e6, "scrape", "hyperionAllChanged"),
                atMost("merge of 1,000 replicas' histograms", 50, Aim::millis, time("merge", "hyperion")),
                atMost("error of the fleet's p99", 1, Aim::percent, weight("merge", "hyperion", "p99Error")),
                atMost(
                        "decision of a threshold policy that changes nothing",
                        1_000,
                        Aim::nanos,
                        time("decide", "threshold")),
                garbage("garbage of that", NOTHING, "decide", "threshold"),
                atMost(
                        "decision of a target policy, 3 metrics, 100 replicas",
                        5_000,
                        Aim::nanos,
                        time("decide", "target")),
                atMost(
                        "10,000 applications scaled every 15 s, share of one processor",
                        5,
                        Aim::percent,
                        weight("loop", "hyperion", "cpu")),
                new Aim(
                        "ticks of a simulated threshold policy per second",
                        AT_LEAST,
                        2,
                        Aim::millions,
                        millionsPerSecond("simulatedThreshold")),
                new Aim(
                        "the same of a target policy",
                        AT_LEAST,
                        2,
                        Aim::millions,
                        millionsPerSecond("simulatedTarget")));
    }

    /** Less what Micrometer keeps of any meter, even of one that records nothing. */
    private static Reading besideNames(String what) {
        return (results, jdk) -> {
            OptionalDouble all = results.weight("memory", jdk, "hyperion", what);
            OptionalDouble names = results.weight("memory", jdk, "hyperion", "names");
            return all.isPresent() && names.isPresent()
                    ? OptionalDouble.of(all.getAsDouble() - names.getAsDouble())
                    : OptionalDouble.empty();
        };
    }

    boolean isMet(double value) {
        return bound == AT_MOST ? value <= limit : value >= limit;
    }

    /** Without the zeros that only figures need: 1.1 and 10, where a figure is 1.10 or 10.0. */
    String target() {
        return bound.sign + TRAILING_ZEROS.matcher(format.apply(limit)).replaceFirst("");
    }

    /** The figure and whether it is good enough; a dash where it was not measured. */
    String verdict(Results results, int jdk) {
        return Numbers.of(
                reading.of(results, jdk), value -> format.apply(value) + (isMet(value) ? ", met" : ", **not met**"));
    }

    private static Aim atMost(String what, double limit, DoubleFunction<String> format, Reading reading) {
        return new Aim(what, AT_MOST, limit, format, reading);
    }

    private static Aim times(String what, double limit, Reading reading) {
        return atMost(what, limit, Numbers::times, reading);
    }

    private static Aim garbage(String what, double limit, String group, String method) {
        return atMost(what, limit, Numbers::bytes, (results, jdk) -> results.bytes(group, jdk, method, 1));
    }

    private static Reading alone(String group, String method, String base) {
        return (results, jdk) -> results.ratio(group, jdk, method, base, 1);
    }

    private static Reading together(String group, String method, String base) {
        return (results, jdk) -> results.ratio(group, jdk, method, base, results.allThreads(group, jdk));
    }

    private static Reading time(String group, String method) {
        return (results, jdk) -> results.time(group, jdk, method, 1);
    }

    private static Reading millionsPerSecond(String method) {
        return (results, jdk) -> {
            OptionalDouble nanos = results.time("decide", jdk, method, 1);
            return nanos.isPresent() ? OptionalDouble.of(1e3 / nanos.getAsDouble()) : nanos;
        };
    }

    private static Reading weight(String group, String who, String what) {
        return (results, jdk) -> results.weight(group, jdk, who, what);
    }

    private static String nanos(double value) {
        return Numbers.of(value) + " ns";
    }

    private static String millions(double value) {
        return Numbers.of(value) + " million";
    }

    private static String micros(double value) {
        return Numbers.of(value) + " µs";
    }

    private static String millis(double value) {
        return Numbers.of(value) + " ms";
    }

    private static String percent(double value) {
        return Numbers.of(value) + " %";
    }
}
