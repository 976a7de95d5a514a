// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.examples.service;

import dev.hyperion.Deadline;
import dev.hyperion.monitoring.HealthFinding;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What the service is about: quotes, from something slow that stands for a database. */
final class Quotes {
    private static final List<String> ALL = List.of(
            "measure, then act", "a percentile is not an average", "no data is not zero", "go back by yourself");

    private final Duration work;
    private final AtomicLong next = new AtomicLong();
    private final DistributionSummary lengths;

    Quotes(Duration work, MeterRegistry meters) {
        this.work = work;
        this.lengths = DistributionSummary.builder("quote.length")
                .description("Characters of the quotes that were given.")
                .baseUnit("characters")
                .register(meters);
    }

    String take() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(work.toNanos()); // what a call to a database would take
        String quote = ALL.get((int) (next.getAndIncrement() % ALL.size()));
        lengths.record(quote.length());
        return quote;
    }

    /** Whether quotes can be had; a real service would ask its database here. */
    HealthFinding check(Deadline deadline) {
        return work.compareTo(Duration.ofSeconds(5)) < 0
                ? HealthFinding.up()
                : HealthFinding.degraded("a quote takes " + work.toMillis() + " ms");
    }
}
