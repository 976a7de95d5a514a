// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.loop;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.autoscale.MetricInput;
import dev.hyperion.autoscale.ReasonCode;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.MonitoringCenter;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.monitoring.SampleValue;
import dev.hyperion.monitoring.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/** Reads the metric of a threshold policy for one application. Thread-safety: thread-safe. */
final class MetricReader {
    private final MonitoringCenter monitoring;
    private final String metric;
    private final MetricQuery query;

    MetricReader(MonitoringCenter monitoring, ThresholdPolicy policy, ApplicationId application) {
        this.monitoring = monitoring;
        this.metric = policy.metric();
        this.query = MetricQuery.parse(metric, policy.interval()).in(Scope.of(application));
    }

    /** A reading, and why it cannot be used if that does not show in the reading itself. */
    record Reading(MetricInput input, Optional<ReasonCode> unusable) {}

    Reading read(Instant now) {
        try {
            return monitoring
                    .query(query)
                    .fold(
                            samples -> reading(samples, now),
                            none -> without(ReasonCode.METRIC_MISSING, none.reason()),
                            failed -> without(ReasonCode.METRIC_FAILED, failed.why()));
        } catch (HyperionException e) {
            return without(ReasonCode.METRIC_FAILED, String.valueOf(e.getMessage()));
        }
    }

    private Reading reading(MetricResult.Samples samples, Instant now) {
        Sample sample = samples.all().get(0);
        if (samples.all().size() > 1 || !(sample.value() instanceof SampleValue.Scalar scalar)) {
            return without(
                    ReasonCode.METRIC_FAILED,
                    samples.all().size() + " values where one is needed; name a statistic such as " + metric + ".mean");
        }
        Duration age = Duration.between(sample.takenAt(), now);
        return new Reading(
                new MetricInput(
                        metric,
                        OptionalDouble.of(scalar.value()),
                        Optional.of(sample.takenAt()),
                        Optional.of(age.isNegative() ? Duration.ZERO : age),
                        read(age, samples)),
                Optional.empty());
    }

    /** How old it is and who told it, for people. */
    static String read(Duration age, MetricResult.Samples samples) {
        return "read " + Math.max(0, age.toMillis()) + " ms ago, from "
                + samples.answered().answered() + " of " + samples.answered().asked();
    }

    private Reading without(ReasonCode code, String detail) {
        return new Reading(
                new MetricInput(metric, OptionalDouble.empty(), Optional.empty(), Optional.empty(), detail),
                Optional.of(code));
    }
}
