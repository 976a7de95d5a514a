// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One kind of meter, declared once: what is registered through it has this name, type, unit, description and these tags and
 * no others. Hyperion's own are in {@link MetricCatalogue}; an application may keep a list of its own in the same way.
 *
 * <p>Registering again with the same tag values returns the meter that is there. Thread-safety: immutable.
 *
 * @param name the meter's name, such as {@code deploy.apply_success}
 * @param kind its type
 * @param unit what it is told in, such as {@code bytes}; empty if it is a plain number. Timers are told in seconds
 * @param tags the keys of its tags, in the order in which their values are given
 * @param description a sentence for people, also the help text of the exposition
 */
public record MeterSpec(String name, Kind kind, String unit, List<String> tags, String description) {

    /** What a meter tells. */
    public enum Kind {
        /** A number that only grows. */
        COUNTER,
        /** A number as it is now. */
        GAUGE,
        /** A distribution of durations. */
        TIMER,
        /** A distribution of other numbers. */
        SUMMARY
    }

    /** Copies the tags and checks that the parts fit together. */
    public MeterSpec {
        tags = List.copyOf(tags);
        if (name.isBlank() || description.isBlank()) {
            throw new IllegalArgumentException("meter '" + name + "' is described as '" + description
                    + "'; expected a name and a sentence that describes it");
        }
        if (kind == Kind.TIMER && !unit.equals("seconds")) {
            throw new IllegalArgumentException("timer " + name + " is in '" + unit + "'; timers are told in seconds");
        }
    }

    /**
     * Registers a counter, or finds it.
     *
     * @param meters where
     * @param tagValues the value of each tag
     * @return the counter
     * @throws IllegalArgumentException if this is no counter, or the tag values are more or fewer than the tags
     */
    public Counter counter(MeterRegistry meters, String... tagValues) {
        require(Kind.COUNTER);
        Counter.Builder builder = Counter.builder(name).description(description).tags(tagged(tagValues));
        return (unit.isEmpty() ? builder : builder.baseUnit(unit)).register(meters);
    }

    /**
     * Registers a counter that is kept elsewhere.
     *
     * @param <T> what keeps it
     * @param meters where
     * @param object what keeps it; held until the meter is removed
     * @param count reads it; may be called from any thread
     * @param tagValues the value of each tag
     * @return the counter
     * @throws IllegalArgumentException as in {@link #counter(MeterRegistry, String...)}
     */
    public <T> FunctionCounter counter(MeterRegistry meters, T object, ToDoubleFunction<T> count, String... tagValues) {
        require(Kind.COUNTER);
        FunctionCounter.Builder<T> builder = FunctionCounter.builder(name, object, count)
                .description(description)
                .tags(tagged(tagValues));
        return (unit.isEmpty() ? builder : builder.baseUnit(unit)).register(meters);
    }

    /**
     * Registers a gauge.
     *
     * @param <T> what is observed
     * @param meters where
     * @param object what is observed; held until the meter is removed
     * @param value reads it, NaN for no value; may be called from any thread
     * @param tagValues the value of each tag
     * @return the gauge
     * @throws IllegalArgumentException if this is no gauge, or the tag values are more or fewer than the tags
     */
    public <T> Gauge gauge(MeterRegistry meters, T object, ToDoubleFunction<T> value, String... tagValues) {
        require(Kind.GAUGE);
        Gauge.Builder<T> builder = Gauge.builder(name, object, value)
                .strongReference(true)
                .description(description)
                .tags(tagged(tagValues));
        return (unit.isEmpty() ? builder : builder.baseUnit(unit)).register(meters);
    }

    /**
     * Registers a timer, or finds it.
     *
     * @param meters where
     * @param tagValues the value of each tag
     * @return the timer
     * @throws IllegalArgumentException if this is no timer, or the tag values are more or fewer than the tags
     */
    public Timer timer(MeterRegistry meters, String... tagValues) {
        require(Kind.TIMER);
        return Timer.builder(name)
                .description(description)
                .tags(tagged(tagValues))
                .register(meters);
    }

    /**
     * Registers a summary, or finds it.
     *
     * @param meters where
     * @param tagValues the value of each tag
     * @return the summary
     * @throws IllegalArgumentException if this is no summary, or the tag values are more or fewer than the tags
     */
    public DistributionSummary summary(MeterRegistry meters, String... tagValues) {
        require(Kind.SUMMARY);
        DistributionSummary.Builder builder =
                DistributionSummary.builder(name).description(description).tags(tagged(tagValues));
        return (unit.isEmpty() ? builder : builder.baseUnit(unit)).register(meters);
    }

    private void require(Kind asked) {
        if (kind != asked) {
            throw new IllegalArgumentException(
                    "meter " + name + " is declared as a " + kind + "; it cannot be registered as a " + asked);
        }
    }

    private Tags tagged(String... values) {
        if (values.length != tags.size()) {
            throw new IllegalArgumentException("meter " + name + " has the tags " + tags + "; got " + values.length
                    + " values, expected " + tags.size());
        }
        String[] pairs = new String[values.length * 2];
        for (int i = 0; i < values.length; i++) {
            pairs[2 * i] = tags.get(i);
            pairs[2 * i + 1] = values[i];
        }
        return Tags.of(pairs);
    }
}
