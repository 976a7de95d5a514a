// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.autoscale.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hyperion.HyperionException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Schedule schedule(String name, String cron, int hours, int min, int max) {
        return new Schedule(name, CronExpression.parse(cron), BERLIN, Duration.ofHours(hours), bound(min), bound(max));
    }

    private static OptionalInt bound(int replicas) {
        return replicas < 0 ? OptionalInt.empty() : OptionalInt.of(replicas);
    }

    private static Schedule.Bounds at(String time, Schedule... schedules) {
        return Schedule.Bounds.at(4, 16, List.of(schedules), Instant.parse(time));
    }

    @Test
    void itCountsFromItsBeginUntilJustBeforeItsEnd() {
        Schedule office = schedule("office", "0 8 * * mon-fri", 10, 8, -1);
        assertThat(office.activeAt(Instant.parse("2026-11-25T06:59:59Z"))).isFalse();
        assertThat(office.activeAt(Instant.parse("2026-11-25T07:00:00Z"))).isTrue();
        assertThat(office.activeAt(Instant.parse("2026-11-25T16:59:59Z"))).isTrue();
        assertThat(office.activeAt(Instant.parse("2026-11-25T17:00:00Z"))).isFalse();
        assertThat(office.activeAt(Instant.parse("2026-11-28T10:00:00Z"))).isFalse(); // a Saturday
    }

    @Test
    void oneThatBeganYesterdayStillCounts() {
        Schedule weekend = schedule("weekend", "0 18 * * fri", 60, -1, 2);
        assertThat(weekend.activeAt(Instant.parse("2026-11-30T04:59:00Z"))).isTrue();
        assertThat(weekend.activeAt(Instant.parse("2026-11-30T05:00:00Z"))).isFalse();
    }

    @Test
    void localTimeFollowsTheClockChangeAndADurationIsRealTime() {
        Schedule night = schedule("night", "0 1 * * *", 3, -1, 2);
        // 2026-03-29: from 2 to 3 in the morning; three hours after one o'clock it is five
        assertThat(night.activeAt(Instant.parse("2026-03-29T02:59:00Z"))).isTrue();
        assertThat(night.activeAt(Instant.parse("2026-03-29T03:00:00Z"))).isFalse();
        // 2026-10-25: three o'clock comes twice; three hours after one o'clock it is three
        assertThat(night.activeAt(Instant.parse("2026-10-25T01:59:00Z"))).isTrue();
        assertThat(night.activeAt(Instant.parse("2026-10-25T02:00:00Z"))).isFalse();
    }

    @Test
    void withoutAnActiveScheduleTheBoundsAreThePolicys() {
        assertThat(at("2026-11-25T20:00:00Z", schedule("office", "0 8 * * *", 10, 8, 40)))
                .isEqualTo(new Schedule.Bounds(4, 16, java.util.Optional.empty(), java.util.Optional.empty()));
    }

    @Test
    void aScheduleMayRaiseBothBoundsAndLowerBoth() {
        assertThat(at("2026-11-25T10:00:00Z", schedule("sale", "0 8 * * *", 10, 20, -1)))
                .returns(20, Schedule.Bounds::minReplicas)
                .returns(20, Schedule.Bounds::maxReplicas);
        assertThat(at("2026-11-25T10:00:00Z", schedule("quiet", "0 8 * * *", 10, -1, 2)))
                .returns(2, Schedule.Bounds::minReplicas)
                .returns(2, Schedule.Bounds::maxReplicas);
        assertThat(at("2026-11-25T10:00:00Z", schedule("low", "0 8 * * *", 10, 1, -1)))
                .returns(1, Schedule.Bounds::minReplicas)
                .returns(16, Schedule.Bounds::maxReplicas);
    }

    @Test
    void ofSeveralTheHighestMinAndTheLowestMaxCountWhateverTheirOrder() {
        Schedule a = schedule("a", "0 8 * * *", 10, 6, 30);
        Schedule b = schedule("b", "0 9 * * *", 10, 8, 24);
        assertThat(at("2026-11-25T10:00:00Z", a, b)).isEqualTo(at("2026-11-25T10:00:00Z", b, a));
        assertThat(at("2026-11-25T10:00:00Z", a, b))
                .returns(8, Schedule.Bounds::minReplicas)
                .returns(24, Schedule.Bounds::maxReplicas);
    }

    @Test
    void ofTwoThatContradictEachOtherTheLowerBoundWins() {
        Schedule sale = schedule("sale", "0 8 * * *", 10, 12, -1);
        Schedule cap = schedule("cap", "0 8 * * *", 10, -1, 3);
        Schedule.Bounds bounds = at("2026-11-25T10:00:00Z", cap, sale);
        assertThat(bounds.minReplicas()).isEqualTo(12);
        assertThat(bounds.maxReplicas()).isEqualTo(12);
        assertThat(bounds.maxFrom()).contains("sale");
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        assertThatThrownBy(() -> schedule("s", "0 8 * *", 1, 1, 1))
                .isInstanceOf(HyperionException.class)
                .hasMessageContaining("has 4 fields");
        assertThatThrownBy(() -> schedule("s", "0 8 * * *", 0, 1, 1))
                .hasMessageContaining("schedule s has duration PT0S");
        assertThatThrownBy(() -> schedule("s", "0 8 * * *", 1, -1, -1))
                .hasMessageContaining("schedule s has bounds none");
        assertThatThrownBy(() -> schedule("s", "0 8 * * *", 1, 5, 3))
                .hasMessageContaining("schedule s has max_replicas 3; expected at least min_replicas 5");
        assertThatThrownBy(() -> schedule("s", "0 8 * * *", 1, -1, 0)).hasMessageContaining("expected 1 or more");
    }
}
