// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.peers;

import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.export.CollectionRegistration;
import io.opentelemetry.sdk.metrics.export.MetricReader;

/** The OpenTelemetry SDK with a reader that never reads: without any reader its instruments would do nothing. */
final class OpenTelemetryMeters {
    private OpenTelemetryMeters() {}

    static Meter explicit() {
        return meter(Aggregation.explicitBucketHistogram());
    }

    static Meter exponential() {
        return meter(Aggregation.base2ExponentialBucketHistogram());
    }

    private static Meter meter(Aggregation histograms) {
        return SdkMeterProvider.builder()
                .registerMetricReader(new NeverReads())
                .registerView(
                        InstrumentSelector.builder()
                                .setType(InstrumentType.HISTOGRAM)
                                .build(),
                        View.builder().setAggregation(histograms).build())
                .build()
                .get("dev.hyperion.benchmarks");
    }

    private static final class NeverReads implements MetricReader {
        @Override
        public void register(CollectionRegistration registration) {}

        @Override
        public CompletableResultCode forceFlush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public AggregationTemporality getAggregationTemporality(InstrumentType type) {
            return AggregationTemporality.CUMULATIVE;
        }
    }
}
