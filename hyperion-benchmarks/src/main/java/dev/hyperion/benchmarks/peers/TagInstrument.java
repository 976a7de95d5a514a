// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.benchmarks.peers;

/** What is looked up by a tag's value at each record. Thread-safety: thread-safe. */
@FunctionalInterface
public interface TagInstrument {
    /**
     * Looks the series up and records into it.
     *
     * @param outcome the tag's value
     * @param nanos a latency in nanoseconds; counters add one instead
     */
    void record(String outcome, long nanos);
}
