// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.Deadline;
import dev.hyperion.monitoring.AlertEvent;

/**
 * Tells people or other systems about alerts.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface AlertNotifier extends AutoCloseable {
    /**
     * Delivers an event. It may come again with the same id, after a crash or a lost answer.
     *
     * @param event what happened
     * @param deadline how long there is
     * @return whether it arrived
     * @throws dev.hyperion.PluginException if it did not; a retryable one is tried again
     */
    Delivery deliver(AlertEvent event, Deadline deadline);

    @Override
    void close();
}
