// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.expose;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AsciiBufferTest {
    private final AsciiBuffer buffer = new AsciiBuffer(4);

    private String taken() {
        String text = new String(buffer.copyFrom(0), StandardCharsets.US_ASCII);
        buffer.clear();
        return text;
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "1, 1",
        "-1, -1",
        "10, 10",
        "0.5, 0.5",
        "-0.05, -0.05",
        "1.001, 1.001",
        "0.000001, 0.000001",
        "0.000000001, 0.000000001",
        "1234567.25, 1234567.25",
        "9007199254740991, 9007199254740991",
        "9007199254740992, 9.007199254740992E15",
        "1e300, 1.0E300",
        "1e-300, 1.0E-300",
        "0.1, 0.1",
        "Infinity, +Inf",
        "-Infinity, -Inf",
        "NaN, NaN"
    })
    void numbersAreAsShortAsTheyCanBe(double value, String expected) {
        buffer.number(value);

        assertThat(taken()).isEqualTo(expected);
    }

    @Test
    void everyNumberComesBackAsItWas() {
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            double value = switch (i % 4) {
                case 0 -> Double.longBitsToDouble(random.nextLong());
                case 1 -> random.nextInt() / 1e3;
                case 2 -> random.nextLong() / 1e9;
                default -> (double) random.nextInt(1_000_000) * (1L << random.nextInt(20)) / (1 << 10);
            };
            if (Double.isNaN(value) || Double.isInfinite(value)) {
                continue;
            }
            buffer.number(value);
            assertThat(Double.parseDouble(taken())).isEqualTo(value + 0.0);
        }
    }

    @Test
    void nanosecondsComeBackAsTheSecondsNearestToThem() {
        Random random = new Random(11);
        for (int i = 0; i < 200_000; i++) {
            double nanos = (random.nextLong() >>> (2 + random.nextInt(60))) / 2.0;
            buffer.seconds(nanos);
            assertThat(Double.parseDouble(taken())).isEqualTo(nanos / 1e9);
        }
    }

    @Test
    void wholeNumbersOfAnySizeAreWritten() {
        for (long value : new long[] {0, 9, 10, 99, 100, -1, -100, Long.MAX_VALUE, Long.MIN_VALUE}) {
            buffer.number(value);
            assertThat(taken()).isEqualTo(Long.toString(value));
        }
    }
}
