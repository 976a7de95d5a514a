// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import dev.hyperion.monitoring.MeterSpec;
import dev.hyperion.monitoring.MetricCatalogue;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes wrong with meters, counted by meter in the registry itself, and logged at most once a minute for each name.
 *
 * <p>Thread-safety: thread-safe.
 */
final class Mishaps {
    private static final Logger LOG = LoggerFactory.getLogger(HyperionMeterRegistry.class);
    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST_NAMES = 10_000;
    private static final String OVERFLOWN = "overflown ";
    private static final String FAILED = "failed ";

    private final MeterRegistry registry;
    private final Clock clock;
    private final ConcurrentHashMap<String, Long> logged = new ConcurrentHashMap<>();
    /** By meter name; records may be rejected by the million. */
    private final ConcurrentHashMap<String, Counter> rejections = new ConcurrentHashMap<>();

    private final ConcurrentHashMap<String, Counter> overflows = new ConcurrentHashMap<>();

    Mishaps(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** A record was ignored. Called on the recording path; only counts. */
    void rejected(Meter.Id id) {
        count(rejections, MetricCatalogue.RECORDS_REJECTED, id);
    }

    /** A series found no room. */
    void overflown(Meter.Id id, int most, boolean refused) {
        if (id.getName().equals(MetricCatalogue.SERIES_OVERFLOW.name())) {
            return; // so many names: counting them by name would only make it worse
        }
        boolean known = overflows.containsKey(id.getName());
        count(overflows, MetricCatalogue.SERIES_OVERFLOW, id);
        if (!known && !logged.containsKey(OVERFLOWN + id.getName()) && mayLog(OVERFLOWN + id.getName())) {
            LOG.warn(
                    "meter {} has {} series, as many as metrics.max_series allows; {}. Look for a tag whose values never end",
                    id.getName(),
                    most,
                    refused
                            ? "further ones read a function, cannot be folded, and are not registered"
                            : "further ones are recorded into its series overflow=\"true\"");
        }
    }

    /** A function threw. */
    void failed(Meter.Id id, Throwable why) {
        MetricCatalogue.GAUGE_FAILURES.counter(registry, id.getName()).increment();
        if (mayLog(FAILED + id.getName())) {
            LOG.warn("meter {} cannot be read: its function failed; it has no value until it works again", id, why);
        }
    }

    /** A function did not answer in time. */
    void hangs(Meter.Id id, Duration deadline, Duration pause) {
        MetricCatalogue.GAUGE_FAILURES.counter(registry, id.getName()).increment();
        if (mayLog(FAILED + id.getName())) {
            LOG.warn(
                    "meter {} cannot be read: its function has not answered within {} ms; it has no value, and is asked again"
                            + " {} s after it has answered",
                    id,
                    deadline.toMillis(),
                    pause.toSeconds());
        }
    }

    private void count(ConcurrentHashMap<String, Counter> known, MeterSpec spec, Meter.Id id) {
        Counter counter = known.get(id.getName());
        if (counter == null) {
            counter = spec.counter(registry, id.getName());
            if (counter instanceof AddingCounter && known.size() < MOST_NAMES) {
                known.put(id.getName(), counter);
            }
        }
        counter.increment();
    }

    /** Called when a meter was removed: it may have been one of those that count here. */
    void forget() {
        rejections.clear();
        overflows.clear();
    }

    private boolean mayLog(String what) {
        long now = clock.monotonicTime();
        Long last = logged.get(what);
        if (last == null) {
            return logged.size() < MOST_NAMES && logged.putIfAbsent(what, now) == null;
        }
        return now - last >= QUIET_NANOS && logged.replace(what, last, now);
    }
}
