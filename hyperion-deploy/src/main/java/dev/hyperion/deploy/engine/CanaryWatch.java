// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.deploy.engine;

import dev.hyperion.ApplicationId;
import dev.hyperion.HyperionException;
import dev.hyperion.Version;
import dev.hyperion.deploy.AnalysisRule;
import dev.hyperion.deploy.AnalysisSpec;
import dev.hyperion.deploy.judge.Evidence;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.MonitoringCenter;
import dev.hyperion.monitoring.Sample;
import dev.hyperion.monitoring.SampleValue;
import dev.hyperion.monitoring.Scope;
import dev.hyperion.monitoring.Statistic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Gathers what is seen of a new version: its metrics alone, and the alerts that are about it or about no version. */
final class CanaryWatch {
    private final MonitoringCenter monitoring;

    CanaryWatch(MonitoringCenter monitoring) {
        this.monitoring = monitoring;
    }

    Evidence look(ApplicationId application, Version version, AnalysisSpec spec, Duration sinceLast) {
        Scope scope = Scope.of(application, version);
        Map<AnalysisRule, OptionalDouble> values = new HashMap<>();
        for (AnalysisRule rule : spec.rules()) {
            values.put(rule, read(query(rule, spec.window()).in(scope)));
        }
        // the look before ended where this one begins, so each request counts once
        MetricQuery count = MetricQuery.parse("latency.count", sinceLast.isZero() ? Duration.ofMillis(1) : sinceLast)
                .in(scope);
        OptionalDouble requests = read(count);
        return new Evidence(
                values,
                requests.isPresent() ? OptionalLong.of(Math.round(requests.getAsDouble())) : OptionalLong.empty(),
                firing(version, spec),
                sinceLast);
    }

    static MetricQuery query(AnalysisRule rule, Duration window) {
        MetricQuery query = MetricQuery.parse(rule.metric(), window);
        return rule.threshold().isRate() && query.stat().isEmpty() ? query.as(Statistic.RATE) : query;
    }

    private OptionalDouble read(MetricQuery query) {
        try {
            MetricResult result = monitoring.query(query);
            if (result instanceof MetricResult.Samples samples) {
                Sample first = samples.all().get(0);
                return samples.all().size() == 1 && first.value() instanceof SampleValue.Scalar scalar
                        ? OptionalDouble.of(scalar.value())
                        : OptionalDouble.empty();
            }
            return OptionalDouble.empty();
        } catch (HyperionException e) {
            return OptionalDouble.empty(); // counted as unread, which is told and never passes
        }
    }

    private List<String> firing(Version version, AnalysisSpec spec) {
        return monitoring.alerts().stream()
                .filter(status -> status.state() == AlertState.FIRING)
                .filter(status -> spec.alerts().contains(status.rule().name()))
                .filter(status ->
                        status.labels().getOrDefault("version", version.value()).equals(version.value()))
                .map(status -> status.rule().name())
                .distinct()
                .toList();
    }
}
