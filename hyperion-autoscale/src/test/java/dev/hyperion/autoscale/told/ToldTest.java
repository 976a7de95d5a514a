// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.told;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ToldTest {
    private static final long SEED = Long.getLong("hyperion.test.seed", new Random().nextLong());

    private final Random random = new Random(SEED);

    @Test
    void timesAreWrittenAsTheyPrintThemselves() {
        for (String edge : List.of(
                "-0001-12-31T23:59:59.999999999Z",
                "0000-01-01T00:00:00Z",
                "0000-12-31T00:00:00.000000001Z",
                "0999-02-28T09:05:00.100Z",
                "1969-12-31T23:59:59.999Z",
                "1970-01-01T00:00:00.000001Z",
                "2024-02-29T12:00:00.010Z",
                "9999-12-31T23:59:59.999999999Z",
                "+10000-01-01T00:00:00Z")) {
            assertThat(written(Instant.parse(edge))).isEqualTo(edge);
        }
        for (Instant edge : List.of(Instant.MIN, Instant.EPOCH, Instant.MAX)) {
            assertThat(written(edge)).isEqualTo(edge.toString());
        }
        for (int i = 0; i < 20_000; i++) {
            int unit = List.of(1, 1_000, 1_000_000, 1_000_000_000).get(random.nextInt(4));
            Instant any = Instant.ofEpochSecond(
                    random.nextLong(-70_000_000_000L, 260_000_000_000L), random.nextInt(1_000_000_000) / unit * unit);
            assertThat(written(any)).as("seed %d", SEED).isEqualTo(any.toString());
        }
    }

    private static String written(Instant at) {
        return Told.append(new StringBuilder("at "), at).substring("at ".length());
    }

    @Test
    void numbersHaveFourDigits() {
        assertThat(Told.number(75)).isEqualTo("75");
        assertThat(Told.number(-0.0)).isEqualTo("0");
        assertThat(Told.number(12.345678)).isEqualTo("12.35");
        assertThat(Told.number(9_999.6)).isEqualTo("10000");
        assertThat(Told.number(1e300)).startsWith("1000000").hasSize(301);
        assertThat(Told.number(Double.NaN)).isEqualTo("NaN");
        for (int i = 0; i < 20_000; i++) {
            double any = i % 2 == 0
                    ? random.nextInt(-20_000, 20_000)
                    : random.nextGaussian() * Math.pow(10, random.nextInt(-8, 8));
            assertThat(Told.number(any))
                    .as("seed %d", SEED)
                    .isEqualTo(new BigDecimal(any)
                            .round(new MathContext(4))
                            .stripTrailingZeros()
                            .toPlainString());
        }
    }

    @Test
    void whatIsLeftIsRoundedUpToSeconds() {
        assertThat(Told.seconds(Duration.ZERO)).isEqualTo("1 s");
        assertThat(Told.seconds(Duration.ofMillis(41_001))).isEqualTo("42 s");
        assertThat(Told.seconds(Duration.ofSeconds(42))).isEqualTo("42 s");
    }
}
