// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.peers;

import dev.hyperion.core.Hyperion;
import dev.hyperion.monitoring.MetricReading;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Hyperion as an application has it, ticking in the background and all. */
final class HyperionInstruments implements Instruments {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Hyperion hyperion = Hyperion.start();
    private final MeterRegistry meters = hyperion.monitoring().meters();

    MeterRegistry meters() {
        return meters;
    }

    @Override
    public LatencyInstrument single() {
        return recorder(meters.timer("latency"));
    }

    @Override
    public LatencyInstrument series(String label) {
        return recorder(Timer.builder("latency").tag("series", label).register(meters));
    }

    private static LatencyInstrument recorder(Timer timer) {
        return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void settle(long records) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (hyperion.monitoring()
                        .read("latency.count")
                        .map(MetricReading::value)
                        .orElse(0.0)
                < records) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("latency.count did not reach " + records + " within " + PATIENCE);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        hyperion.close();
    }
}
