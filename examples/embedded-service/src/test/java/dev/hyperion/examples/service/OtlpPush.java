// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.examples.service;

import dev.hyperion.core.Hyperion;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.registry.otlp.HistogramFlavor;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.time.Duration;

/** One instrumentation, read here by Hyperion and pushed to an OpenTelemetry collector. The page docs/otlp.md shows this. */
final class OtlpPush {
    private OtlpPush() {}

    // begin of the example
    static CompositeMeterRegistry meters(Hyperion hyperion, String collector) {
        OtlpConfig config = new OtlpConfig() {
            @Override
            public String get(String key) {
                return null; // the defaults, but for what stands below
            }

            @Override
            public String url() {
                return collector; // such as http://127.0.0.1:4318/v1/metrics
            }

            @Override
            public Duration step() {
                return Duration.ofSeconds(30);
            }

            @Override
            public HistogramFlavor histogramFlavor() {
                return HistogramFlavor.BASE2_EXPONENTIAL_BUCKET_HISTOGRAM;
            }
        };
        MeterRegistry push = new OtlpMeterRegistry(config, Clock.SYSTEM);
        push.config().meterFilter(histogramsFor("latency"));
        CompositeMeterRegistry meters = new CompositeMeterRegistry();
        meters.add(hyperion.monitoring().meters());
        meters.add(push);
        return meters; // close it at the end: that pushes what the last step has gathered
    }

    private static MeterFilter histogramsFor(String name) {
        return new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return id.getName().equals(name)
                        ? DistributionStatisticConfig.builder()
                                .percentilesHistogram(true)
                                .build()
                                .merge(config)
                        : config;
            }
        };
    }
    // end of the example
}
