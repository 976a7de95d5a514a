// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.ApplicationId;
import dev.hyperion.Deadline;
import dev.hyperion.Version;
import java.util.Map;
import java.util.Optional;

/**
 * Shares the requests of an application out among its versions. It serves on while nobody directs it.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface TrafficRouter extends AutoCloseable {
    /**
     * What it can do.
     *
     * @return always the same
     */
    RouterCapabilities capabilities();

    /**
     * Tells what it does.
     *
     * @param application whose requests
     * @param deadline how long there is
     * @return the table in force; without versions if it has none for this application
     */
    ObservedRoute observe(ApplicationId application, Deadline deadline);

    /**
     * Replaces the whole table of an application, at one moment. Requests in flight go on to their end wherever they are.
     *
     * @param application whose requests
     * @param table share and target of each version; shares sum to 10,000
     * @param mutation who wants it
     * @param deadline how long there is
     * @return the new generation
     * @throws dev.hyperion.PluginException not retryable, if the shares do not sum to 10,000
     */
    Applied apply(ApplicationId application, Map<Version, Weighted> table, Mutation mutation, Deadline deadline);

    /**
     * What it measures: {@code latency} (distribution), {@code requests} and {@code error} (cumulative) and {@code
     * requests.in_flight} (scalar), each with the labels application and version.
     *
     * @return empty if it measures nothing; closed with the router
     */
    default Optional<MetricSource> metrics() {
        return Optional.empty();
    }

    /** Lets go of the router, which serves on. */
    @Override
    void close();
}
