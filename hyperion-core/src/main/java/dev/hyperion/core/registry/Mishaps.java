// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import dev.hyperion.monitoring.MeterSpec;
import dev.hyperion.monitoring.MetricCatalogue;
import io.micrometer.core.instrument.Clock;
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
    /** Records that were ignored because they were negative, infinite or no number. */
    static final MeterSpec REJECTED = MetricCatalogue.RECORDS_REJECTED;
    /** How often a meter was asked for beyond the series that its name may have. */
    static final MeterSpec OVERFLOWN = MetricCatalogue.SERIES_OVERFLOW;
    /** How often a gauge's function threw, or did not answer in time. */
    static final MeterSpec FAILED = MetricCatalogue.GAUGE_FAILURES;

    private static final Logger LOG = LoggerFactory.getLogger(HyperionMeterRegistry.class);
    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST_NAMES = 10_000;

    private final MeterRegistry registry;
    private final Clock clock;
    private final ConcurrentHashMap<String, Long> logged = new ConcurrentHashMap<>();

    Mishaps(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** A record was ignored. Called on the recording path; only counts. */
    void rejected(Meter.Id id) {
        count(REJECTED, id);
    }

    /** A series found no room. */
    void overflown(Meter.Id id, int most, boolean refused) {
        if (id.getName().equals(OVERFLOWN.name())) {
            return; // so many names: counting them by name would only make it worse
        }
        count(OVERFLOWN, id);
        if (firstTime(OVERFLOWN.name() + ' ' + id.getName())) {
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
        count(FAILED, id);
        if (mayLog(FAILED.name() + ' ' + id.getName())) {
            LOG.warn("meter {} cannot be read: its function failed; it has no value until it works again", id, why);
        }
    }

    /** A function did not answer in time. */
    void hangs(Meter.Id id, Duration deadline, Duration pause) {
        count(FAILED, id);
        if (mayLog(FAILED.name() + ' ' + id.getName())) {
            LOG.warn(
                    "meter {} cannot be read: its function has not answered within {} ms; it has no value, and is asked again"
                            + " {} s after it has answered",
                    id,
                    deadline.toMillis(),
                    pause.toSeconds());
        }
    }

    private void count(MeterSpec counter, Meter.Id id) {
        counter.counter(registry, id.getName()).increment();
    }

    private boolean firstTime(String what) {
        return logged.size() < MOST_NAMES && logged.putIfAbsent(what, Long.MAX_VALUE) == null;
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
