// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
    @Test
    void everyValueLiesInItsBucketWhoseMiddleIsOffByOnePartIn128AtMost() {
        long seed = System.nanoTime();
        System.out.println("LatencyHistogramTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            long value = random.nextLong() >>> (22 + random.nextInt(42));
            int bucket = LatencyHistogram.bucketOf(value);
            long lower = LatencyHistogram.lowerEdge(bucket);
            long upper = LatencyHistogram.lowerEdge(bucket + 1);
            assertThat(value).as("seed %s", seed).isBetween(lower, upper - 1);
            if (value >= 128) {
                assertThat(Math.abs((lower + upper) / 2.0 - value)).isLessThanOrEqualTo(value / 128.0);
            }
        }
    }

    @Test
    void countsAndTheExactSumAreKeptAlsoOfWhatIsTooLong() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(1_000_003);
        histogram.record(1_000_003);
        histogram.record(Long.MAX_VALUE / 4);
        histogram.record(-5);

        AtomicLong count = new AtomicLong();
        histogram.forEach((lower, upper, n) -> count.addAndGet(n));
        assertThat(count).hasValue(4);
        assertThat(histogram.sumNanos()).isEqualTo(2 * 1_000_003L + Long.MAX_VALUE / 4);
    }

    @Test
    void aCopyDoesNotMove() {
        LatencyHistogram histogram = new LatencyHistogram();
        histogram.record(5);
        LatencyHistogram copy = histogram.copy();
        histogram.record(6);

        assertThat(copy.sumNanos()).isEqualTo(5);
    }
}
