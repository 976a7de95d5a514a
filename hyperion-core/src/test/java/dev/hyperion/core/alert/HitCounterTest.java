// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.core.alert;

import static dev.hyperion.core.alert.HitCounter.Change.FIRED;
import static dev.hyperion.core.alert.HitCounter.Change.NONE;
import static dev.hyperion.core.alert.HitCounter.Change.RESOLVED;
import static dev.hyperion.core.alert.HitCounter.Finding.CLEAR;
import static dev.hyperion.core.alert.HitCounter.Finding.HIT;
import static dev.hyperion.core.alert.HitCounter.Finding.MISSING;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HitCounterTest {
    private long now;

    private HitCounter.Change tick(HitCounter counter, HitCounter.Finding finding) {
        now += 10_000_000_000L;
        return counter.evaluate(finding, now);
    }

    @Test
    void itFiresOnceAfterTheRequiredConsecutiveHits() {
        HitCounter counter = new HitCounter(3, Duration.ZERO, Duration.ZERO);

        assertThat(tick(counter, HIT)).isEqualTo(NONE);
        assertThat(tick(counter, HIT)).isEqualTo(NONE);
        assertThat(counter.hits()).isEqualTo(2);
        assertThat(tick(counter, HIT)).isEqualTo(FIRED);
        assertThat(tick(counter, HIT)).isEqualTo(NONE);
        assertThat(counter.firing()).isTrue();
    }

    @Test
    void oneClearEvaluationStartsOver() {
        HitCounter counter = new HitCounter(3, Duration.ZERO, Duration.ZERO);
        tick(counter, HIT);
        tick(counter, HIT);

        assertThat(tick(counter, CLEAR)).isEqualTo(NONE);

        assertThat(counter.hits()).isZero();
        tick(counter, HIT);
        assertThat(tick(counter, HIT)).isEqualTo(NONE);
    }

    @Test
    void missingDataNeitherCountsNorResets() {
        HitCounter counter = new HitCounter(3, Duration.ZERO, Duration.ZERO);
        tick(counter, HIT);
        tick(counter, HIT);

        assertThat(tick(counter, MISSING)).isEqualTo(NONE);
        assertThat(counter.hits()).isEqualTo(2);
        assertThat(tick(counter, HIT)).isEqualTo(FIRED);
        assertThat(tick(counter, MISSING)).isEqualTo(NONE);
        assertThat(counter.firing()).isTrue();
    }

    @Test
    void aFiringAlertResolvesAtTheFirstClearEvaluation() {
        HitCounter counter = new HitCounter(1, Duration.ZERO, Duration.ZERO);
        tick(counter, HIT);

        assertThat(tick(counter, CLEAR)).isEqualTo(RESOLVED);
        assertThat(tick(counter, CLEAR)).isEqualTo(NONE);
    }

    @Test
    void hitsMustHaveLastedForTheRequiredTimeToo() {
        HitCounter counter = new HitCounter(2, Duration.ofSeconds(30), Duration.ZERO);

        assertThat(tick(counter, HIT)).isEqualTo(NONE);
        assertThat(tick(counter, HIT)).isEqualTo(NONE);
        assertThat(tick(counter, HIT)).isEqualTo(NONE);
        assertThat(tick(counter, HIT)).isEqualTo(FIRED); // 30 s after the first
    }

    @Test
    void aResetForgetsPendingHitsButNotAFiringAlert() {
        HitCounter pending = new HitCounter(3, Duration.ZERO, Duration.ZERO);
        HitCounter firing = new HitCounter(1, Duration.ZERO, Duration.ZERO);
        tick(pending, HIT);
        tick(firing, HIT);

        pending.resetHits();
        firing.resetHits();

        assertThat(pending.hits()).isZero();
        assertThat(firing.firing()).isTrue();
    }

    @Test
    void backoffDoublesUpToFiveMinutesAndHonoursALongerWish() {
        assertThat(Backoff.after(1, Duration.ZERO)).isEqualTo(Duration.ofSeconds(1));
        assertThat(Backoff.after(4, Duration.ZERO)).isEqualTo(Duration.ofSeconds(8));
        assertThat(Backoff.after(50, Duration.ZERO)).isEqualTo(Duration.ofMinutes(5));
        assertThat(Backoff.after(1, Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(30));
        assertThat(Backoff.after(9, Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(256));
    }
}
