// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThresholdUnitTest {

    @ParameterizedTest
    @CsvSource({
        "ms, 0.001, false",
        "s, 1, false",
        "errors/min, 0.016666666666666666, true",
        "requests / h, 0.0002777777777777778, true",
        "/s, 1, true",
        "'', 1, false",
        "%, 1, false",
        "MiB, 1048576, false",
        "GB, 1e9, false",
    })
    void unitsBecomeSecondsRatesPerSecondAndBytes(String text, double factor, boolean rate) {
        ThresholdUnit unit = ThresholdUnit.parse(text).orElseThrow();

        assertThat(unit.factor()).isCloseTo(factor, within(1e-12));
        assertThat(unit.rate()).isEqualTo(rate);
    }

    @Test
    void anUnknownUnitIsNone() {
        assertThat(ThresholdUnit.parse("parsecs")).isEmpty();
        assertThat(ThresholdUnit.parse("errors/fortnight")).isEmpty();
    }
}
