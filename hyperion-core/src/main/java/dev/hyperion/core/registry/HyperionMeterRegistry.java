// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

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
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.internal.DefaultGauge;
import io.micrometer.core.instrument.internal.DefaultLongTaskTimer;
import io.micrometer.core.instrument.internal.DefaultMeter;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A cumulative Micrometer registry whose timers and summaries always have percentiles.
 *
 * <p>Nothing here rotates, decays or publishes: meters only grow, and windows are the readers' business. Objects behind
 * gauges, function counters and function timers are held strongly until the meter is removed, so that a gauge does not turn
 * into NaN because nobody else keeps its object, unless the creator asks for {@link GaugeHold#WEAK}. Times are told in seconds.
 *
 * <p>Thread-safety: thread-safe.
 */
public final class HyperionMeterRegistry extends MeterRegistry {
    private final ConcurrentHashMap<String, List<Meter>> byName = new ConcurrentHashMap<>();
    private final GaugeHold gaugeHold;

    /** How a gauge holds the object that it observes. */
    public enum GaugeHold {
        /** As long as the gauge is registered. */
        STRONG,
        /** Micrometer's default: once nobody else holds the object the gauge reads NaN. */
        WEAK
    }

    /**
     * Creates an empty registry whose gauges hold their objects strongly.
     *
     * @param clock Micrometer's face of the clock; read when a block of code is timed and by long task timers, never when a
     *     duration is recorded
     */
    public HyperionMeterRegistry(Clock clock) {
        this(clock, GaugeHold.STRONG);
    }

    /**
     * Creates an empty registry.
     *
     * @param clock as in {@link #HyperionMeterRegistry(Clock)}
     * @param gaugeHold how gauges hold their objects; one built with {@code strongReference(true)} always holds strongly
     */
    public HyperionMeterRegistry(Clock clock, GaugeHold gaugeHold) {
        super(clock);
        this.gaugeHold = gaugeHold;
        config().namingConvention(NamingConvention.dot);
        config().onMeterAdded(
                        meter -> byName.computeIfAbsent(meter.getId().getName(), n -> new CopyOnWriteArrayList<>())
                                .add(meter));
        config().onMeterRemoved(meter -> byName.computeIfPresent(meter.getId().getName(), (name, meters) -> {
            meters.remove(meter);
            return meters.isEmpty() ? null : meters;
        }));
    }

    /**
     * Finds meters by name.
     *
     * @param name the exact name
     * @return all meters of that name, whatever their tags, oldest first; empty if there is none
     */
    public Collection<Meter> named(String name) {
        List<Meter> found = byName.get(name);
        return found == null ? List.of() : List.copyOf(found);
    }

    /**
     * Lists the names that have a meter.
     *
     * @return the names in alphabetical order, as of now
     */
    public SortedSet<String> names() {
        return new TreeSet<>(Set.copyOf(byName.keySet()));
    }

    @Override
    protected <T> Gauge newGauge(Meter.Id id, @Nullable T object, ToDoubleFunction<T> value) {
        return gaugeHold == GaugeHold.STRONG
                ? new HeldGauge<>(id, object, value)
                : new DefaultGauge<>(id, object, value);
    }

    @Override
    protected Counter newCounter(Meter.Id id) {
        return new AddingCounter(id);
    }

    @Override
    protected LongTaskTimer newLongTaskTimer(Meter.Id id, DistributionStatisticConfig config) {
        return new DefaultLongTaskTimer(id, clock, getBaseTimeUnit(), config, false);
    }

    @Override
    protected Timer newTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector pauseDetector) {
        return new RecordingTimer(id, clock, getBaseTimeUnit(), new PublishedPoints(config));
    }

    @Override
    protected DistributionSummary newDistributionSummary(
            Meter.Id id, DistributionStatisticConfig config, double scale) {
        return new RecordingSummary(id, clock, scale, new PublishedPoints(config));
    }

    @Override
    protected Meter newMeter(Meter.Id id, Meter.Type type, Iterable<Measurement> measurements) {
        return new DefaultMeter(id, type, measurements);
    }

    @Override
    protected <T> TimeGauge newTimeGauge(Meter.Id id, @Nullable T object, TimeUnit unit, ToDoubleFunction<T> value) {
        return new HeldGauge.OfTime<>(inBaseUnit(id), object, unit, getBaseTimeUnit(), value);
    }

    @Override
    protected <T> FunctionTimer newFunctionTimer(
            Meter.Id id, T object, ToLongFunction<T> count, ToDoubleFunction<T> total, TimeUnit unit) {
        return new HeldFunctionTimer<>(id, object, count, total, unit, getBaseTimeUnit());
    }

    @Override
    protected <T> FunctionCounter newFunctionCounter(Meter.Id id, T object, ToDoubleFunction<T> count) {
        return new HeldFunctionCounter<>(id, object, count);
    }

    private Meter.Id inBaseUnit(Meter.Id id) {
        return id.withBaseUnit(getBaseTimeUnitStr());
    }

    private String getBaseTimeUnitStr() {
        return getBaseTimeUnit().toString().toLowerCase(Locale.ROOT);
    }

    @Override
    protected TimeUnit getBaseTimeUnit() {
        return TimeUnit.SECONDS;
    }

    @Override
    protected DistributionStatisticConfig defaultHistogramConfig() {
        // the expiry is what Micrometer's own long task timers and hidden helpers ask for; our recorders do not expire
        return DistributionStatisticConfig.builder()
                .expiry(Duration.ofMinutes(1))
                .build()
                .merge(DistributionStatisticConfig.DEFAULT);
    }
}
