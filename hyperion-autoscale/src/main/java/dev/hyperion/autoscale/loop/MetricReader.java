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

/** Reads a policy's metric. Thread-safety: thread-safe. */
final class MetricReader {
    private final MonitoringCenter monitoring;

    MetricReader(MonitoringCenter monitoring) {
        this.monitoring = monitoring;
    }

    /** A reading, and why it cannot be used if that does not show in the reading itself. */
    record Reading(MetricInput input, Optional<ReasonCode> unusable) {}

    Reading read(ThresholdPolicy policy, ApplicationId application, Instant now) {
        MetricQuery query =
                MetricQuery.parse(policy.metric(), policy.interval()).in(Scope.of(application));
        try {
            return monitoring
                    .query(query)
                    .fold(
                            samples -> reading(policy.metric(), samples, now),
                            none -> without(policy.metric(), ReasonCode.METRIC_MISSING, none.reason()),
                            failed -> without(policy.metric(), ReasonCode.METRIC_FAILED, failed.why()));
        } catch (HyperionException e) {
            return without(policy.metric(), ReasonCode.METRIC_FAILED, String.valueOf(e.getMessage()));
        }
    }

    private static Reading reading(String metric, MetricResult.Samples samples, Instant now) {
        Sample sample = samples.all().get(0);
        if (samples.all().size() > 1 || !(sample.value() instanceof SampleValue.Scalar scalar)) {
            return without(
                    metric,
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

    private static Reading without(String metric, ReasonCode code, String detail) {
        return new Reading(
                new MetricInput(metric, OptionalDouble.empty(), Optional.empty(), Optional.empty(), detail),
                Optional.of(code));
    }
}
