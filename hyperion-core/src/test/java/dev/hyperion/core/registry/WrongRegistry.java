// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import io.micrometer.core.instrument.AbstractMeter;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** A registry that hands everything on to one of ours; those that are wrong in one way override one method. */
class WrongRegistry extends MeterRegistry {
    final HyperionMeterRegistry right;

    WrongRegistry(Clock clock) {
        super(clock);
        this.right = new HyperionMeterRegistry(clock);
    }

    Counter wrong(Counter counter) {
        return counter;
    }

    Timer wrong(Timer timer) {
        return timer;
    }

    DistributionSummary wrong(DistributionSummary summary) {
        return summary;
    }

    Gauge wrong(Gauge gauge) {
        return gauge;
    }

    LongTaskTimer wrong(LongTaskTimer tasks) {
        return tasks;
    }

    FunctionCounter wrong(FunctionCounter counter) {
        return counter;
    }

    @Override
    protected <T> Gauge newGauge(Meter.Id id, T object, ToDoubleFunction<T> function) {
        return wrong(
                Gauge.builder(id.getName(), object, function).tags(id.getTags()).register(right));
    }

    @Override
    protected Counter newCounter(Meter.Id id) {
        return wrong(right.counter(id.getName(), id.getTags()));
    }

    @Override
    protected LongTaskTimer newLongTaskTimer(Meter.Id id, DistributionStatisticConfig config) {
        return wrong(LongTaskTimer.builder(id.getName()).tags(id.getTags()).register(right));
    }

    @Override
    protected Timer newTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector pauseDetector) {
        Timer.Builder builder = Timer.builder(id.getName()).tags(id.getTags());
        double[] objectives = config.getServiceLevelObjectiveBoundaries();
        if (objectives != null) {
            builder.serviceLevelObjectives(Arrays.stream(objectives)
                    .mapToObj(nanos -> Duration.ofNanos((long) nanos))
                    .toArray(Duration[]::new));
        }
        return wrong(builder.publishPercentiles(config.getPercentiles()).register(right));
    }

    @Override
    protected DistributionSummary newDistributionSummary(
            Meter.Id id, DistributionStatisticConfig config, double scale) {
        return wrong(DistributionSummary.builder(id.getName())
                .tags(id.getTags())
                .scale(scale)
                .publishPercentiles(config.getPercentiles())
                .serviceLevelObjectives(config.getServiceLevelObjectiveBoundaries())
                .register(right));
    }

    @Override
    protected Meter newMeter(Meter.Id id, Meter.Type type, Iterable<Measurement> measurements) {
        return Meter.builder(id.getName(), type, measurements)
                .tags(id.getTags())
                .register(right);
    }

    @Override
    protected <T> FunctionTimer newFunctionTimer(
            Meter.Id id, T object, ToLongFunction<T> count, ToDoubleFunction<T> total, TimeUnit unit) {
        return FunctionTimer.builder(id.getName(), object, count, total, unit)
                .tags(id.getTags())
                .register(right);
    }

    @Override
    protected <T> FunctionCounter newFunctionCounter(Meter.Id id, T object, ToDoubleFunction<T> count) {
        return wrong(FunctionCounter.builder(id.getName(), object, count)
                .tags(id.getTags())
                .register(right));
    }

    @Override
    protected TimeUnit getBaseTimeUnit() {
        return TimeUnit.SECONDS;
    }

    @Override
    protected DistributionStatisticConfig defaultHistogramConfig() {
        return DistributionStatisticConfig.builder()
                .expiry(Duration.ofMinutes(1))
                .build()
                .merge(DistributionStatisticConfig.DEFAULT);
    }

    /** Hands everything on. */
    static class PassingCounter extends AbstractMeter implements Counter {
        final Counter to;

        PassingCounter(Counter to) {
            super(to.getId());
            this.to = to;
        }

        @Override
        public void increment(double amount) {
            to.increment(amount);
        }

        @Override
        public double count() {
            return to.count();
        }
    }

    /** Hands everything on. */
    static class PassingTimer extends AbstractMeter implements Timer {
        final Timer to;

        PassingTimer(Timer to) {
            super(to.getId());
            this.to = to;
        }

        @Override
        public void record(long amount, TimeUnit unit) {
            to.record(amount, unit);
        }

        @Override
        public <T> T record(Supplier<T> supplier) {
            return to.record(supplier);
        }

        @Override
        public <T> T recordCallable(Callable<T> callable) throws Exception {
            return to.recordCallable(callable);
        }

        @Override
        public void record(Runnable runnable) {
            to.record(runnable);
        }

        @Override
        public long count() {
            return to.count();
        }

        @Override
        public double totalTime(TimeUnit unit) {
            return to.totalTime(unit);
        }

        @Override
        public double max(TimeUnit unit) {
            return to.max(unit);
        }

        @Override
        public TimeUnit baseTimeUnit() {
            return to.baseTimeUnit();
        }

        @Override
        public HistogramSnapshot takeSnapshot() {
            return to.takeSnapshot();
        }
    }

    /** Hands everything on. */
    static class PassingSummary extends AbstractMeter implements DistributionSummary {
        final DistributionSummary to;

        PassingSummary(DistributionSummary to) {
            super(to.getId());
            this.to = to;
        }

        @Override
        public void record(double amount) {
            to.record(amount);
        }

        @Override
        public long count() {
            return to.count();
        }

        @Override
        public double totalAmount() {
            return to.totalAmount();
        }

        @Override
        public double max() {
            return to.max();
        }

        @Override
        public HistogramSnapshot takeSnapshot() {
            return to.takeSnapshot();
        }
    }
}
