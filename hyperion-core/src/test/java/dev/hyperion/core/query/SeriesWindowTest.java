// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SeriesWindowTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

    private static SeriesWindow.Mark at(int second, double count) {
        return new SeriesWindow.Mark(second * 1_000_000_000L, START.plusSeconds(second), new Totals.Count(count));
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void aWindowIsTheDifferenceToTheNewestMarkThatIsOldEnough() {
        SeriesWindow window = new SeriesWindow(at(0, 0));
        for (int second = 10; second <= 100; second += 10) {
            window.mark(at(second, second * 2), seconds(60));
        }

        SeriesWindow.Slice slice = window.slice(at(105, 213), seconds(30), 0).orElseThrow();

        assertThat(slice.added().count()).isEqualTo(213 - 140); // since the mark of second 70
        assertThat(slice.length()).isEqualTo(seconds(35));
        assertThat(slice.from()).isEqualTo(START.plusSeconds(70));
        assertThat(slice.to()).isEqualTo(START.plusSeconds(105));
    }

    @Test
    void aSeriesThatBeganWithinTheWindowCountedNothingBefore() {
        SeriesWindow window = new SeriesWindow(at(95, 0));

        SeriesWindow.Slice slice = window.slice(at(100, 3), seconds(60), 0).orElseThrow();

        assertThat(slice.added().count()).isEqualTo(3);
        assertThat(slice.length()).isEqualTo(seconds(60));
    }

    @Test
    void aWindowNeverReachesBackBeyondTheMomentWatchingBegan() {
        SeriesWindow window = new SeriesWindow(at(95, 0));

        assertThat(window.slice(at(100, 3), seconds(60), 90_000_000_000L)
                        .orElseThrow()
                        .length())
                .isEqualTo(seconds(10));
    }

    @Test
    void marksThatNoWindowNeedsAreForgottenAndTheSliceSaysHowLongItIs() {
        SeriesWindow window = new SeriesWindow(at(0, 0));
        for (int second = 10; second <= 1_000; second += 10) {
            window.mark(at(second, second), seconds(60));
        }

        SeriesWindow.Slice slice =
                window.slice(at(1_000, 1_000), seconds(600), 0).orElseThrow();

        assertThat(slice.length()).isEqualTo(seconds(60));
        assertThat(slice.added().count()).isEqualTo(60);
        assertThat(window.sinceBaseline(at(1_000, 1_000)).added().count()).isEqualTo(1_000);
    }

    @Test
    void aRestartIsANewBaseline() {
        SeriesWindow window = new SeriesWindow(at(0, 0));
        window.mark(at(10, 50), seconds(60));
        window.restart(at(20, 70));

        assertThat(window.slice(at(25, 74), seconds(60), 20_000_000_000L)
                        .orElseThrow()
                        .added()
                        .count())
                .isEqualTo(4);
        assertThat(window.sinceBaseline(at(25, 74)).added().count()).isEqualTo(4);
    }

    @Test
    void aReaderThatLookedBeforeARestartFindsNothingRatherThanANegativeCount() {
        SeriesWindow window = new SeriesWindow(at(0, 0));
        window.restart(at(20, 70));

        assertThat(window.slice(at(19, 69), seconds(60), 0)).isEmpty();
        assertThat(window.sinceBaseline(at(19, 69)).added().count()).isZero();
    }
}
