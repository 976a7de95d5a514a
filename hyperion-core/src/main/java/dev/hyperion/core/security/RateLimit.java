// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.security;

import dev.hyperion.HyperionClock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token bucket for each client: {@code rate} requests per second on the long run, {@code burst} at once. The least recently
 * seen of too many clients are forgotten, and begin with a full bucket. Thread-safety: thread-safe.
 */
public final class RateLimit {
    private static final int MOST_CLIENTS = 10_000;

    private final double rate;
    private final double burst;
    private final HyperionClock clock;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
            return size() > MOST_CLIENTS;
        }
    };

    private record Bucket(double tokens, long nanos) {}

    /**
     * A limit.
     *
     * @param rate requests per second on the long run, more than 0
     * @param burst requests at once, 1 or more
     * @param clock measures time
     */
    public RateLimit(double rate, double burst, HyperionClock clock) {
        this.rate = rate;
        this.burst = burst;
        this.clock = clock;
    }

    /**
     * Asks for one request.
     *
     * @param client who
     * @return zero if it is granted, else how long to wait
     */
    public synchronized Duration ask(String client) {
        long now = clock.monotonicNanos();
        Bucket before = buckets.getOrDefault(client, new Bucket(burst, now));
        double tokens = Math.min(burst, before.tokens() + (now - before.nanos()) / 1e9 * rate);
        if (tokens >= 1) {
            buckets.put(client, new Bucket(tokens - 1, now));
            return Duration.ZERO;
        }
        buckets.put(client, new Bucket(tokens, now));
        return Duration.ofNanos((long) ((1 - tokens) / rate * 1e9));
    }
}
