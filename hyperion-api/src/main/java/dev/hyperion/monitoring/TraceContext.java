// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.util.Optional;

/**
 * Tells which trace the current thread works for, so that a scrape can link a slow record to its trace (an OpenMetrics
 * exemplar). Bridges to a tracer, such as OpenTelemetry's {@code Span.current().getSpanContext()}.
 *
 * <p>Called on the recording thread for a few records per interval, not for each. Must not block.
 *
 * <p>Thread-safety: thread-safe.
 */
@FunctionalInterface
public interface TraceContext {
    /**
     * Tells the span that is being worked on.
     *
     * @return empty if there is none, or if it is not sampled: an exemplar that leads nowhere is worse than none
     */
    Optional<Span> current();

    /**
     * A span of a trace. Thread-safety: immutable.
     *
     * @param traceId the trace, 32 hexadecimal digits in W3C Trace Context
     * @param spanId the span, 16 hexadecimal digits in W3C Trace Context
     */
    record Span(String traceId, String spanId) {}
}
