// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.Comparison;
import dev.hyperion.monitoring.Severity;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

final class AlertFixtures {
    private AlertFixtures() {}

    static AlertRule rule() {
        return AlertRule.when("slow", "latency.p95", Comparison.GT, "250 ms")
                .hits(3)
                .severity(Severity.CRITICAL)
                .build();
    }

    static AlertEvent event(String id) {
        return event(id, AlertState.FIRING);
    }

    static AlertEvent event(String id, AlertState state) {
        return new AlertEvent(id, rule(), Map.of(), state, 0.3, Instant.EPOCH, Instant.EPOCH, Optional.empty(), "slow");
    }
}
