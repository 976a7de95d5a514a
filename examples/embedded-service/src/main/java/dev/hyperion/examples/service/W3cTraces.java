// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.examples.service;

import dev.hyperion.monitoring.TraceContext;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The trace that the current request belongs to, as its {@code traceparent} header says (W3C Trace Context). An application
 * with a tracer asks the tracer instead: {@code () -> Optional.of(Span.current().getSpanContext())…}.
 */
final class W3cTraces implements TraceContext {
    private static final Pattern HEADER = Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

    private static final ThreadLocal<@Nullable Span> CURRENT = new ThreadLocal<>();

    /** Begins a request: what is recorded until {@link #end} belongs to its trace, if it is sampled. */
    void begin(@Nullable String traceparent) {
        Matcher header = HEADER.matcher(traceparent == null ? "" : traceparent);
        boolean sampled = header.matches() && (Integer.parseInt(header.group(3), 16) & 1) == 1;
        CURRENT.set(sampled ? new Span(header.group(1), header.group(2)) : null);
    }

    void end() {
        CURRENT.remove();
    }

    @Override
    public Optional<Span> current() {
        return Optional.ofNullable(CURRENT.get());
    }
}
