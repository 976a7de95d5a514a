// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import dev.hyperion.Deadline;
import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.spi.AlertNotifier;
import dev.hyperion.spi.Delivery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Says a group of events in one message. If that is refused, each event is said on its own, since one of them may be what
 * the receiver cannot take; what follows one that is to be tried again waits too.
 *
 * <p>Thread-safety: thread-safe.
 */
abstract class MessageNotifier implements AlertNotifier {
    private final int mostInMessage;

    MessageNotifier(int mostInMessage) {
        this.mostInMessage = mostInMessage;
    }

    /** Sends one message about at most as many events as it may hold. */
    abstract Delivery send(List<AlertEvent> events, Deadline deadline);

    @Override
    public Delivery deliver(AlertEvent event, Deadline deadline) {
        return send(List.of(event), deadline);
    }

    @Override
    public List<Delivery> deliverAll(List<AlertEvent> group, Deadline deadline) {
        return sendAll(group, mostInMessage, deadline);
    }

    private List<Delivery> sendAll(List<AlertEvent> group, int most, Deadline deadline) {
        List<Delivery> deliveries = new ArrayList<>();
        for (int from = 0; from < group.size(); from += most) {
            List<AlertEvent> part = group.subList(from, Math.min(group.size(), from + most));
            Delivery whole = send(part, deadline);
            deliveries.addAll(
                    whole instanceof Delivery.Rejected && part.size() > 1
                            ? sendAll(part, 1, deadline)
                            : Collections.nCopies(part.size(), whole));
            Delivery last = deliveries.get(deliveries.size() - 1);
            if (last instanceof Delivery.Retry) {
                deliveries.addAll(Collections.nCopies(group.size() - deliveries.size(), last));
                break;
            }
        }
        return deliveries;
    }

    /** The client's threads end with its last request. */
    @Override
    public void close() {}
}
