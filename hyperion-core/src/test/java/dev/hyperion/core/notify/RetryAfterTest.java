// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("1994-11-06T08:49:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            120                                 | 120
            0                                   | 0
            ' 7 '                               | 7
            3600                                | 3600
            3601                                | 3600
            99999999999999999999                | 3600
            Sun, 06 Nov 1994 08:49:37 GMT       | 37
            Sunday, 06-Nov-94 08:49:37 GMT      | 0
            Tuesday, 06-Nov-01 08:49:37 GMT     | 3600
            Sun Nov  6 08:49:37 1994            | 37
            Sun, 06 Nov 1994 08:48:00 GMT       | 0
            Sun, 06 Nov 2994 08:48:00 GMT       | 0
            Mon, 07 Nov 1994 08:49:37 GMT       | 3600
            -5                                  | 0
            1.5                                 | 0
            ''                                  | 0
            soon                                | 0
            """)
    void bothFormsAreReadAndWhatIsNeitherIsNoTimeAtAll(String header, long seconds) {
        assertThat(RetryAfter.read(header, NOW)).isEqualTo(Duration.ofSeconds(seconds));
    }
}
