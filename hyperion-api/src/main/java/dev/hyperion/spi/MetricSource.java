// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.spi;

import dev.hyperion.Deadline;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;

/**
 * Figures of other processes: of a router, of replicas, of a time-series database.
 *
 * <p>A source answers in the form it has: cumulative totals and distributions with their start id, one sample per series
 * that matches the query's name, tags and scope, or scalars for which it took the statistic itself. The monitoring center
 * takes windows and statistics over cumulative forms, so those may ignore the query's window and statistic.
 *
 * <p>Thread-safety: thread-safe.
 */
public interface MetricSource extends AutoCloseable {
    /**
     * Answers a query. Samples about an application carry the label {@code application}, and {@code version} where they
     * are about one; samples about a replica carry {@code replica}.
     *
     * @param query what is asked
     * @param deadline how long there is
     * @return samples, no data, or why it failed; never zero for missing data
     * @throws dev.hyperion.PluginException if the source cannot be reached; the same as a failed result
     */
    MetricResult query(MetricQuery query, Deadline deadline);

    /**
     * Checks, when the configuration is loaded and without asking anybody, that the source can ever answer a query.
     *
     * @param query what will be asked
     * @throws dev.hyperion.PluginException not retryable, if it knows no such metric; the message names those it knows
     */
    void check(MetricQuery query);

    @Override
    void close();
}
