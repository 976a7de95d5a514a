// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class RecorderAccuracyTest {
    private static final double[] QUANTILES = {0, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 1};

    @Test
    void quantilesOfRandomDurationsStayWithinOnePercentOfTheExactOnes() {
        for (long seed = 1; seed <= 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double spread = 0.1 + random.nextDouble() * 3;
            double centre = Math.log(1_000 * Math.pow(10, random.nextDouble() * 6));
            long[] values = new long[20_000];
            LatencyRecorder recorder = new LatencyRecorder();
            for (int i = 0; i < values.length; i++) {
                double value = Math.exp(centre + spread * (random.nextDouble() + random.nextDouble() - 1) * 3);
                values[i] = Math.max(1_000, Math.min(3_600_000_000_000L, (long) value));
                recorder.record(values[i]);
            }
            Arrays.sort(values);

            HistogramCopy copy = recorder.copy();

            assertThat(copy.count()).as("seed %d", seed).isEqualTo(values.length);
            assertThat(copy.sum())
                    .as("seed %d", seed)
                    .isEqualTo(Arrays.stream(values).sum());
            for (double q : QUANTILES) {
                assertThat(copy.quantile(q))
                        .as("seed %d, quantile %s", seed, q)
                        .isCloseTo(exact(values.length, q, r -> values[r]), withinPercentage(1));
            }
        }
    }

    /** The first records settle which octaves are recorded the short way; the others must not end up anywhere else. */
    @Test
    void aDurationIsCountedAsItselfWhereverTheUsualOnesAre() {
        for (int usual = 0; usual < 48; usual++) {
            for (int exponent = 0; exponent < 42; exponent++) {
                for (long near : new long[] {-1, 0, 1}) {
                    long nanos = Math.max(0, (1L << exponent) + near);
                    LatencyRecorder recorder = new LatencyRecorder();
                    int first = 20;
                    for (int i = 0; i < first; i++) {
                        recorder.record(1L << usual);
                    }
                    HistogramCopy before = recorder.copy();

                    recorder.record(nanos);

                    HistogramCopy only = recorder.copy().minus(before);
                    String what = nanos + " ns after " + first + " of 2^" + usual + " ns";
                    assertThat(only.count()).as(what).isOne();
                    assertThat(only.sum()).as(what).isEqualTo(nanos);
                    assertThat(only.max()).as(what).isCloseTo(nanos, withinPercentage(1));
                }
            }
        }
    }

    @Test
    void quantilesOfRandomDoublesStayWithinOnePercentOfTheExactOnes() {
        for (long seed = 1; seed <= 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            double[] values = new double[20_000];
            ValueRecorder recorder = new ValueRecorder();
            BigDecimal sum = BigDecimal.ZERO;
            double magnitude = random.nextDouble() * 400 - 200;
            for (int i = 0; i < values.length; i++) {
                values[i] = Math.exp(magnitude + random.nextDouble() * 5);
                recorder.record(values[i]);
                sum = sum.add(new BigDecimal(values[i]));
            }
            Arrays.sort(values);

            HistogramCopy copy = recorder.copy();

            assertThat(copy.count()).as("seed %d", seed).isEqualTo(values.length);
            assertThat(copy.sum()).as("seed %d", seed).isCloseTo(sum.doubleValue(), withinPercentage(1e-13));
            for (double q : QUANTILES) {
                assertThat(copy.quantile(q))
                        .as("seed %d, quantile %s", seed, q)
                        .isCloseTo(exact(values.length, q, r -> values[r]), withinPercentage(1));
            }
        }
    }

    private static double exact(int count, double q, ToDoubleFunction<Integer> ranked) {
        return ranked.applyAsDouble(Math.max(0, (int) Math.ceil(q * count) - 1));
    }

    @Test
    void aQuantileThatIsAWholeNumberOfRecordsIsNotRoundedUp() {
        for (int percent = 1; percent < 100; percent++) {
            for (int hundreds = 1; hundreds <= 50; hundreds++) {
                assertThat(HistogramCopy.rank(percent / 100.0, hundreds * 100L))
                        .as("p%d of %d", percent, hundreds * 100)
                        .isEqualTo(percent * hundreds);
            }
        }
        for (long thousands = 1; thousands <= 1_000_000_000; thousands *= 10) {
            assertThat(HistogramCopy.rank(0.999, thousands * 1_000)).isEqualTo(999 * thousands);
        }
        assertThat(HistogramCopy.rank(0.999, 1_001)).isEqualTo(1_000);
        assertThat(HistogramCopy.rank(0.5, 3)).isEqualTo(2);
        assertThat(HistogramCopy.rank(0, 3)).isEqualTo(1);
        assertThat(HistogramCopy.rank(1, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void everyBucketEdgeIsWithinOneInA128OfItsMiddle() {
        for (int exponent = 0; exponent < LatencyRecorder.BEYOND_EXPONENT; exponent++) {
            for (long offset : new long[] {0, 1, (1L << exponent) / 2, (1L << exponent) - 1}) {
                long value = (1L << exponent) + offset;
                LatencyRecorder recorder = new LatencyRecorder();
                recorder.record(value);
                assertThat(recorder.copy().max()).as("%d ns", value).isCloseTo(value, within(value / 128.0));
                assertThat(recorder.copy().sum()).isEqualTo(value);
            }
        }
    }

    @Test
    void durationsBeyondTheRangeAreCountedAndTheSumStaysExact() {
        LatencyRecorder recorder = new LatencyRecorder();
        long day = 86_400_000_000_000L;

        recorder.record(day);
        recorder.record(day + 7);
        recorder.record(-5);
        recorder.record(0);

        HistogramCopy copy = recorder.copy();
        assertThat(copy.count()).isEqualTo(4);
        assertThat(copy.sum()).isEqualTo(2 * day + 7);
        assertThat(copy.min()).isZero();
        assertThat(copy.max()).isGreaterThanOrEqualTo(1L << LatencyRecorder.BEYOND_EXPONENT);
    }

    @Test
    void aBucketThatFillsUpIsDrainedWithoutLosingCountOrSum() {
        ValueRecorder recorder = new ValueRecorder();
        double awkward = Math.nextDown(2.0); // the largest residual there is
        int records = 300_000; // the residuals alone exceed 64 bits

        for (int i = 0; i < records; i++) {
            recorder.record(awkward);
        }

        assertThat(recorder.copy().count()).isEqualTo(records);
        assertThat(recorder.copy().sum())
                .isEqualTo(new BigDecimal(awkward)
                        .multiply(BigDecimal.valueOf(records))
                        .doubleValue());
    }

    @Test
    void oddDoublesNeverThrowIntoTheCaller() {
        ValueRecorder recorder = new ValueRecorder();

        recorder.record(Double.NaN);
        recorder.record(Double.POSITIVE_INFINITY);
        recorder.record(-3);
        recorder.record(Double.MIN_VALUE);

        assertThat(recorder.copy().count()).isEqualTo(3);
        assertThat(recorder.copy().max()).isGreaterThan(Double.MAX_VALUE / 1.02);
    }

    @Test
    void aWindowIsTheDifferenceOfTwoCopies() {
        LatencyRecorder recorder = new LatencyRecorder();
        recorder.record(5_000_000);
        HistogramCopy before = recorder.copy();
        recorder.record(90_000_000);
        recorder.record(80_000_000);

        HistogramCopy window = recorder.copy().minus(before);

        assertThat(window.count()).isEqualTo(2);
        assertThat(window.sum()).isEqualTo(170_000_000);
        assertThat(window.min()).isCloseTo(80_000_000, withinPercentage(1));
        assertThat(recorder.copy().minus(recorder.copy()).count()).isZero();
    }

    @Test
    void mergingCopiesEqualsRecordingIntoOne() {
        LatencyRecorder one = new LatencyRecorder();
        LatencyRecorder other = new LatencyRecorder();
        LatencyRecorder both = new LatencyRecorder();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 5_000; i++) {
            long value = random.nextLong(1_000, 10_000_000_000L);
            (i % 3 == 0 ? one : other).record(value);
            both.record(value);
        }

        HistogramCopy merged = one.copy().plus(other.copy());

        assertThat(merged.sum()).isEqualTo(both.copy().sum());
        for (double q : QUANTILES) {
            assertThat(merged.quantile(q)).isEqualTo(both.copy().quantile(q));
        }
    }

    @Test
    void aQuantileOfNothingIsAnErrorAndNotZero() {
        assertThatThrownBy(() -> new LatencyRecorder().copy().quantile(0.5)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void durationsOfAnySizeHaveAnExactSumAndThoseAboveTheRangeAreCounted() {
        LatencyRecorder recorder = new LatencyRecorder();
        recorder.record(Long.MAX_VALUE);
        assertThat(recorder.copy().sum()).isEqualTo((double) Long.MAX_VALUE);

        HistogramCopy before = recorder.copy();
        recorder.record(Long.MAX_VALUE); // the sum of both is above the largest long
        recorder.record((1L << 42) + 3);
        recorder.record((1L << 42) - 1);
        recorder.record(Long.MIN_VALUE);

        assertThat(recorder.copy().sum()).isEqualTo(0x1p64 + 0x1p43);
        assertThat(recorder.clamped()).isEqualTo(3);
        assertThat(recorder.recorded()).isEqualTo(5);
        HistogramCopy window = recorder.copy().minus(before);
        assertThat(window.count()).isEqualTo(4);
        assertThat(window.quantile(1)).isBetween(0x1p42, 0x1p42 * (1 + 1 / 64.0));
    }

    @Test
    void theSmallestDoublesThereAreAreTold() {
        ValueRecorder recorder = new ValueRecorder();
        recorder.record(Double.MIN_VALUE);
        recorder.record(Double.MIN_VALUE * 1_000);
        recorder.record(Double.MIN_NORMAL);

        HistogramCopy copy = recorder.copy();

        assertThat(copy.count()).isEqualTo(3);
        assertThat(copy.sum()).isEqualTo(Double.MIN_NORMAL + Double.MIN_VALUE * 1_001);
        assertThat(copy.max()).isEqualTo(Double.MIN_NORMAL);
        assertThat(copy.min()).isBetween(0.0, Double.MIN_NORMAL / 64); // only normal ones are told to 1/128
    }

    @Test
    void anInfiniteValueIsCountedAndGoneFromTheSumOfLaterWindows() {
        ValueRecorder recorder = new ValueRecorder();
        recorder.record(Double.POSITIVE_INFINITY);
        recorder.record(Double.NaN);
        recorder.record(Double.NEGATIVE_INFINITY);
        HistogramCopy before = recorder.copy();
        recorder.record(3);

        assertThat(recorder.clamped()).isEqualTo(1);
        assertThat(before.count()).isEqualTo(2);
        assertThat(before.sum()).isEqualTo(Double.MAX_VALUE);
        assertThat(before.max()).isEqualTo(Double.MAX_VALUE);
        assertThat(recorder.copy().minus(before).sum()).isEqualTo(3);
    }
}
