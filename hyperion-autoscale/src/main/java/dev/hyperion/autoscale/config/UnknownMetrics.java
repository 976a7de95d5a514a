// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.config;

import dev.hyperion.autoscale.PolicyFinding;
import dev.hyperion.autoscale.ScalingPolicy;
import dev.hyperion.autoscale.TargetMetric;
import dev.hyperion.autoscale.TargetPolicy;
import dev.hyperion.autoscale.ThresholdPolicy;
import dev.hyperion.monitoring.MeterSpec;
import dev.hyperion.monitoring.MetricCatalogue;
import dev.hyperion.monitoring.MetricQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds metrics that Hyperion does not record itself. Such a one may well be the application's own, so it is a note and no
 * mistake; but a policy on a misspelt one never scales, and nothing else would say so where the policy is reviewed.
 */
final class UnknownMetrics {
    private UnknownMetrics() {}

    static List<PolicyFinding> of(ScalingPolicy policy) {
        List<PolicyFinding> findings = new ArrayList<>();
        if (policy instanceof ThresholdPolicy threshold) {
            look("metric", threshold.metric(), policy, findings);
        } else if (policy instanceof TargetPolicy target) {
            List<TargetMetric> metrics = target.metrics();
            for (int i = 0; i < metrics.size(); i++) {
                look("metrics[" + i + "].metric", metrics.get(i).name(), policy, findings);
            }
        }
        return findings;
    }

    private static void look(String key, String address, ScalingPolicy policy, List<PolicyFinding> findings) {
        String name = MetricQuery.parse(address, policy.interval()).name();
        if (known().anyMatch(name::equals)) {
            return;
        }
        String meant = known().filter(each -> isNear(name, each))
                .findFirst()
                .map(each -> "; did you mean " + each + "?")
                .orElse("");
        findings.add(new PolicyFinding(
                PolicyFinding.Level.NOTE,
                key,
                name + " is none that Hyperion records itself: until the application records it, or metrics.aliases"
                        + " names it, it is no data, on which nothing is removed" + meant));
    }

    private static Stream<String> known() {
        return Stream.concat(MetricCatalogue.all().stream(), MetricCatalogue.ofSources().stream())
                .map(MeterSpec::name);
    }

    /** One letter more, fewer or another one, or two beside each other. */
    private static boolean isNear(String a, String b) {
        int shorter = Math.min(a.length(), b.length());
        int front = 0;
        while (front < shorter && a.charAt(front) == b.charAt(front)) {
            front++;
        }
        int back = 0;
        while (back < shorter - front && a.charAt(a.length() - 1 - back) == b.charAt(b.length() - 1 - back)) {
            back++;
        }
        return Math.max(a.length(), b.length()) - front - back <= 2;
    }
}
