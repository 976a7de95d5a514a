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
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.internal.DefaultLongTaskTimer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
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
 * <ul>
 *   <li><b>Lookups.</b> {@code timer(name, tags...)}, {@code counter(...)} and {@code summary(...)} with up to two tags
 *       allocate nothing and take no lock once the meter is known, so that a tag value may be resolved for each record. With
 *       more tags, and through Micrometer's builders and {@code MeterProvider}, they cost what Micrometer's cost.
 *   <li><b>Series.</b> Beyond {@link RegistrySettings#maxSeries} series of one name, further ones record into one series
 *       {@code overflow="true"}, each time counted in {@code hyperion.series.overflow}. Gauges and other meters over a function
 *       cannot be folded and are not registered then.
 *   <li><b>Bad records.</b> Negative, infinite and undefined amounts are ignored and counted in
 *       {@code hyperion.records.rejected}.
 *   <li><b>Functions that throw or hang</b> read as NaN, are counted in {@code hyperion.gauge.failures} and logged; see
 *       {@link GaugeReader}.
 *   <li><b>Names</b> are kept as they are given; what a format cannot carry is the exporter's to rewrite.
 *   <li><b>Close.</b> Nothing is kept back for a last step, so there is nothing to lose: after {@link #close()} every meter
 *       can be read and recorded into as before, and only new ones are no longer made.
 * </ul>
 *
 * <p>Thread-safety: thread-safe.
 */
public final class HyperionMeterRegistry extends MeterRegistry {
    private final SeriesIndex index;
    private final Mishaps mishaps;
    private final FunctionCalls functions;
    private final FilterChain filters;
    private final Config guardedConfig;
    private final RegistrySettings settings;
    private final AtomicLong registered = new AtomicLong();
    private final LookupCache timers = lookups((name, tags) -> super.timer(name, tags));
    private final LookupCache counters = lookups((name, tags) -> super.counter(name, tags));
    private final LookupCache summaries = lookups((name, tags) -> super.summary(name, tags));

    /** How a gauge holds the object that it observes. */
    public enum GaugeHold {
        /** As long as the gauge is registered. */
        STRONG,
        /** Micrometer's default: once nobody else holds the object the gauge reads NaN. */
        WEAK
    }

    /**
     * Creates an empty registry with the default settings.
     *
     * @param clock Micrometer's face of the clock; read when a block of code is timed, by long task timers and when an
     *     exemplar is taken, never when a duration is recorded
     */
    public HyperionMeterRegistry(Clock clock) {
        this(clock, RegistrySettings.defaults());
    }

    /**
     * Creates an empty registry.
     *
     * @param clock as in {@link #HyperionMeterRegistry(Clock)}
     * @param settings how it works; a gauge built with {@code strongReference(true)} always holds strongly
     */
    public HyperionMeterRegistry(Clock clock, RegistrySettings settings) {
        super(clock);
        this.settings = settings;
        this.index = new SeriesIndex(settings.maxSeries());
        this.mishaps = new Mishaps(this, clock);
        this.functions = new FunctionCalls(mishaps);
        this.filters = new FilterChain(index, settings.maxSeries(), mishaps);
        this.guardedConfig = new GuardedConfig();
        super.config().meterFilter(filters);
        super.config().namingConvention(NamingConvention.dot);
        super.config().onMeterAdded(meter -> index.added(meter, registered.incrementAndGet()));
        super.config().onMeterRemoved(this::forget);
    }

    /** Adds the application's filters in front of the guard. */
    private final class GuardedConfig extends Config {
        /** Micrometer looks everything up anew whenever a filter is added; this one does only that. */
        private static final MeterFilter LOOK_UP_ANEW = new MeterFilter() {};

        @Override
        public synchronized Config meterFilter(MeterFilter filter) {
            filters.add(filter);
            super.meterFilter(LOOK_UP_ANEW);
            clearLookups();
            return this;
        }
    }

    @Override
    public Config config() {
        return guardedConfig;
    }

    private void forget(Meter meter) {
        index.removed(meter);
        clearLookups();
    }

    private void clearLookups() {
        mishaps.forget();
        timers.clear();
        counters.clear();
        summaries.clear();
    }

    /**
     * Finds meters by name.
     *
     * @param name the exact name
     * @return all meters of that name, whatever their tags, oldest first; empty if there is none; the same list until there
     *     is a change
     */
    public List<Meter> named(String name) {
        return index.named(name);
    }

    /**
     * Lists the names that have a meter.
     *
     * @return the names in alphabetical order, as of now
     */
    public SortedSet<String> names() {
        return index.names();
    }

    /**
     * Calls the functions behind gauges and their like through a reader from now on. Without one they are called on the
     * thread that reads the meter.
     *
     * @param reader knows what to do with a function that hangs
     */
    public void readFunctionsThrough(GaugeReader reader) {
        functions.through(reader);
    }

    /** Something that reads meters. */
    @FunctionalInterface
    public interface Reading<R, E extends Exception> {
        /**
         * Reads.
         *
         * @return what was read
         * @throws E if the reading fails
         */
        R read() throws E;
    }

    /**
     * Reads many meters at the price of calling their functions in one go. While the reading runs, this thread is told what
     * gauges, function counters, function timers and custom meters said at its beginning (gauges over a number of the JDK
     * excepted, which tell it as it is); it waits at most one deadline of the {@link GaugeReader}, however many of them hang.
     *
     * @param meters what will be read; others, and meters of other types, may be read as well
     * @param reading reads
     * @param <R> what the reading results in
     * @param <E> what the reading may throw
     * @return its result
     * @throws E what it throws
     */
    public <R, E extends Exception> R sampled(Collection<? extends Meter> meters, Reading<R, E> reading) throws E {
        GaugeReader.Sampled sampled = functions.sampled(meters);
        try {
            return reading.read();
        } finally {
            sampled.close();
        }
    }

    /**
     * Lets every timer, summary and counter take exemplars of its next records. Called at the tick of the monitoring center;
     * does nothing without a tracer.
     */
    public void armExemplars() {
        if (settings.traces() != null) {
            forEachMeter(meter -> {
                if (meter instanceof ExemplarMeter traced) {
                    traced.arm();
                }
            });
        }
    }

    // The array of tags goes nowhere in the first branch, so that it is not allocated at all once this is compiled
    // into its caller, where its length is known and the other branch is none.

    @Override
    @SuppressWarnings("NullAway") // what is found is of this type
    public Timer timer(String name, String... tags) {
        if (LookupCache.isFor(tags)) {
            return timers.find(name, tags).timer;
        }
        return super.timer(name, tags);
    }

    @Override
    @SuppressWarnings("NullAway") // what is found is of this type
    public Counter counter(String name, String... tags) {
        if (LookupCache.isFor(tags)) {
            return counters.find(name, tags).counter;
        }
        return super.counter(name, tags);
    }

    @Override
    @SuppressWarnings("NullAway") // what is found is of this type
    public DistributionSummary summary(String name, String... tags) {
        if (LookupCache.isFor(tags)) {
            return summaries.find(name, tags).summary;
        }
        return super.summary(name, tags);
    }

    private LookupCache lookups(BiFunction<String, String[], Meter> longWay) {
        return new LookupCache(new LookupCache.Source() {
            @Override
            public Meter find(String name, String[] tags) {
                return longWay.apply(name, tags);
            }

            @Override
            public boolean keeps(Meter meter) {
                return meter instanceof TracedMeter; // of ours, and not what Micrometer hands out for a denied one
            }

            @Override
            public boolean isExcess(Meter meter) {
                return index.isExcess(meter.getId());
            }
        });
    }

    private @Nullable ExemplarSampler newSampler() {
        return ExemplarSampler.of(settings.traces(), clock);
    }

    // Micrometer's usual way to a gauge. Known by its function, a number of the JDK is read without a GaugeReader.

    @Override
    public <T extends Number> T gauge(String name, Iterable<Tag> tags, T number) {
        if (NumberGauge.isFor(number)) {
            this.<Number>gauge(name, tags, number, NumberGauge.VALUE);
            return number;
        }
        return super.gauge(name, tags, number);
    }

    @Override
    protected <T> Gauge newGauge(Meter.Id id, @Nullable T object, ToDoubleFunction<T> value) {
        if (value == NumberGauge.VALUE && object instanceof Number number) {
            return new NumberGauge(id, settings.gaugeHold(), number);
        }
        return new HeldGauge<>(id, functions, object, settings.gaugeHold(), value);
    }

    @Override
    protected Counter newCounter(Meter.Id id) {
        return new AddingCounter(id, mishaps, newSampler());
    }

    @Override
    protected LongTaskTimer newLongTaskTimer(Meter.Id id, DistributionStatisticConfig config) {
        return new DefaultLongTaskTimer(id, clock, getBaseTimeUnit(), config, true);
    }

    @Override
    protected Timer newTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector pauseDetector) {
        return new RecordingTimer(id, clock, getBaseTimeUnit(), config, mishaps, newSampler());
    }

    @Override
    protected DistributionSummary newDistributionSummary(
            Meter.Id id, DistributionStatisticConfig config, double scale) {
        return new RecordingSummary(id, clock, scale, config, mishaps, newSampler());
    }

    @Override
    protected Meter newMeter(Meter.Id id, Meter.Type type, Iterable<Measurement> measurements) {
        index.byFunction(id);
        return new HeldMeter(id, functions, measurements);
    }

    @Override
    protected <T> TimeGauge newTimeGauge(Meter.Id id, @Nullable T object, TimeUnit unit, ToDoubleFunction<T> value) {
        return new HeldGauge.OfTime<>(
                inBaseUnit(id), functions, object, settings.gaugeHold(), unit, getBaseTimeUnit(), value);
    }

    @Override
    protected <T> FunctionTimer newFunctionTimer(
            Meter.Id id, T object, ToLongFunction<T> count, ToDoubleFunction<T> total, TimeUnit unit) {
        index.byFunction(id);
        return new HeldFunctionTimer<>(id, functions, object, count, total, unit, getBaseTimeUnit());
    }

    @Override
    protected <T> FunctionCounter newFunctionCounter(Meter.Id id, T object, ToDoubleFunction<T> count) {
        index.byFunction(id);
        return new HeldFunctionCounter<>(id, functions, object, count);
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
