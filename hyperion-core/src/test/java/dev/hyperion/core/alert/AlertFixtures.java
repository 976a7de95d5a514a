// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertOrigin;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.OnMissing;
import dev.hyperion.monitoring.Severity;
import dev.hyperion.monitoring.Threshold;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class AlertFixtures {
    private AlertFixtures() {}

    static AlertRule rule() {
        return new AlertRule(
                "slow",
                "latency.p95",
                Comparison.GT,
                new Threshold(250, "ms"),
                3,
                Duration.ZERO,
                Optional.empty(),
                Set.of(),
                OnMissing.KEEP,
                Severity.CRITICAL,
                Map.of(),
                List.of(),
                Optional.empty(),
                "",
                AlertOrigin.API);
    }

    static AlertEvent event(String id) {
        return new AlertEvent(id, rule(), Map.of(), AlertState.FIRING, 0.3, Instant.EPOCH, "slow");
    }
}
