// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.examples.service;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures every request in one place: how long it took by route and outcome, whether it failed, how many are under way, and
 * to which trace it belongs. Tag values are looked up for each request; with Hyperion's registry that neither locks nor
 * allocates, and too many different values cannot fill the memory.
 */
final class MeasuredRequests extends Filter {
    private final MeterRegistry meters;
    private final W3cTraces traces;
    private final AtomicInteger underWay = new AtomicInteger();

    MeasuredRequests(MeterRegistry meters, W3cTraces traces) {
        this.meters = meters;
        this.traces = traces;
        Gauge.builder("requests.in_flight", underWay, AtomicInteger::get)
                .description("Requests under way.")
                .register(meters);
    }

    @Override
    public void doFilter(HttpExchange exchange, Chain chain) throws IOException {
        traces.begin(exchange.getRequestHeaders().getFirst("traceparent"));
        underWay.incrementAndGet();
        Timer.Sample sample = Timer.start(meters);
        boolean answered = false;
        try {
            chain.doFilter(exchange);
            answered = exchange.getResponseCode() < 500;
        } finally {
            sample.stop(
                    meters.timer("latency", "route", exchange.getHttpContext().getPath()));
            if (!answered) {
                meters.counter("error", "route", exchange.getHttpContext().getPath())
                        .increment();
            }
            underWay.decrementAndGet();
            traces.end();
        }
    }

    @Override
    public String description() {
        return "measures every request";
    }
}
