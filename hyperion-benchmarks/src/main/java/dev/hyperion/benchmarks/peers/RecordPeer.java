// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.peers;

import com.codahale.metrics.ExponentiallyDecayingReservoir;
import com.codahale.metrics.Reservoir;
import com.codahale.metrics.SlidingWindowReservoir;
import com.netflix.spectator.api.DefaultRegistry;
import com.netflix.spectator.api.histogram.PercentileTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.StatefulMetric;
import io.prometheus.metrics.core.metrics.Summary;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.HdrHistogram.Recorder;
import org.openjdk.jmh.infra.BenchmarkParams;

/** Who records latencies, each in its usual configuration; what differs from the default is said here. */
public enum RecordPeer {
    /** A bare adder: no count, no percentiles, the floor. */
    LONG_ADDER("`LongAdder`, bare", () -> label -> new LongAdder()::add),
    /** Every percentile, through the meter that an application gets. */
    HYPERION("**Hyperion**", HyperionInstruments::new),
    /** Count, sum and a decaying maximum. */
    MICROMETER_PLAIN("Micrometer", () -> micrometer(new SimpleMeterRegistry(), timer -> timer)),
    /** Percentiles computed in the process. */
    MICROMETER_PERCENTILES(
            "Micrometer, percentiles", () -> micrometer(new SimpleMeterRegistry(), RecordPeer::percentiles)),
    /** Buckets to aggregate elsewhere. */
    MICROMETER_HISTOGRAM(
            "Micrometer, histogram",
            () -> micrometer(new SimpleMeterRegistry(), Timer.Builder::publishPercentileHistogram)),
    /** Count, sum and a decaying maximum, for Prometheus. */
    MICROMETER_PROMETHEUS_PLAIN("Micrometer Prometheus", () -> micrometer(prometheus(), timer -> timer)),
    /** Percentiles computed in the process, for Prometheus. */
    MICROMETER_PROMETHEUS_PERCENTILES(
            "Micrometer Prometheus, percentiles", () -> micrometer(prometheus(), RecordPeer::percentiles)),
    /** Buckets to aggregate elsewhere, for Prometheus. */
    MICROMETER_PROMETHEUS_HISTOGRAM(
            "Micrometer Prometheus, histogram",
            () -> micrometer(prometheus(), Timer.Builder::publishPercentileHistogram)),
    /** Fixed buckets only. */
    CLIENT_JAVA_CLASSIC(
            "client_java, classic histogram",
            () -> clientJava(Histogram.builder()
                    .name("latency")
                    .labelNames("series")
                    .classicOnly()
                    .build())),
    /** Exponential buckets only. */
    CLIENT_JAVA_NATIVE(
            "client_java, native histogram",
            () -> clientJava(Histogram.builder()
                    .name("latency")
                    .labelNames("series")
                    .nativeOnly()
                    .build())),
    /** Three quantiles over five minutes. */
    CLIENT_JAVA_SUMMARY("client_java, summary", () -> clientJava(clientJavaSummary())),
    /** The default reservoir. */
    DROPWIZARD_DECAYING("Dropwizard, decaying", () -> dropwizard(ExponentiallyDecayingReservoir::new)),
    /**
     * The last 1,028 records. The reservoirs that slide over time keep every record of the last minute: at a benchmark's
     * pace that is gigabytes.
     */
    DROPWIZARD_SLIDING("Dropwizard, last 1,028", () -> dropwizard(() -> new SlidingWindowReservoir(1_028))),
    /** Fixed buckets. */
    OPEN_TELEMETRY_EXPLICIT("OpenTelemetry, explicit", () -> openTelemetry(OpenTelemetryMeters.explicit())),
    /** Exponential buckets. */
    OPEN_TELEMETRY_EXPONENTIAL("OpenTelemetry, exponential", () -> openTelemetry(OpenTelemetryMeters.exponential())),
    /** A counter per bucket. */
    SPECTATOR("Spectator, percentile timer", RecordPeer::spectator),
    /** Two digits over 1 µs to 1 h: an error of 1 %, as ours. */
    HDR_RECORDER("HdrHistogram recorder", () -> label -> {
        Recorder recorder = new Recorder(1_000, 3_600_000_000_000L, 2);
        return recorder::recordValue;
    });

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // what opens holds no state; what it opens is new each time
    private final Supplier<Instruments> opening;

    RecordPeer(String title, Supplier<Instruments> opening) {
        this.title = title;
        this.opening = opening;
    }

    /**
     * The peer that a benchmark's method is named after.
     *
     * @param benchmark what runs
     * @return the peer
     */
    public static RecordPeer of(BenchmarkParams benchmark) {
        return MethodName.constant(RecordPeer.class, benchmark);
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
     * Opens a registry of its own.
     *
     * @return an empty one; the caller closes it
     */
    public Instruments open() {
        return opening.get();
    }

    /**
     * A summary with the percentiles that the others tell, too.
     *
     * @return not registered
     */
    public static Summary clientJavaSummary() {
        return Summary.builder()
                .name("latency")
                .labelNames("series")
                .quantile(0.5)
                .quantile(0.95)
                .quantile(0.99)
                .build();
    }

    /**
     * Makes a timer tell percentiles.
     *
     * @param timer to be registered
     * @return the same
     */
    public static Timer.Builder percentiles(Timer.Builder timer) {
        return timer.publishPercentiles(0.5, 0.95, 0.99);
    }

    private static PrometheusMeterRegistry prometheus() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    private static Instruments micrometer(MeterRegistry registry, UnaryOperator<Timer.Builder> kind) {
        return new Instruments() {
            @Override
            public LatencyInstrument series(String label) {
                Timer timer = kind.apply(Timer.builder("latency").tag("series", label))
                        .register(registry);
                return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
            }

            @Override
            public void close() {
                registry.close();
            }
        };
    }

    private static Instruments clientJava(StatefulMetric<DistributionDataPoint, ?> metric) {
        return label -> {
            DistributionDataPoint point = metric.labelValues(label);
            return nanos -> point.observe(nanos / 1e9);
        };
    }

    private static Instruments dropwizard(Supplier<Reservoir> reservoirs) {
        return label -> {
            com.codahale.metrics.Timer timer = new com.codahale.metrics.Timer(reservoirs.get());
            return nanos -> timer.update(nanos, TimeUnit.NANOSECONDS);
        };
    }

    /** In milliseconds, for which its default boundaries are made. */
    private static Instruments openTelemetry(Meter meter) {
        DoubleHistogram histogram =
                meter.histogramBuilder("latency").setUnit("ms").build();
        return new Instruments() {
            @Override
            public LatencyInstrument single() {
                return nanos -> histogram.record(nanos / 1e6);
            }

            @Override
            public LatencyInstrument series(String label) {
                // its instruments cannot be bound: the series is looked up at each record
                Attributes attributes = Attributes.of(AttributeKey.stringKey("series"), label);
                return nanos -> histogram.record(nanos / 1e6, attributes);
            }
        };
    }

    private static Instruments spectator() {
        DefaultRegistry registry = new DefaultRegistry();
        return label -> {
            PercentileTimer timer = PercentileTimer.get(registry, registry.createId("latency", "series", label));
            return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
        };
    }
}
