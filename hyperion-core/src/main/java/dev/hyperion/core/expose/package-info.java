// SPDX-License-Identifier: Apache-2.0
/**
 * How what was measured leaves the process: Prometheus text and OpenMetrics, and the JSON export of the monitoring center.
 *
 * <p>The HTTP layer calls {@link dev.hyperion.core.expose.PrometheusText} and
 * its neighbours; they write to a stream as they go and never build the whole answer in memory.
 */
@NullMarked
package dev.hyperion.core.expose;

import org.jspecify.annotations.NullMarked;
