// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import dev.hyperion.monitoring.AlertEvent;
import dev.hyperion.spi.Delivery;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/** Sends groups of events in one message each. */
final class Groups {
    private Groups() {}

    /** Sends a group at once; if it is refused, one by one, since one of them may be what the receiver cannot take. */
    static List<Delivery> send(List<AlertEvent> group, Function<List<AlertEvent>, Delivery> message) {
        return send(group, group.size(), message);
    }

    /** The same with at most so many events in a message. What follows one that is to be tried again waits too. */
    static List<Delivery> send(List<AlertEvent> group, int most, Function<List<AlertEvent>, Delivery> message) {
        List<Delivery> deliveries = new ArrayList<>();
        for (int from = 0; from < group.size(); from += most) {
            List<AlertEvent> part = group.subList(from, Math.min(group.size(), from + most));
            Delivery whole = message.apply(part);
            deliveries.addAll(
                    whole instanceof Delivery.Rejected && part.size() > 1
                            ? send(part, 1, message)
                            : Collections.nCopies(part.size(), whole));
            Delivery last = deliveries.get(deliveries.size() - 1);
            if (last instanceof Delivery.Retry) {
                deliveries.addAll(Collections.nCopies(group.size() - deliveries.size(), last));
                break;
            }
        }
        return deliveries;
    }
}
