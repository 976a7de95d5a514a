// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hyperion.monitoring.TraceContext;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Timer;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ExemplarTest {
    private final MockClock clock = new MockClock();
    private int asked;
    private Optional<TraceContext.Span> span = Optional.of(new TraceContext.Span("trace-1", "span-1"));
    private final HyperionMeterRegistry registry =
            new HyperionMeterRegistry(clock, RegistrySettings.defaults().withTraces(() -> {
                asked++;
                return span;
            }));

    private static DistributionMeter traced(Timer timer) {
        return (DistributionMeter) timer;
    }

    @Test
    void aRecordWithinATraceLeavesAnExemplar() {
        Timer timer = registry.timer("latency");
        registry.armExemplars();

        timer.record(250, TimeUnit.MILLISECONDS);

        assertThat(traced(timer).exemplars())
                .containsExactly(new Exemplar(0.25, "trace-1", "span-1", Instant.ofEpochMilli(clock.wallTime())));
    }

    @Test
    void slowRecordsGetTheirsHoweverManyQuickOnesCameBefore() {
        Timer timer = registry.timer("latency");
        registry.armExemplars();
        for (int i = 0; i < 10_000; i++) {
            timer.record(1_000 + i % 40, TimeUnit.MICROSECONDS);
        }
        span = Optional.of(new TraceContext.Span("slow", "s"));

        timer.record(3, TimeUnit.SECONDS);

        assertThat(traced(timer).exemplars())
                .extracting(Exemplar::traceId)
                .containsExactlyInAnyOrder("trace-1", "slow");
    }

    @Test
    void theTracerIsAskedForAFewRecordsPerTickAndNotForEach() {
        Timer timer = registry.timer("latency");
        registry.armExemplars();
        for (int i = 0; i < 100_000; i++) {
            timer.record(1_000, TimeUnit.MICROSECONDS);
        }
        assertThat(asked).isEqualTo(1);

        span = Optional.empty();
        registry.armExemplars();
        for (int i = 0; i < 100_000; i++) {
            timer.record(1_000, TimeUnit.MICROSECONDS);
        }
        assertThat(asked).isBetween(2, 40);
    }

    @Test
    void untilTheFirstTickAndWithoutATracerThereAreNone() {
        Timer early = registry.timer("early");
        early.record(1, TimeUnit.SECONDS);
        assertThat(traced(early).exemplars()).isEmpty();
        assertThat(asked).isZero();

        HyperionMeterRegistry plain = new HyperionMeterRegistry(clock);
        Timer timer = plain.timer("latency");
        plain.armExemplars();
        timer.record(1, TimeUnit.SECONDS);
        assertThat(traced(timer).exemplars()).isEmpty();
    }

    @Test
    void aRecordBehindOneThatWasNotSampledIsTakenInTheSameInterval() {
        Timer timer = registry.timer("latency");
        registry.armExemplars();
        Optional<TraceContext.Span> traced = span;
        span = Optional.empty();
        timer.record(20, TimeUnit.MILLISECONDS);
        span = traced;

        timer.record(20, TimeUnit.MILLISECONDS);

        assertThat(traced(timer).exemplars()).hasSize(1);
    }

    @Test
    void theNextIntervalTakesANewerOne() {
        Timer timer = registry.timer("latency");
        registry.armExemplars();
        timer.record(20, TimeUnit.MILLISECONDS);
        span = Optional.of(new TraceContext.Span("trace-2", "span-2"));
        clock.add(1, TimeUnit.SECONDS);
        timer.record(20, TimeUnit.MILLISECONDS);
        assertThat(traced(timer).exemplars()).extracting(Exemplar::traceId).containsExactly("trace-1");

        registry.armExemplars();
        timer.record(20, TimeUnit.MILLISECONDS);

        assertThat(traced(timer).exemplars()).extracting(Exemplar::traceId).containsExactly("trace-2");
    }

    @Test
    void countersAndSummariesHaveThemToo() {
        Counter counter = registry.counter("errors");
        DistributionSummary summary = registry.summary("size");
        registry.armExemplars();

        counter.increment();
        summary.record(2_048);

        assertThat(((TracedMeter) counter).exemplars())
                .extracting(Exemplar::value)
                .containsExactly(1.0);
        assertThat(((TracedMeter) summary).exemplars())
                .extracting(Exemplar::value)
                .containsExactly(2_048.0);
    }

    @Test
    void aTracerThatThrowsCostsNoRecord() {
        HyperionMeterRegistry broken =
                new HyperionMeterRegistry(clock, RegistrySettings.defaults().withTraces(() -> {
                    throw new IllegalStateException("no tracer");
                }));
        Timer timer = broken.timer("latency");
        broken.armExemplars();

        timer.record(1, TimeUnit.SECONDS);

        assertThat(timer.count()).isEqualTo(1);
        assertThat(traced(timer).exemplars()).isEmpty();
    }

    @Test
    void withATracerTheUsualRecordStillAllocatesNothing() {
        Timer timer = registry.timer("latency");
        Counter counter = registry.counter("errors");
        registry.armExemplars();

        long perRound = Allocations.leastOf(() -> {
            for (int i = 0; i < 100_000; i++) {
                timer.record(1_000_000L + i, TimeUnit.NANOSECONDS);
                counter.increment();
            }
        });

        assertThat(perRound).isLessThan(Allocations.MEASURING);
    }
}
