// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.peers;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.openjdk.jmh.infra.BenchmarkParams;

/** Who looks up a series by a tag's value at each call, the value being known only then. */
public enum TagPeer {
    /** A bare adder and nothing looked up, the floor. */
    LONG_ADDER("`LongAdder`, nothing looked up", () -> {
        LongAdder adder = new LongAdder();
        return (outcome, nanos) -> adder.add(nanos);
    }),
    /** A map from value to adder: what one would write by hand. */
    CONCURRENT_HASH_MAP("`ConcurrentHashMap.get`, then `LongAdder`", () -> {
        ConcurrentHashMap<String, LongAdder> adders = new ConcurrentHashMap<>();
        return (outcome, nanos) -> {
            LongAdder adder = adders.get(outcome);
            if (adder == null) {
                adder = adders.computeIfAbsent(outcome, key -> new LongAdder());
            }
            adder.add(nanos);
        };
    }),
    /** The timer of the registry's own shorthand. */
    HYPERION_TIMER("**Hyperion**, `timer(name, key, value)`", () -> timer(new HyperionInstruments().meters())),
    /** The counter of the registry's own shorthand. */
    HYPERION_COUNTER("**Hyperion**, `counter(name, key, value)`", () -> counter(new HyperionInstruments().meters())),
    /** Micrometer's way to prepare everything but the value. */
    HYPERION_PROVIDER("**Hyperion**, `MeterProvider`", () -> provider(new HyperionInstruments().meters())),
    /** The same call on Micrometer's own registry. */
    MICROMETER_TIMER("Micrometer, `timer(name, key, value)`", () -> timer(new SimpleMeterRegistry())),
    /** The same call on Micrometer's own registry. */
    MICROMETER_COUNTER("Micrometer, `counter(name, key, value)`", () -> counter(new SimpleMeterRegistry())),
    /** The same provider on Micrometer's own registry. */
    MICROMETER_PROVIDER("Micrometer, `MeterProvider`", () -> provider(new SimpleMeterRegistry())),
    /** A classic histogram. */
    CLIENT_JAVA_HISTOGRAM("client_java, histogram `labelValues`", () -> {
        Histogram histogram = Histogram.builder()
                .name("latency")
                .labelNames("outcome")
                .classicOnly()
                .build();
        return (outcome, nanos) -> histogram.labelValues(outcome).observe(nanos / 1e9);
    }),
    /** A counter. */
    CLIENT_JAVA_COUNTER("client_java, counter `labelValues`", () -> {
        Counter counter =
                Counter.builder().name("requests").labelNames("outcome").build();
        return (outcome, nanos) -> counter.labelValues(outcome).inc();
    }),
    /** An explicit histogram with attributes made per call. */
    OPEN_TELEMETRY("OpenTelemetry, histogram with `Attributes`", () -> {
        AttributeKey<String> key = AttributeKey.stringKey("outcome");
        DoubleHistogram histogram = OpenTelemetryMeters.explicit()
                .histogramBuilder("latency")
                .setUnit("ms")
                .build();
        return (outcome, nanos) -> histogram.record(nanos / 1e6, Attributes.of(key, outcome));
    });

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // what opens holds no state; what it opens is new each time
    private final Supplier<TagInstrument> opening;

    TagPeer(String title, Supplier<TagInstrument> opening) {
        this.title = title;
        this.opening = opening;
    }

    /**
     * The peer that a benchmark's method is named after.
     *
     * @param benchmark what runs
     * @return the peer
     */
    public static TagPeer of(BenchmarkParams benchmark) {
        return MethodName.constant(TagPeer.class, benchmark);
    }

    /**
     * The name of the methods that measure this peer.
     *
     * @return in camel case
     */
    public String method() {
        return MethodName.of(this);
    }

    /**
     * How the peer is called in tables.
     *
     * @return Markdown
     */
    public String title() {
        return title;
    }

    /**
     * Makes what is asked, in a registry of its own, which lives as long as the JVM.
     *
     * @return without any series yet
     */
    public TagInstrument open() {
        return opening.get();
    }

    private static TagInstrument timer(MeterRegistry registry) {
        return (outcome, nanos) -> registry.timer("latency", "outcome", outcome).record(nanos, TimeUnit.NANOSECONDS);
    }

    private static TagInstrument counter(MeterRegistry registry) {
        return (outcome, nanos) ->
                registry.counter("requests", "outcome", outcome).increment();
    }

    private static TagInstrument provider(MeterRegistry registry) {
        Meter.MeterProvider<Timer> timers = Timer.builder("latency").withRegistry(registry);
        return (outcome, nanos) -> timers.withTag("outcome", outcome).record(nanos, TimeUnit.NANOSECONDS);
    }
}
