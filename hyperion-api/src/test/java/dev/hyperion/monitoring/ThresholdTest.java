// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hyperion.HyperionException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThresholdTest {
    @ParameterizedTest
    @CsvSource({
        "250 ms, 0.25, false",
        "250ms, 0.25, false",
        "1.5 s, 1.5, false",
        "5 errors/min, 0.08333333333, true",
        "10 requests/min, 0.16666666667, true",
        "3/s, 3, true",
        "75, 75, false",
        "75 %, 75, false",
        "64 MiB, 67108864, false",
        "60 MB/min, 1000000, true",
        "300 ms/s, 0.3, true",
        "0, 0, false",
    })
    void thresholdsAreReadAsPeopleWriteThem(String text, double base, boolean rate) {
        Threshold threshold = Threshold.parse(text);
        assertThat(threshold.baseValue()).isCloseTo(base, within(base * 1e-9));
        assertThat(threshold.isRate()).isEqualTo(rate);
        assertThat(Threshold.parse(threshold.toString())).isEqualTo(threshold);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fast",
                "5 parsecs",
                "5 errors/fortnight",
                "NaN",
                "1e999",
                "1e308 GiB",
                "5 %/min",
                "5 a/b/min",
                "5 7/min"
            })
    void whatIsNoThresholdIsRefusedWithExamples(String text) {
        assertThatThrownBy(() -> Threshold.parse(text))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("expected a number, alone or with a unit such as");
    }

    @ParameterizedTest
    @CsvSource({
        "250 ms, 0.3125, 312.5 ms",
        "5 errors/min, 0.1333333, 8 errors/min",
        "75, 80.123456, 80.12",
        "64 MiB, 0, 0 MiB",
        "1, Infinity, Infinity",
    })
    void readingsAreToldInTheUnitOfTheThreshold(String threshold, double reading, String told) {
        assertThat(Threshold.parse(threshold).tell(reading)).isEqualTo(told);
    }

    @Test
    void aRateMeansTheRateOfAMetricThatNamesNoStatistic() {
        AlertRule rule =
                AlertRule.when("e", "error", Comparison.GT, "5 errors/min").build();
        assertThat(rule.query(Duration.ofSeconds(60)).stat()).contains(Statistic.RATE);
    }

    @Test
    void aLimitIsTakenInTheUnitThatTheMetricHas() {
        assertThat(Threshold.parse("250 ms").in("milliseconds")).isCloseTo(250, within(1e-9));
        assertThat(Threshold.dimensionOf("threads")).isEmpty();
    }
}
