// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.HyperionException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronExpressionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // 2026-11-25 is a Wednesday
                "0 8 * * mon-fri    | 2026-11-25T12:00 | 2026-11-25T08:00",
                "0 8 * * mon-fri    | 2026-11-25T08:00 | 2026-11-25T08:00",
                "0 8 * * mon-fri    | 2026-11-25T07:59 | 2026-11-24T08:00",
                "0 8 * * 1-5        | 2026-11-29T12:00 | 2026-11-27T08:00",
                "*/15 * * * *       | 2026-11-25T12:29 | 2026-11-25T12:15",
                "5,50 9-17/4 * * *  | 2026-11-25T13:04 | 2026-11-25T09:50",
                "30 23 * * 7        | 2026-11-25T00:00 | 2026-11-22T23:30",
                "0 0 1 * *          | 2026-11-25T00:00 | 2026-11-01T00:00",
                "0 0 1 jan *        | 2026-11-25T00:00 | 2026-01-01T00:00",
                "0 0 13 * fri       | 2026-11-25T00:00 | 2026-11-20T00:00",
                "0 0 31 * *         | 2026-11-25T00:00 | 2026-10-31T00:00",
            })
    void findsTheLastTimeThatMatches(String cron, String now, String expected) {
        assertThat(CronExpression.parse(cron).lastAt(ZonedDateTime.of(LocalDateTime.parse(now), ZoneOffset.UTC), 400))
                .contains(ZonedDateTime.of(LocalDateTime.parse(expected), ZoneOffset.UTC));
    }

    @Test
    void looksNoFurtherBackThanItIsTold() {
        assertThat(CronExpression.parse("0 8 1 * *").lastAt(ZonedDateTime.parse("2026-11-25T12:00:00Z"), 7))
                .isEmpty();
    }

    @Test
    void aTimeThatTheClockSkipsBeginsThatMuchLaterAndOneThatComesTwiceBeginsOnce() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        CronExpression halfPastTwo = CronExpression.parse("30 2 * * *");

        assertThat(halfPastTwo.lastAt(
                        ZonedDateTime.parse("2026-03-29T12:00:00+02:00").withZoneSameInstant(berlin), 2))
                .hasValueSatisfying(at -> assertThat(at.toInstant()).isEqualTo("2026-03-29T01:30:00Z"));
        assertThat(halfPastTwo.lastAt(
                        ZonedDateTime.parse("2026-10-25T12:00:00+01:00").withZoneSameInstant(berlin), 2))
                .hasValueSatisfying(at -> assertThat(at.toInstant()).isEqualTo("2026-10-25T00:30:00Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 8 * *       | has 4 fields",
                "60 8 * * *    | minute '60'; expected 0 to 59",
                "0 8 * * fri-mon | day of week 'fri-mon'",
                "0 8 * foo *   | month 'foo', which is no number and none of",
                "0 8 0 * *     | day of month '0'",
                "*/0 * * * *   | minute '*/0'"
            })
    void whatCannotBeReadIsNamed(String cron, String message) {
        assertThatThrownBy(() -> CronExpression.parse(cron))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("cron '" + cron + "'")
                .hasMessageContaining(message);
    }
}
