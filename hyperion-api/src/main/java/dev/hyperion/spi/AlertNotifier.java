// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.Deadline;
import dev.hyperion.PluginException;
import dev.hyperion.monitoring.AlertEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells people or other systems about alerts.
 *
 * <p>Called by the notifier's own queue, never on a recording or evaluating path; two calls of one notifier do not overlap.
 * A call may block until its deadline.
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
     * @throws PluginException if it did not; a retryable one is tried again, another one is not
     */
    Delivery deliver(AlertEvent event, Deadline deadline);

    /**
     * Delivers a group: the events of one evaluation that belong together, by rule or by the labels that the configuration
     * groups by. A notifier that can say them in one message overrides this; otherwise they are delivered one by one. What
     * is not delivered comes again, maybe in a group with others.
     *
     * @param group at least one event, in the order in which they happened
     * @param deadline how long there is for all of them
     * @return what became of each, in the same order
     * @throws PluginException if none of them arrived; a retryable one is tried again, another one is not
     */
    default List<Delivery> deliverAll(List<AlertEvent> group, Deadline deadline) {
        List<Delivery> deliveries = new ArrayList<>();
        for (AlertEvent event : group) {
            Delivery delivery;
            try {
                delivery = deliver(event, deadline);
            } catch (PluginException e) {
                String why = String.valueOf(e.getMessage());
                delivery = e.retryable() ? new Delivery.Retry(Duration.ZERO, why) : new Delivery.Rejected(why);
            }
            deliveries.add(delivery);
            if (delivery instanceof Delivery.Retry) {
                // the receiver is not well: the rest waits too, so that the order stays
                while (deliveries.size() < group.size()) {
                    deliveries.add(delivery);
                }
                return deliveries;
            }
        }
        return deliveries;
    }

    /**
     * How often an alert that goes on firing is to be told again, for receivers that forget what they do not hear of. Each
     * time is an event of its own, with an id of its own and the same {@link AlertEvent#startedAt()}.
     *
     * @return more than zero; empty for as the configuration says, which is once unless set
     */
    default Optional<Duration> repeatEvery() {
        return Optional.empty();
    }

    @Override
    void close();
}
