// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What was measured of one version since {@code startId}: everything only rises while that stays the same.
 *
 * <p>A lock, not striped counters: a proxied request costs some hundred microseconds, two short lock sections are lost in
 * it, and under the lock histogram, sum and counters agree with each other in every copy.
 *
 * <p>Thread-safety: thread-safe.
 */
final class VersionStats {
    private final String startId;
    private final LatencyHistogram latency = new LatencyHistogram();
    private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
    private long errors;
    private long refusedConnects;

    VersionStats(String startId) {
        this.startId = startId;
    }

    /**
     * One moment's figures.
     *
     * @param startId changes whenever the figures began anew at zero
     * @param latency of every request that ended, but those whose client left
     * @param outcomes requests that ended, by how
     * @param errors requests that ended in an error of the version
     * @param refusedConnects connections that a replica did not accept; most were tried again elsewhere
     */
    record Copy(
            String startId, LatencyHistogram latency, Map<Outcome, Long> outcomes, long errors, long refusedConnects) {}

    synchronized void ended(Outcome outcome, long nanos) {
        outcomes.merge(outcome, 1L, Long::sum);
        errors += outcome.error() ? 1 : 0;
        // How long a client took to walk away says nothing about the version.
        if (outcome != Outcome.CLIENT_GONE) {
            latency.record(nanos);
        }
    }

    synchronized void connectRefused() {
        refusedConnects++;
    }

    synchronized Copy copy() {
        return new Copy(
                startId, latency.copy(), Collections.unmodifiableMap(new EnumMap<>(outcomes)), errors, refusedConnects);
    }
}
