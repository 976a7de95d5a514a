// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.peers;

/** What a latency is recorded into. Thread-safety: thread-safe. */
@FunctionalInterface
public interface LatencyInstrument {
    /**
     * Records one latency.
     *
     * @param nanos nanoseconds, more than 0
     */
    void record(long nanos);
}
