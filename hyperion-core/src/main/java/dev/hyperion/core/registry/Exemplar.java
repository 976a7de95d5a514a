// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import java.time.Instant;

/**
 * One record and the trace that it belongs to. Thread-safety: immutable.
 *
 * @param value what was recorded: seconds for timers, else the recorded unit
 * @param traceId the trace
 * @param spanId the span within it
 * @param at when it was recorded, to the interval of the monitoring center's tick
 */
public record Exemplar(double value, String traceId, String spanId, Instant at) {}
