// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import dev.hyperion.Deadline;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.monitoring.AlertState;
import dev.hyperion.monitoring.Severity;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.Delivery;
import org.slf4j.Logger;

/** Tells alerts to the application's own log. Thread-safety: thread-safe. */
final class LogAlertNotifier implements AlertNotifier {
    private final Logger logger;

    LogAlertNotifier(Logger logger) {
        this.logger = logger;
    }

    @Override
    public Delivery deliver(AlertEvent event, Deadline deadline) {
        String name = event.rule().name();
        if (event.state() == AlertState.RESOLVED) {
            logger.info("alert {} resolved: {}", name, event.text());
        } else if (event.rule().severity() == Severity.CRITICAL) {
            logger.error("alert {} fires: {}", name, event.text());
        } else {
            logger.warn("alert {} fires: {}", name, event.text());
        }
        return new Delivery.Delivered();
    }

    @Override
    public void close() {}
}
