// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.security;

import dev.hyperion.monitoring.MeterSpec;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A counter per client for those who come most often, within a fixed number of series: anybody may send from any number of
 * addresses, and must not be able to fill the memory or to hide behind the crowd.
 *
 * <p>Who matters is found by the Space-Saving algorithm (Metwally, Agrawal, El Abbadi: Efficient Computation of Frequent and
 * Top-k Elements in Data Streams, 2005): a client that is not among the counted takes the place of the one with the lowest
 * rank and inherits its rank, so that a client with more than one in {@code places} of all events is always among them. The
 * rank only decides who is counted; each client's own counter begins at zero, and what the one who left had counted goes to
 * {@code client="other"}. So no counter tells more than happened, and their sum is exact.
 *
 * <p>Thread-safety: thread-safe, blocking; meant for events that are refused anyway.
 */
public final class ClientCounters {
    private static final String OTHER = "other";

    private final MeterRegistry meters;
    private final MeterSpec meter;
    private final int places;
    private final Map<String, Place> clients = new HashMap<>();

    private static final class Place {
        private final Counter counter;
        private long rank;

        Place(Counter counter, long rank) {
            this.counter = counter;
            this.rank = rank;
        }
    }

    /**
     * Nobody is counted yet.
     *
     * @param meters where the counters are registered
     * @param meter what they count; its one tag is the client
     * @param places how many clients have a counter of their own at once, 1 or more
     */
    public ClientCounters(MeterRegistry meters, MeterSpec meter, int places) {
        if (places < 1) {
            throw new IllegalArgumentException(
                    meter.name() + " has " + places + " places for clients; expected 1 or more");
        }
        this.meters = meters;
        this.meter = meter;
        this.places = places;
    }

    /**
     * Counts one event.
     *
     * @param client whose
     */
    public synchronized void count(String client) {
        Place place = clients.get(client);
        if (place == null) {
            place = new Place(counter(client), clients.size() < places ? 0 : makeRoom());
            clients.put(client, place);
        }
        place.rank++;
        place.counter.increment();
    }

    /** Takes the place of the client with the lowest rank and returns that rank. */
    private long makeRoom() {
        Map.Entry<String, Place> least = null;
        for (Map.Entry<String, Place> each : clients.entrySet()) {
            if (least == null || each.getValue().rank < least.getValue().rank) {
                least = each;
            }
        }
        Place leaves = Objects.requireNonNull(clients.remove(
                Objects.requireNonNull(least, "no place is taken").getKey()));
        counter(OTHER).increment(leaves.counter.count());
        meters.remove(leaves.counter);
        return leaves.rank;
    }

    private Counter counter(String client) {
        return meter.counter(meters, client);
    }
}
