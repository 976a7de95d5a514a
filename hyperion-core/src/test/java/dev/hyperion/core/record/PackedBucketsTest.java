// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.core.record.HistogramCopy.Scale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A recorder that is read by itself, and so in its packed words, beside the same one read bucket by bucket. */
class PackedBucketsTest {
    private static final double[] QUANTILES = {0, 0.5, 0.9, 0.95, 0.99, 0.999, 1, 0.25, 1, 0};

    /** Few and many records, in few and many octaves, beyond the last one and so often that words were emptied. */
    private static void record(LatencyRecorder recorder, SplittableRandom random, int records, double spread) {
        for (int i = 0; i < records; i++) {
            double position = random.nextDouble() + random.nextDouble() - 1;
            recorder.record((long) Math.exp(15 + spread * position));
        }
    }

    @Test
    void tellsTheSameAsIfItsBucketsHadBeenTakenApart() {
        int spilled = 0;
        for (long seed = 1; seed <= 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            LatencyRecorder recorder = new LatencyRecorder();
            double spread = new double[] {0.01, 1, 4, 20}[random.nextInt(4)];
            int most = new int[] {1, 10, 16, 40, 3_000}[random.nextInt(5)];
            record(recorder, random, random.nextInt(most + 1), spread);
            CompactCopy earlier;
            try (Tally tally = Tally.of(Scale.NANOS)) {
                recorder.addTo(tally);
                earlier = tally.compact();
            }
            record(recorder, random, random.nextInt(most + 1), spread);
            spilled += recorder.clamped() > 0 ? 1 : 0;

            try (Tally packed = Tally.of(Scale.NANOS);
                    Tally apart = Tally.of(Scale.NANOS)) {
                recorder.addTo(packed);
                apart.add(recorder.copy());
                assertSame(packed, apart, seed);
                packed.subtract(earlier);
                apart.subtract(earlier);
                assertSame(packed, apart, seed);
                assertThat(packed.compact().buckets).as("seed %d", seed).isEqualTo(apart.compact().buckets);
                packed.add(earlier); // which takes it apart after all
                apart.add(earlier);
                recorder.addTo(packed);
                recorder.addTo(apart);
                assertSame(packed, apart, seed);
            }
        }
        assertThat(spilled).isGreaterThan(10);
    }

    private static void assertSame(Tally packed, Tally apart, long seed) {
        assertThat(packed.count()).as("seed %d", seed).isEqualTo(apart.count());
        assertThat(packed.sum()).as("seed %d", seed).isEqualTo(apart.sum());
        if (apart.count() > 0) {
            for (double q : QUANTILES) {
                assertThat(packed.quantile(q))
                        .as("seed %d, quantile %s", seed, q)
                        .isEqualTo(apart.quantile(q));
            }
            assertThat(packed.max()).as("seed %d", seed).isEqualTo(apart.max());
        }
    }

    @Test
    void aTallyThatIsUsedAgainKnowsNothingOfTheRecorderBefore() {
        LatencyRecorder many = new LatencyRecorder();
        record(many, new SplittableRandom(1), 1_000, 8);
        LatencyRecorder one = new LatencyRecorder();
        one.record(77_777);
        try (Tally tally = Tally.of(Scale.NANOS)) {
            many.addTo(tally);
            tally.clear();
            assertThat(tally.count()).isZero();
            assertThat(tally.compact().bytes()).isZero();
            one.addTo(tally);

            assertThat(tally.count()).isEqualTo(1);
            assertThat(tally.quantile(0.5)).isEqualTo(77_777);
            assertThat(tally.max()).isEqualTo(77_777);
        }
    }

    @Test
    void whatWasNeverRecordedCannotBeTakenAway() {
        LatencyRecorder other = new LatencyRecorder();
        record(other, new SplittableRandom(2), 1_000, 8);
        CompactCopy others;
        try (Tally tally = Tally.of(Scale.NANOS)) {
            other.addTo(tally);
            others = tally.compact();
        }
        for (int records : new int[] {0, 1, 100}) {
            LatencyRecorder recorder = new LatencyRecorder();
            record(recorder, new SplittableRandom(3), records, 0.5);
            try (Tally tally = Tally.of(Scale.NANOS)) {
                recorder.addTo(tally);

                assertThatThrownBy(() -> tally.subtract(others))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("subtract only an earlier copy");
            }
        }
    }
}
