// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.peers;

import com.netflix.spectator.api.DefaultRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.metrics.LongCounter;
import io.prometheus.metrics.core.metrics.Counter;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.openjdk.jmh.infra.BenchmarkParams;

/** Who counts. A counter is what adds one when it is run. */
public enum CountPeer {
    /** A bare adder, the floor. */
    LONG_ADDER("`LongAdder`, bare", () -> new LongAdder()::increment),
    /** Through the meter that an application gets. */
    HYPERION("**Hyperion**", () -> micrometer(new HyperionInstruments().meters())),
    /** In memory. */
    MICROMETER("Micrometer", () -> micrometer(new SimpleMeterRegistry())),
    /** For Prometheus. */
    MICROMETER_PROMETHEUS(
            "Micrometer Prometheus", () -> micrometer(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT))),
    /** Without labels. */
    CLIENT_JAVA("client_java", () -> Counter.builder().name("requests").build()::inc),
    /** Its counter; a meter would keep rates, too. */
    DROPWIZARD("Dropwizard", () -> new com.codahale.metrics.Counter()::inc),
    /** Without attributes. */
    OPEN_TELEMETRY("OpenTelemetry", () -> {
        LongCounter counter =
                OpenTelemetryMeters.explicit().counterBuilder("requests").build();
        return () -> counter.add(1);
    }),
    /** In memory. */
    SPECTATOR("Spectator", () -> new DefaultRegistry().counter("requests")::increment);

    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // what opens holds no state; what it opens is new each time
    private final Supplier<Runnable> opening;

    CountPeer(String title, Supplier<Runnable> opening) {
        this.title = title;
        this.opening = opening;
    }

    /**
     * The peer that a benchmark's method is named after.
     *
     * @param benchmark what runs
     * @return the peer
     */
    public static CountPeer of(BenchmarkParams benchmark) {
        return MethodName.constant(CountPeer.class, benchmark);
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
     * Makes a counter in a registry of its own, which lives as long as the JVM.
     *
     * @return adds one at each run
     */
    public Runnable open() {
        return opening.get();
    }

    private static Runnable micrometer(MeterRegistry registry) {
        return registry.counter("requests")::increment;
    }
}
