// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.hyperion.HyperionClock;
import dev.hyperion.core.record.HistogramCopy;
import dev.hyperion.core.record.Tally;
import dev.hyperion.core.registry.DistributionMeter;
import dev.hyperion.core.registry.HyperionMeterRegistry;
import dev.hyperion.monitoring.MetricQuery;
import dev.hyperion.monitoring.MetricResult;
import dev.hyperion.monitoring.Scope;
import dev.hyperion.monitoring.Window;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecorderWindowTest {
    private static final Duration MINUTE = Duration.ofSeconds(60);

    private final SetClock clock = new SetClock();
    private final HyperionMeterRegistry registry = new HyperionMeterRegistry(Clock.SYSTEM);
    private final Timer timer = registry.timer("latency");
    private final RecorderWindow window =
            new RecorderWindow((DistributionMeter) timer, HistogramCopy.Scale.NANOS, clock.nanos);

    /** Both clocks are set by hand, also backwards. */
    private static final class SetClock implements HyperionClock {
        private long nanos;
        private Instant now = Instant.parse("2026-03-01T10:00:00Z");

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public long monotonicNanos() {
            return nanos;
        }

        private void at(double second) {
            nanos = (long) (second * 1e9);
        }
    }

    private record Read(double seconds, long count, double max) {}

    private Read read(int seconds) {
        try (Tally tally = Tally.of(HistogramCopy.Scale.NANOS)) {
            long length = window.add(clock, Duration.ofSeconds(seconds), 0, tally);
            return new Read(length / 1e9, tally.count(), tally.count() == 0 ? Double.NaN : tally.max() / 1e9);
        }
    }

    private void tick(double second) {
        clock.at(second);
        window.mark(clock, MINUTE);
    }

    private void record(long millis) {
        timer.record(millis, TimeUnit.MILLISECONDS);
    }

    @Test
    void eachOfManyWindowsHoldsWhatWasRecordedWithinIt() {
        for (int second = 1; second <= 200; second++) {
            record(second);
            tick(second);
        }

        clock.at(200.5);
        for (int seconds = 1; seconds < 60; seconds++) {
            Read read = read(seconds);
            assertThat(read.count()).as("%d s", seconds).isEqualTo(seconds);
            assertThat(read.seconds()).as("%d s", seconds).isEqualTo(seconds + 0.5);
        }
        assertThat(read(1).max()).isCloseTo(0.2, withinPercentage(1));
        assertThat(read(3_600).count()).isEqualTo(60); // what is kept
        assertThat(read(3_600).seconds()).isEqualTo(60.5);
    }

    @Test
    void missedTicksMakeTheWindowLongerAndItSaysSo() {
        for (int second = 1; second <= 30; second++) {
            record(second);
            tick(second);
        }
        record(1_000);
        clock.at(37);

        assertThat(read(5)).extracting(Read::seconds, Read::count).containsExactly(7.0, 1L);

        tick(37);
        record(2_000);
        clock.at(39);
        assertThat(read(5)).extracting(Read::seconds, Read::count).containsExactly(9.0, 2L);
    }

    @Test
    void aWindowWithinAnIdleTimeIsExactlyAsLongAsAsked() {
        record(5);
        tick(1);
        for (int second = 2; second <= 100; second++) {
            tick(second);
        }
        clock.at(100.25);

        assertThat(read(30)).extracting(Read::seconds, Read::count).containsExactly(30.0, 0L);
    }

    @Test
    void aClockThatJumpsAheadOrBackLosesAndInventsNothing() {
        record(1);
        tick(10);
        record(2);
        tick(100_000); // a day
        record(3);
        assertThat(read(60)).extracting(Read::seconds, Read::count).containsExactly(99_990.0, 2L);

        tick(50_000); // back again: no mark
        record(4);
        clock.at(100_061);
        assertThat(read(60)).extracting(Read::seconds, Read::count).containsExactly(61.0, 2L);

        clock.at(-5); // before it began
        assertThat(read(60).seconds()).isEqualTo(-1e-9);
        assertThat(read(60).count()).isZero();
    }

    @Test
    void theCalendarMayJumpWhileTheMonotonicClockDoesNot() {
        LocalSeries series = new LocalSeries(registry, clock, MINUTE);
        Timer other = registry.timer("other");
        LocalQueries queries = new LocalQueries(series, clock);
        MetricQuery query = new MetricQuery("other", Map.of(), Optional.empty(), MINUTE, Scope.NONE, Set.of());
        clock.at(10);
        other.record(1, TimeUnit.SECONDS);
        series.tick();
        clock.now = clock.now.minusSeconds(86_400);
        clock.at(20);

        Answer answer = queries.answer(query, false, List.of(Optional.empty()));
        Window actual = ((MetricResult.Samples) answer.result(query, 0)).actual();

        assertThat(actual).isEqualTo(new Window(clock.now.minusSeconds(20), clock.now));
    }

    @Test
    void aResetIsANewBaselineAndEmptyIsNotZero() {
        record(1);
        tick(10);
        clock.at(12);
        window.restart(clock);
        clock.at(14);

        assertThat(read(60).count()).isZero();
        record(9);
        assertThat(read(60).count()).isEqualTo(1);
        try (Tally tally = Tally.of(HistogramCopy.Scale.NANOS)) {
            assertThat(window.addSinceBeginning(clock, tally)).isEqualTo(2_000_000_000L);
            assertThat(tally.count()).isEqualTo(1);
            assertThat(tally.sum()).isEqualTo(9e6);
            assertThat(tally.quantile(0.5)).isCloseTo(9e6, within(9e6 / 128));
        }
    }

    @Test
    void windowsOverRecordsOfAllSizesHaveExactSums() {
        timer.record(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        timer.record(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        tick(1);
        timer.record(17, TimeUnit.NANOSECONDS);
        timer.record(3, TimeUnit.HOURS);
        clock.at(2);

        try (Tally tally = Tally.of(HistogramCopy.Scale.NANOS)) {
            window.add(clock, Duration.ofSeconds(1), 0, tally);
            assertThat(tally.sum()).isEqualTo(Duration.ofHours(3).toNanos() + 17.0);
        }
        assertThat(timer.totalTime(TimeUnit.NANOSECONDS))
                .isEqualTo(2.0 * Long.MAX_VALUE + Duration.ofHours(3).toNanos());
    }

    /** Who comes back is answered from where the last window began; who comes once looks for it. */
    @Test
    void readersThatComeBackSeeWhatThoseSeeThatComeOnce() {
        Random random = new Random(11);
        int[] usual = {5, 30, 60};
        double now = 0;
        for (int i = 0; i < 20_000; i++) {
            now += random.nextInt(4) == 0 ? random.nextDouble() * 3 : 1;
            for (int n = random.nextInt(3); n > 0; n--) {
                record(1 + random.nextInt(1_000));
            }
            clock.at(now);
            if (random.nextInt(5) > 0) {
                window.mark(clock, MINUTE);
            }
            if (random.nextInt(3_000) == 0) {
                window.restart(clock);
            }
            int seconds = random.nextInt(10) == 0 ? 1 + random.nextInt(60) : usual[i / 1_000 % usual.length];

            assertThat(readAgain(seconds))
                    .as("%d s at %f", seconds, now)
                    .isEqualTo(read(seconds).count());
        }
    }

    private long readAgain(int seconds) {
        try (Tally tally = Tally.of(HistogramCopy.Scale.NANOS)) {
            Object begin = window.read(clock, Duration.ofSeconds(seconds), tally, () -> {});
            assertThat(window.beginOf(clock, Duration.ofSeconds(seconds))).isSameAs(begin);
            return tally.count();
        }
    }
}
