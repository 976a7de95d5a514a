// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.examples.service;

// begin of the example
import dev.hyperion.core.Hyperion;
import dev.hyperion.monitoring.AlertRule;
import dev.hyperion.monitoring.Comparison;
import io.micrometer.core.instrument.Timer;

class Checkout {
    private final Hyperion hyperion = Hyperion.start();
    private final Timer latency = hyperion.monitoring().meters().timer("latency");

    Checkout() {
        hyperion.monitoring()
                .addAlert(AlertRule.when("slow checkout", "latency.p95", Comparison.GT, "250 ms")
                        .hits(3)
                        .build());
    }

    String pay() {
        return latency.record(() -> "paid");
    }

    double p95Seconds() {
        return hyperion.monitoring().read("latency.p95").orElseThrow().value();
    }
}
// end of the example
