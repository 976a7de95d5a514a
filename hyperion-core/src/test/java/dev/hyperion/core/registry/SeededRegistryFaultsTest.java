// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.core.record.HistogramCopy;
import io.micrometer.core.instrument.AbstractMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import io.micrometer.core.instrument.internal.DefaultGauge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Registries that are each wrong in one way: the claims of {@link RegistryChecks} tell every one of them from a right one. */
class SeededRegistryFaultsTest {
    /** What takes long, and is asked only of faults that it is there for. */
    private static final Set<String> LONG = Set.of(
            "millions of records are all counted",
            "concurrent records are counted once",
            "concurrent increments are counted once");

    /** A way to be wrong, and the claim that must not hold then. */
    private record Fault(String name, String caughtBy, Function<MockClock, MeterRegistry> registry) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Fault> FAULTS = List.of(
            new Fault(
                    "a counter that ignores amounts",
                    "a counter counts amounts",
                    counters(to -> new WrongRegistry.PassingCounter(to) {
                        @Override
                        public void increment(double amount) {
                            to.increment();
                        }
                    })),
            new Fault(
                    "a counter that takes zero for one back",
                    "a counter never goes back",
                    counters(to -> new WrongRegistry.PassingCounter(to) {
                        private int zeros;

                        @Override
                        public void increment(double amount) {
                            zeros += amount == 0 ? 1 : 0;
                            super.increment(amount);
                        }

                        @Override
                        public double count() {
                            return to.count() - zeros;
                        }
                    })),
            new Fault(
                    "a counter of ints",
                    "counts of large amounts are exact",
                    counters(to -> new WrongRegistry.PassingCounter(to) {
                        @Override
                        public void increment(double amount) {
                            super.increment(amount > 1_000 ? (int) amount : amount);
                        }
                    })),
            new Fault(
                    "a counter of floats",
                    "counts of large amounts are exact",
                    counters(to -> new WrongRegistry.PassingCounter(to) {
                        @Override
                        public double count() {
                            return (float) to.count();
                        }
                    })),
            new Fault(
                    "an increment in a million lost",
                    "millions of records are all counted",
                    counters(to -> new WrongRegistry.PassingCounter(to) {
                        private final AtomicLong seen = new AtomicLong();

                        @Override
                        public void increment(double amount) {
                            if (seen.incrementAndGet() % 1_000_000 != 0) {
                                super.increment(amount);
                            }
                        }
                    })),
            new Fault(
                    "a record in a million lost",
                    "millions of records are all counted",
                    timers(to -> new WrongRegistry.PassingTimer(to) {
                        private final AtomicLong seen = new AtomicLong();

                        @Override
                        public void record(long amount, TimeUnit unit) {
                            if (seen.incrementAndGet() % 1_000_000 != 0) {
                                super.record(amount, unit);
                            }
                        }
                    })),
            new Fault(
                    "an increment that counts twice when it meets another",
                    "concurrent increments are counted once",
                    counters(to -> new WrongRegistry.PassingCounter(to) {
                        private final AtomicBoolean busy = new AtomicBoolean();

                        @Override
                        public void increment(double amount) {
                            if (busy.compareAndSet(false, true)) {
                                super.increment(amount);
                                yieldNowAndThen();
                                busy.set(false);
                            } else {
                                super.increment(2 * amount);
                            }
                        }
                    })),
            new Fault(
                    "a counter without atomics",
                    "concurrent increments are counted once",
                    counters(to -> new WrongRegistry.PassingCounter(to) {
                        private volatile long count;

                        @Override
                        public void increment(double amount) {
                            long seen = count;
                            if ((seen & 1_023) == 0) {
                                Thread.yield(); // so that it shows on a machine with one processor, too
                            }
                            count = seen + 1;
                            super.increment(amount);
                        }

                        @Override
                        public double count() {
                            return to.count() == Math.rint(to.count()) && to.count() > 100_000 ? count : to.count();
                        }
                    })),
            new Fault(
                    "a record that counts twice when it meets another",
                    "concurrent records are counted once",
                    timers(to -> new WrongRegistry.PassingTimer(to) {
                        private final AtomicBoolean busy = new AtomicBoolean();

                        @Override
                        public void record(long amount, TimeUnit unit) {
                            if (busy.compareAndSet(false, true)) {
                                super.record(amount, unit);
                                yieldNowAndThen();
                                busy.set(false);
                            } else {
                                super.record(amount, unit);
                                super.record(amount, unit);
                            }
                        }
                    })),
            new Fault(
                    "a sum of bucket middles",
                    "total time is exact to the nanosecond",
                    timers(to -> new WrongRegistry.PassingTimer(to) {
                        @Override
                        public double totalTime(TimeUnit unit) {
                            double[] sum = {0};
                            copy(to).forEachBucket((lower, upper, count) -> sum[0] += count * (lower + upper) / 2);
                            return sum[0] / unit.toNanos(1);
                        }
                    })),
            new Fault(
                    "a timer of milliseconds",
                    "total time is exact to the nanosecond",
                    timers(to -> new WrongRegistry.PassingTimer(to) {
                        @Override
                        public void record(long amount, TimeUnit unit) {
                            super.record(unit.toMillis(amount), TimeUnit.MILLISECONDS);
                        }
                    })),
            new Fault(
                    "a total in the wrong unit",
                    "times come in the unit asked for",
                    timers(to -> new WrongRegistry.PassingTimer(to) {
                        @Override
                        public double totalTime(TimeUnit unit) {
                            return to.totalTime(unit == TimeUnit.MICROSECONDS ? TimeUnit.MILLISECONDS : unit);
                        }
                    })),
            new Fault(
                    "a negative duration taken for its size",
                    "negative records change nothing",
                    timers(to -> new WrongRegistry.PassingTimer(to) {
                        @Override
                        public void record(long amount, TimeUnit unit) {
                            super.record(Math.abs(amount), unit);
                        }
                    })),
            fault("quantiles 3 % too high", "quantiles of a log-normal", value -> value * 1.03),
            fault("quantiles with one significant digit", "quantiles of a constant", value -> {
                double digit = Math.pow(10, Math.floor(Math.log10(value)));
                return Math.floor(value / digit) * digit;
            }),
            fault(
                    "quantiles rounded to powers of two",
                    "quantiles of two modes",
                    value -> Math.pow(2, Math.rint(Math.log(value) / Math.log(2)))),
            fault(
                    "quantiles 2 % above the power of two",
                    "quantiles of powers of two", value -> {
                        double power = Math.pow(2, Math.rint(Math.log(value) / Math.log(2)));
                        return Math.abs(value / power - 1) < 0.01 ? value * 1.02 : value;
                    }),
            fault("quantiles that end at ten minutes", "quantiles from 1 us to 1 h", value -> Math.min(value, 600e9)),
            new Fault(
                    "quantiles of one rank for all",
                    "quantiles of a log-normal",
                    timers(to -> new WrongRegistry.PassingTimer(to) {
                        @Override
                        public HistogramSnapshot takeSnapshot() {
                            HistogramSnapshot all = to.takeSnapshot();
                            double median = all.percentileValues()[0].value();
                            return with(
                                    all,
                                    all.max(),
                                    Arrays.stream(all.percentileValues())
                                            .map(each -> new ValueAtPercentile(each.percentile(), median))
                                            .toArray(ValueAtPercentile[]::new),
                                    all.histogramCounts());
                        }
                    })),
            new Fault(
                    "quantiles of all time",
                    "quantiles and maximum forget the past",
                    timers(to -> new WrongRegistry.PassingTimer(to) {
                        @Override
                        public HistogramSnapshot takeSnapshot() {
                            HistogramSnapshot all = to.takeSnapshot();
                            return with(
                                    all,
                                    all.max(),
                                    Arrays.stream(all.percentileValues())
                                            .map(each -> new ValueAtPercentile(
                                                    each.percentile(),
                                                    copy(to).count() == 0 ? 0 : copy(to).quantile(each.percentile())))
                                            .toArray(ValueAtPercentile[]::new),
                                    all.histogramCounts());
                        }
                    })),
            new Fault(
                    "a maximum of all time",
                    "quantiles and maximum forget the past",
                    timers(to -> new WrongRegistry.PassingTimer(to) {
                        @Override
                        public HistogramSnapshot takeSnapshot() {
                            HistogramSnapshot all = to.takeSnapshot();
                            return with(
                                    all,
                                    copy(to).count() == 0 ? 0 : copy(to).max(),
                                    all.percentileValues(),
                                    all.histogramCounts());
                        }
                    })),
            new Fault(
                    "a maximum that misses the newest",
                    "the largest record is the maximum",
                    timers(to -> new WrongRegistry.PassingTimer(to) {
                        private double before;
                        private double largest;

                        @Override
                        public void record(long amount, TimeUnit unit) {
                            before = largest;
                            largest = Math.max(largest, unit.toNanos(amount));
                            super.record(amount, unit);
                        }

                        @Override
                        public double max(TimeUnit unit) {
                            return before / unit.toNanos(1);
                        }
                    })),
            new Fault(
                    "an objective counted to the end of its bucket",
                    "counts at objectives are exact",
                    timers(to -> new WrongRegistry.PassingTimer(to) {
                        @Override
                        public HistogramSnapshot takeSnapshot() {
                            HistogramSnapshot all = to.takeSnapshot();
                            return with(
                                    all,
                                    all.max(),
                                    all.percentileValues(),
                                    Arrays.stream(all.histogramCounts())
                                            .map(each -> new CountAtBucket(
                                                    each.bucket(), (double) copy(to).countUpTo(each.bucket())))
                                            .toArray(CountAtBucket[]::new));
                        }
                    })),
            new Fault(
                    "an objective that is off by one bucket",
                    "counts at objectives are exact",
                    timers(to -> new WrongRegistry.PassingTimer(to) {
                        @Override
                        public HistogramSnapshot takeSnapshot() {
                            HistogramSnapshot all = to.takeSnapshot();
                            CountAtBucket[] counts = all.histogramCounts();
                            CountAtBucket[] shifted = new CountAtBucket[counts.length];
                            for (int i = 0; i < counts.length; i++) {
                                shifted[i] = new CountAtBucket(counts[i].bucket(), counts[Math.max(0, i - 1)].count());
                            }
                            return with(all, all.max(), all.percentileValues(), shifted);
                        }
                    })),
            new Fault(
                    "a summary's objective counted to the end of its bucket",
                    "counts at a summary's objectives are exact",
                    summaries(to -> new WrongRegistry.PassingSummary(to) {
                        @Override
                        public HistogramSnapshot takeSnapshot() {
                            HistogramSnapshot all = to.takeSnapshot();
                            return with(
                                    all,
                                    all.max(),
                                    all.percentileValues(),
                                    Arrays.stream(all.histogramCounts())
                                            .map(each ->
                                                    new CountAtBucket(each.bucket(), (double) ((DistributionMeter) to)
                                                            .copy()
                                                            .countUpTo(each.bucket())))
                                            .toArray(CountAtBucket[]::new));
                        }
                    })),
            new Fault(
                    "quantiles of a summary in whole numbers",
                    "quantiles of a summary",
                    summaries(to -> new WrongRegistry.PassingSummary(to) {
                        @Override
                        public HistogramSnapshot takeSnapshot() {
                            HistogramSnapshot all = to.takeSnapshot();
                            return with(
                                    all,
                                    all.max(),
                                    Arrays.stream(all.percentileValues())
                                            .map(each -> new ValueAtPercentile(
                                                    each.percentile(), Math.floor(each.value() / 30) * 30))
                                            .toArray(ValueAtPercentile[]::new),
                                    all.histogramCounts());
                        }
                    })),
            new Fault("a summary without its scale", "a summary's total is exact", clock -> new WrongRegistry(clock) {
                @Override
                protected DistributionSummary newDistributionSummary(
                        Meter.Id id, DistributionStatisticConfig config, double scale) {
                    return super.newDistributionSummary(id, config, 1);
                }
            }),
            new Fault("tag keys other than the first ones dropped", "other tag keys are other series", clock -> {
                WrongRegistry registry = new WrongRegistry(clock);
                Map<String, Set<String>> keys = new ConcurrentHashMap<>();
                return mapping(registry, id -> {
                    Set<String> known = keys.computeIfAbsent(
                            id.getName(),
                            name -> id.getTags().stream().map(Tag::getKey).collect(Collectors.toSet()));
                    return id.replaceTags(id.getTags().stream()
                            .filter(tag -> known.contains(tag.getKey()))
                            .toList());
                });
            }),
            new Fault(
                    "one tag value for all",
                    "every tag set is a series",
                    clock -> mapping(
                            new WrongRegistry(clock),
                            id -> id.replaceTags(id.getTags().stream()
                                    .map(tag -> tag.getKey().equals("country") ? Tag.of("country", "any") : tag)
                                    .toList()))),
            new Fault("a gauge held weakly", "a gauge keeps its object", clock -> new WrongRegistry(clock) {
                @Override
                protected <T> Gauge newGauge(Meter.Id id, T object, ToDoubleFunction<T> function) {
                    return new DefaultGauge<>(id, object, function);
                }
            }),
            new Fault(
                    "a gauge that keeps its first value",
                    "a gauge tells the value of now",
                    clock -> new WrongRegistry(clock) {
                        @Override
                        Gauge wrong(Gauge gauge) {
                            return new FirstValue(gauge);
                        }
                    }),
            new Fault(
                    "a function counter that adds up what it reads",
                    "functions are passed through",
                    clock -> new WrongRegistry(clock) {
                        @Override
                        FunctionCounter wrong(FunctionCounter counter) {
                            return new AddsUp(counter);
                        }
                    }),
            new Fault(
                    "a task that is never stopped",
                    "active tasks are counted and timed",
                    clock -> new WrongRegistry(clock) {
                        @Override
                        LongTaskTimer wrong(LongTaskTimer tasks) {
                            tasks.start();
                            return tasks;
                        }
                    }),
            new Fault("a close that forgets", "what a close finds stays readable", clock -> new WrongRegistry(clock) {
                @Override
                public void close() {
                    clear();
                    super.close();
                }
            }));

    /** Lets threads meet on a machine that runs them one after the other. */
    private static void yieldNowAndThen() {
        if (ThreadLocalRandom.current().nextInt(1_000) == 0) {
            Thread.yield();
        }
    }

    private static final class FirstValue extends AbstractMeter implements Gauge {
        private final double first;

        FirstValue(Gauge to) {
            super(to.getId());
            this.first = to.value();
        }

        @Override
        public double value() {
            return first;
        }
    }

    private static final class AddsUp extends AbstractMeter implements FunctionCounter {
        private final FunctionCounter to;
        private double sum;

        AddsUp(FunctionCounter to) {
            super(to.getId());
            this.to = to;
            this.sum = to.count();
        }

        @Override
        public double count() {
            sum += to.count();
            return sum;
        }
    }

    private static Fault fault(String name, String caughtBy, DoubleUnaryOperator wrongValue) {
        return new Fault(name, caughtBy, timers(to -> new WrongRegistry.PassingTimer(to) {
            @Override
            public HistogramSnapshot takeSnapshot() {
                HistogramSnapshot all = to.takeSnapshot();
                return with(
                        all,
                        all.max(),
                        Arrays.stream(all.percentileValues())
                                .map(each -> new ValueAtPercentile(
                                        each.percentile(), wrongValue.applyAsDouble(each.value())))
                                .toArray(ValueAtPercentile[]::new),
                        all.histogramCounts());
            }
        }));
    }

    private static Function<MockClock, MeterRegistry> counters(Function<Counter, Counter> wrong) {
        return clock -> new WrongRegistry(clock) {
            @Override
            Counter wrong(Counter counter) {
                return wrong.apply(counter);
            }
        };
    }

    private static Function<MockClock, MeterRegistry> timers(Function<Timer, Timer> wrong) {
        return clock -> new WrongRegistry(clock) {
            @Override
            Timer wrong(Timer timer) {
                return wrong.apply(timer);
            }
        };
    }

    private static Function<MockClock, MeterRegistry> summaries(
            Function<DistributionSummary, DistributionSummary> wrong) {
        return clock -> new WrongRegistry(clock) {
            @Override
            DistributionSummary wrong(DistributionSummary summary) {
                return wrong.apply(summary);
            }
        };
    }

    private static MeterRegistry mapping(MeterRegistry registry, Function<Meter.Id, Meter.Id> map) {
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return map.apply(id);
            }
        });
        return registry;
    }

    private static HistogramCopy copy(Timer timer) {
        return ((DistributionMeter) timer).copy();
    }

    private static HistogramSnapshot with(
            HistogramSnapshot of, double max, ValueAtPercentile[] values, CountAtBucket[] counts) {
        return new HistogramSnapshot(of.count(), of.total(), max, values, counts, null);
    }

    private static RegistryChecks.Subject subject(Function<MockClock, MeterRegistry> factory) {
        MockClock clock = new MockClock();
        MeterRegistry registry = factory.apply(clock);
        return new RegistryChecks.Subject() {
            @Override
            public MeterRegistry registry() {
                return registry;
            }

            @Override
            public void advance(Duration by) {
                clock.add(by);
            }
        };
    }

    private static Set<String> broken(Function<MockClock, MeterRegistry> registry, Set<String> alsoLong) {
        Set<String> broken = new LinkedHashSet<>();
        for (RegistryChecks.Check check : RegistryChecks.all()) {
            if (LONG.contains(check.name()) && !alsoLong.contains(check.name())) {
                continue;
            }
            try {
                check.claim().accept(subject(registry));
            } catch (AssertionError | RuntimeException e) {
                broken.add(check.name());
            }
        }
        return broken;
    }

    @TestFactory
    Stream<DynamicTest> everySeededFaultIsCaughtByTheClaimThatIsThereForIt() {
        return FAULTS.stream()
                .map(fault -> DynamicTest.dynamicTest(
                        fault.name() + " -> " + fault.caughtBy(),
                        () -> assertThat(broken(fault.registry(), Set.of(fault.caughtBy())))
                                .as("claims that do not hold")
                                .contains(fault.caughtBy())));
    }

    @Test
    void theWrappersThemselvesBreakNoClaim() {
        Function<MockClock, MeterRegistry> passing = clock -> new WrongRegistry(clock) {
            @Override
            Counter wrong(Counter counter) {
                return new PassingCounter(counter);
            }

            @Override
            Timer wrong(Timer timer) {
                return new PassingTimer(timer);
            }

            @Override
            DistributionSummary wrong(DistributionSummary summary) {
                return new PassingSummary(summary);
            }
        };

        assertThat(broken(passing, LONG)).isEmpty();
    }

    @Test
    void everyClaimHasAFaultThatOnlyItIsNamedFor() {
        List<String> named = new ArrayList<>();
        FAULTS.forEach(fault -> named.add(fault.caughtBy()));

        assertThat(RegistryChecks.all())
                .extracting(RegistryChecks.Check::name)
                .allSatisfy(name -> assertThat(named).contains(name));
    }
}
